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

function bars(rows: readonly Row[], key: string): readonly (readonly [string, number])[] {
  return rows.filter((row) => row[key] !== null).map((row) => [String(row.name), Number(row[key])]);
}

/** The plots that can be drawn of what has been measured. */
export function plotsOf(all: readonly Result[]): readonly Plot[] {
  const [match, index, ledger] = [
    rowsOf(all, 'match'),
    rowsOf(all, 'growth', 'index'),
    rowsOf(all, 'growth', 'ledger'),
  ];
  const [identities, memory, peers] = [rowsOf(all, 'identities'), rowsOf(all, 'memory'), rowsOf(all, 'peers')];
  const bareMemory = rowsOf(all, 'memory', 'bare');
  const drawn: readonly (readonly [string, readonly Row[], () => string])[] = [
    [
      'match',
      match,
      () =>
        linePlot(
          'One alert against more and more playbooks',
          { x: 'playbooks (10 for its rule)', y: 'µs', logarithmic: true },
          [seriesOf('Quell', match, 'playbooks', 'ours'), seriesOf('json-rules-engine', match, 'playbooks', 'theirs')],
        ),
    ],
    [
      'growth',
      index,
      () =>
        linePlot(
          'What an alert asks of the tables',
          { x: 'runs, or entries, there already', y: 'ms', logarithmic: true },
          [
            seriesOf('index', index, 'there', 'ms'),
            seriesOf('ledger', ledger, 'there', 'ms'),
            seriesOf('the calls of the index, bare', index, 'there', 'bare'),
          ],
        ),
    ],
    [
      'identities',
      identities,
      () =>
        linePlot(
          'One alert that names more and more people',
          { x: 'identities in the alert', y: 'ms of processor time for each', logarithmic: true },
          [seriesOf('functions', identities, 'identities', 'cpu')],
        ),
    ],
    [
      'memory',
      memory,
      () =>
        linePlot('Memory of the functions', { x: 'alerts', y: 'MB (RSS)', logarithmic: false }, [
          seriesOf('Quell', memory, 'alerts', 'rss'),
          seriesOf('one blob, one message', bareMemory, 'alerts', 'rss'),
        ]),
    ],
    ['peers', peers, () => barPlot('Processor time per alert, one step', 'ms', bars(peers, 'cpu'))],
  ];
  return drawn.filter(([, rows]) => rows.length > 1).map(([name, , draw]) => ({ name, svg: draw() }));
}
