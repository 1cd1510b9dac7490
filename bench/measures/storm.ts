import { bareCalls } from '../lib/bare-calls.ts';
import { atLeast, type Figure, type Measure } from '../lib/figures.ts';
import { loadAll } from '../lib/load.ts';
import { perAlert, sumOf } from '../lib/look.ts';
import { rssMb } from '../lib/processes.ts';
import { type BenchWorld, benchWorld, coresOf } from '../lib/world.ts';

const inFlight = 20;
const warm = 40;

/** Sends them all and waits for the last run to end. */
async function stormOf(world: BenchWorld, alerts: number) {
  const [cpu, look] = [world.cpu(), await world.look()];
  const begun = Date.now();
  const sent = await loadAll(alerts, inFlight, (n) => world.send(n + warm, 'bench-three'));
  await world.runs.settled(alerts + warm, 240_000);
  const [cpuAfter, after] = [world.cpu(), await world.look()];
  const went = await world.runs.went(alerts);
  return {
    sent,
    went,
    perSecond: alerts / ((went.lastEnd - begun) / 1000),
    cpu: Object.fromEntries(
      Object.entries(cpuAfter).map(([name, ms]) => [name, (ms - cpu[name as keyof typeof cpu]) / alerts]),
    ),
    cores: coresOf(cpu, cpuAfter, went.lastEnd - begun),
    rss: rssMb(world.host.pid()),
    counts: perAlert(look, after, alerts),
  };
}

/** Many alerts at once, three steps each, until the last run has ended; beside the same calls, bare. */
export const measureStorm: Measure = async (size) => {
  const [alerts, bareAlerts] = size === 'full' ? [2_000, 600] : [150, 60];
  // Everybody once: who is marked already is not marked again.
  const world = await benchWorld(alerts + warm);
  try {
    await loadAll(warm, 5, (n) => world.send(n, 'bench-three'));
    await world.runs.settled(warm, 60_000);
    const storm = await stormOf(world, alerts);
    // The functions would take the bare messages from the queue.
    await world.host.kill();
    const bare = await bareCalls(world, storm.counts, bareAlerts, inFlight);
    return { figures: figuresOf(alerts, storm, bare), raw: { alerts, inFlight, ...storm, bare } };
  } finally {
    await world.stop();
  }
};

function figuresOf(
  alerts: number,
  { perSecond, went, cpu, counts }: Awaited<ReturnType<typeof stormOf>>,
  bare: Awaited<ReturnType<typeof bareCalls>>,
): readonly Figure[] {
  const [stored, queued] = [sumOf(counts, 'table', 'blob'), sumOf(counts, 'bus')];
  const done = alerts - Object.values(went.otherwise).reduce((sum, one) => sum + one, 0);
  const age = (what: string, key: 'p50' | 'p99'): Figure => ({
    what: `age of an alert at its end, ${what}`,
    unit: 's',
    ours: went[key] / 1000,
    baseline: { what: 'its own calls, bare, in flight', value: bare[key] / 1000 },
    wanted: null,
  });
  return [
    {
      what: `storm of ${alerts.toLocaleString('en')} alerts, three steps`,
      unit: 'alerts/s',
      ours: perSecond,
      baseline: { what: 'its own calls, bare', value: bare.perSecond },
      wanted: atLeast(0.7, perSecond, bare.perSecond),
    },
    {
      what: 'of them done',
      unit: '',
      ours: done,
      baseline: { what: 'sent', value: alerts },
      wanted: { text: 'all', met: done === alerts },
    },
    age('median', 'p50'),
    age('p99', 'p99'),
    {
      what: 'processor time per alert: functions',
      unit: 'ms',
      ours: cpu.functions ?? Number.NaN,
      baseline: { what: 'whole stack', value: cpu.stack ?? Number.NaN },
      wanted: null,
    },
    {
      what: 'storage and queue operations per alert',
      unit: '',
      ours: stored + queued,
      baseline: { what: 'of them storage', value: stored },
      wanted: { text: '≤ 14', met: stored + queued <= 14 },
    },
  ];
}
