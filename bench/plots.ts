import type { Result } from './lib/results.ts';
import { barPlot, linePlot, type Series } from './lib/svg.ts';

interface Plot {
  readonly name: string;
  readonly svg: string;
}

type Row = Readonly<Record<string, number | string | null>>;

/** Rows of a result's raw numbers, by their name there; none where it was not measured. */
function rowsOf(all: readonly Result[], result: string, rows = 'rows'): readonly Row[] {
  const found = all.find(({ name }) => name === result)?.raw[rows];
  return Array.isArray(found) ? found : [];
}

function seriesOf(name: string, rows: readonly Row[], x: string, y: string): Series {
  const points = rows.map((row): [number, number] => [Number(row[x]), Number(row[y])]);
  return { name, points: points.filter(([one, other]) => one > 0 && other > 0) };
}

type Drawer = (all: readonly Result[]) => string | null;

const tens = { logarithmic: true };

const matching: Drawer = (all) => {
  const rows = rowsOf(all, 'match');
  const axes = { ...tens, x: 'playbooks (10 for its rule)', y: 'µs' };
  const series = [
    seriesOf('Quell', rows, 'playbooks', 'ours'),
    seriesOf('json-rules-engine', rows, 'playbooks', 'theirs'),
  ];
  return rows.length > 1 ? linePlot('One alert against more and more playbooks', axes, series) : null;
};

const growth: Drawer = (all) => {
  const [index, ledger] = [rowsOf(all, 'growth', 'index'), rowsOf(all, 'growth', 'ledger')];
  const axes = { ...tens, x: 'runs, or entries, there already', y: 'ms' };
  const series = [
    seriesOf('index', index, 'there', 'ms'),
    seriesOf('the same calls, bare', index, 'there', 'bare'),
    seriesOf('ledger', ledger, 'there', 'ms'),
    seriesOf('the same calls, bare', ledger, 'there', 'bare'),
  ];
  return index.length > 1 ? linePlot('What an alert asks of the tables', axes, series) : null;
};

const identities: Drawer = (all) => {
  const rows = rowsOf(all, 'identities');
  const axes = { ...tens, x: 'people named in an alert', y: 'ms of processor time for each' };
  const series = [
    seriesOf('functions', rows, 'identities', 'cpu'),
    seriesOf('whole stack', rows, 'identities', 'stack'),
  ];
  return rows.length > 1 ? linePlot('Alerts that name more and more people', axes, series) : null;
};

const memory: Drawer = (all) => {
  const rows = rowsOf(all, 'memory');
  const axes = { logarithmic: false, x: 'alerts', y: 'MB (RSS)' };
  const series = [
    seriesOf('Quell', rows, 'alerts', 'rss'),
    seriesOf('one blob, one message', rowsOf(all, 'memory', 'bare'), 'alerts', 'rss'),
  ];
  return rows.length > 1 ? linePlot('Memory of the functions', axes, series) : null;
};

const peers: Drawer = (all) => {
  const rows = rowsOf(all, 'peers');
  const bars = rows.map((row): [string, number] => [String(row.name), Number(row.cpu)]);
  return rows.length > 1 ? barPlot('Processor time per alert, one step', 'ms', bars) : null;
};

/** The plots that can be drawn of what has been measured. */
export function plotsOf(all: readonly Result[]): readonly Plot[] {
  return Object.entries({ match: matching, growth, identities, memory, peers }).flatMap(([name, draw]) => {
    const drawn = draw(all);
    return drawn === null ? [] : [{ name, svg: drawn }];
  });
}
