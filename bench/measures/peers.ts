import type { Figure, Measure } from '../lib/figures.ts';
import { type Loaded, loadAll } from '../lib/load.ts';
import type { Other } from '../lib/peer-process.ts';
import { rssMb } from '../lib/processes.ts';
import { openSink } from '../lib/sink.ts';
import { median } from '../lib/stats.ts';
import { type Tried, tryPeers } from '../lib/try-peers.ts';
import { type BenchWorld, benchWorld, coresOf } from '../lib/world.ts';

const inFlight = 20;
const warm = 100;

interface Row {
  readonly name: string;
  readonly perSecond: number;
  readonly cpu: number;
  readonly rss: number;
  readonly p50: number;
  readonly p99: number;
}

/** One step (condition, one call) with twenty in flight: ours from the alert to the end of its run, theirs to the answer. */
export const measurePeers: Measure = async (size) => {
  const [rounds, each] = size === 'full' ? [3, 600] : [1, 100];
  const sink = await openSink();
  const tried = await tryPeers(sink.url, (other) => rowOf(other, rounds, each));
  sink.close();
  const ours = await oursOf(rounds, each);
  const rows = [ours, ...tried.flatMap(({ row }) => (row ? [row] : []))];
  return { figures: tried.flatMap((one) => figuresOf(ours, one)), raw: { inFlight, each, rounds, rows } };
};

async function rowOf(other: Other, rounds: number, each: number): Promise<Row> {
  await loadAll(warm, inFlight, (n) => other.send(`warm-${n}`));
  const [loads, cpus]: [Loaded[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    const before = other.cpuMs();
    loads.push(await loadAll(each, inFlight, (n) => other.send(`${round}-${n}`)));
    cpus.push((other.cpuMs() - before) / each);
  }
  const of = (key: 'perSecond' | 'p50' | 'p99') => median(loads.map((one) => one[key]));
  const { name } = other;
  return { name, perSecond: of('perSecond'), cpu: median(cpus), rss: other.rssMb(), p50: of('p50'), p99: of('p99') };
}

async function oursOf(rounds: number, each: number) {
  const world = await benchWorld(each);
  try {
    await loadAll(warm, inFlight, (n) => world.send(n, 'bench-one', `warm-${n}`));
    await world.runs.settled(warm, 120_000);
    const made: Awaited<ReturnType<typeof roundOf>>[] = [];
    for (let round = 0; round < rounds; round += 1)
      made.push(await roundOf(world, each, { name: `${round}`, there: warm + round * each }));
    const of = (key: 'perSecond' | 'cpu' | 'p50' | 'p99') => median(made.map((one) => one[key]));
    return {
      name: 'Quell (durable, proved, guarded)',
      perSecond: of('perSecond'),
      cpu: of('cpu'),
      rss: rssMb(world.host.pid()),
      p50: of('p50'),
      p99: of('p99'),
      rounds: made,
    };
  } finally {
    await world.stop();
  }
}

/** One round. The rate is up to the end of the last run as its journal says, so that how often we look has no part in it. */
async function roundOf(world: BenchWorld, each: number, round: { readonly name: string; readonly there: number }) {
  const [before, begun] = [world.cpu(), Date.now()];
  const sent = await loadAll(each, inFlight, (n) => world.send(n, 'bench-one', `${round.name}-${n}`));
  await world.runs.settled(round.there + each, 120_000);
  const after = world.cpu();
  const { p50, p99, lastEnd, otherwise } = await world.runs.went(each);
  const seconds = (lastEnd - begun) / 1000;
  const used = (key: keyof typeof after) => (after[key] - before[key]) / each;
  return {
    perSecond: each / seconds,
    cpu: used('functions'),
    cores: coresOf(before, after, lastEnd - begun),
    stack: { storage: used('storage'), bus: used('bus'), tenant: used('tenant') },
    p50,
    p99,
    taken: { perSecond: sent.perSecond, p50: sent.p50, failed: sent.failed },
    otherwise,
  };
}

/** What is wanted beside each of them; Node-RED keeps nothing, and is shown as the ceiling. */
const wanted: readonly (readonly [string, number, boolean])[] = [
  ['Restate', 1, true],
  ['n8n', 5, false],
];

function figuresOf(ours: Row, { name, row, reason }: Tried<Row>): readonly Figure[] {
  const figure = (what: string, unit: string, key: 'perSecond' | 'cpu' | 'rss', aim: Figure['wanted']): Figure => ({
    what,
    unit,
    ours: ours[key],
    baseline: { what: reason ?? name, value: row?.[key] ?? null },
    wanted: aim,
  });
  const [, times, cpuToo] = wanted.find(([peer]) => name.startsWith(peer)) ?? [name, null, false];
  const rate = { text: `≥ ${times}×`, met: row && times ? ours.perSecond >= times * row.perSecond : null };
  const cpu = { text: '≤ 1×', met: row ? ours.cpu <= row.cpu : null };
  return [
    figure('one step, twenty in flight', 'alerts/s', 'perSecond', times === null ? null : rate),
    figure('processor time per alert, one step', 'ms', 'cpu', cpuToo ? cpu : null),
    figure('memory', 'MB', 'rss', null),
  ];
}
