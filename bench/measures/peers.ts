import type { Figure, Measure } from '../lib/figures.ts';
import { type Loaded, load } from '../lib/load.ts';
import { nodeRed, type Other, restate } from '../lib/others.ts';
import { installPeers } from '../lib/peers.ts';
import { cpuMs, rssMb } from '../lib/processes.ts';
import { openSink } from '../lib/sink.ts';
import { median } from '../lib/stats.ts';
import { benchWorld } from '../lib/world.ts';

const inFlight = 20;

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
  await installPeers();
  const [rounds, each] = size === 'full' ? [3, 1_000] : [1, 100];
  const sink = await openSink();
  const rows: Row[] = [];
  for (const begin of [nodeRed, restate]) {
    const other = await begin(sink.url);
    try {
      rows.push(await rowOf(other, rounds, each));
    } finally {
      await other.stop();
    }
  }
  sink.close();
  const ours = await oursOf(rounds, each);
  const durable = rows.find(({ name }) => name.startsWith('Restate'));
  if (!durable) throw new Error('Restate was not measured');
  const figures: Figure[] = [
    {
      what: 'one step, twenty in flight',
      unit: 'alerts/s',
      ours: ours.perSecond,
      baseline: { what: durable.name, value: durable.perSecond },
      wanted: { text: '≥ Restate', met: ours.perSecond >= durable.perSecond },
    },
    {
      what: 'processor time per alert, one step: functions',
      unit: 'ms',
      ours: ours.cpu,
      baseline: { what: 'Restate: server and service', value: durable.cpu },
      wanted: { text: '≤ Restate', met: ours.cpu <= durable.cpu },
    },
    ...rows
      .filter((row) => row !== durable)
      .map(
        (row): Figure => ({
          what: 'one step, twenty in flight',
          unit: 'alerts/s',
          ours: ours.perSecond,
          baseline: { what: row.name, value: row.perSecond },
          wanted: null,
        }),
      ),
  ];
  return { figures, raw: { inFlight, each, rounds, rows: [ours, ...rows] } };
};

async function rowOf(other: Other, rounds: number, each: number): Promise<Row> {
  await load(100, inFlight, (n) => other.send(`warm-${n}`));
  const [loads, cpus]: [Loaded[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    const before = other.cpuMs();
    loads.push(await load(each, inFlight, (n) => other.send(`${round}-${n}`)));
    cpus.push((other.cpuMs() - before) / each);
  }
  const of = (key: 'perSecond' | 'p50' | 'p99') => median(loads.map((one) => one[key]));
  return {
    name: other.name,
    perSecond: of('perSecond'),
    cpu: median(cpus),
    rss: other.rssMb(),
    p50: of('p50'),
    p99: of('p99'),
  };
}

async function oursOf(rounds: number, each: number): Promise<Row & { readonly stack: number }> {
  const world = await benchWorld(each);
  try {
    await load(100, inFlight, (n) => world.send(n, 'bench-one', `warm-${n}`));
    await world.settled(100, 120_000);
    const { host, all } = world.pids();
    const allCpu = () => all.map(cpuMs).reduce((sum, one) => sum + one, 0);
    const [rates, cpus, stacks]: [number[], number[], number[]] = [[], [], []];
    for (let round = 0; round < rounds; round += 1) {
      const [before, beforeAll, start] = [cpuMs(host), allCpu(), performance.now()];
      await load(each, inFlight, (n) => world.send(n, 'bench-one', `${round}-${n}`));
      await world.settled(100 + (round + 1) * each, 1_200_000);
      rates.push(each / ((performance.now() - start) / 1000));
      cpus.push((cpuMs(host) - before) / each);
      stacks.push((allCpu() - beforeAll) / each);
    }
    const { ages } = await world.ages(each);
    const sorted = [...ages].sort((one, other) => one - other);
    const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
    return {
      name: 'Quell (durable, proved, guarded)',
      perSecond: median(rates),
      cpu: median(cpus),
      stack: median(stacks),
      rss: rssMb(host),
      p50: at(0.5),
      p99: at(0.99),
    };
  } finally {
    await world.stop();
  }
}
