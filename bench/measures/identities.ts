import { type Figure, flat, type Measure } from '../lib/figures.ts';
import { loadAll } from '../lib/load.ts';
import { perAlert, sumOf } from '../lib/look.ts';
import { rssMb } from '../lib/processes.ts';
import { type BenchWorld, benchWorld } from '../lib/world.ts';

/** As many people as one subscription of the stand-in tenant has. */
const perSubscription = 250;

/** So many alerts at once, each about so many people, until the last run has ended. */
async function rowOf(world: BenchWorld, identities: number, alerts: number, before: number) {
  const all = identities * alerts;
  const [cpu, look] = [world.cpu(), await world.look()];
  const begun = Date.now();
  await loadAll(alerts, 20, (n) => {
    // One after the other within a subscription, and with many people each alert in a subscription of its own.
    const first = identities * 2 > perSubscription ? n * perSubscription : (n * identities) % perSubscription;
    return world.sendAbout(world.members.slice(first, first + identities), 'bench-one', `of-${identities}-${n}`);
  });
  await world.runs.settled(before + all, 150_000);
  const after = world.cpu();
  const { lastEnd, otherwise } = await world.runs.went(all, 'observed');
  const counts = perAlert(look, await world.look(), all);
  return {
    identities,
    alerts,
    cpu: (after.functions - cpu.functions) / all,
    stack: (after.stack - cpu.stack) / all,
    ms: (lastEnd - begun) / all,
    operations: sumOf(counts, 'table', 'blob', 'bus'),
    rss: rssMb(world.host.pid()),
    otherwise,
  };
}

/**
 * Alerts that name more and more people: what each of them costs. The playbook observes: once it acts, all but the first of
 * an alert rest for a minute, and that is what would be measured. An alert may name two hundred.
 */
export const measureIdentities: Measure = async (size) => {
  const steps =
    size === 'full'
      ? [
          [1, 200],
          [10, 20],
          [100, 4],
          [200, 5],
        ]
      : [
          [1, 30],
          [10, 3],
          [40, 1],
        ];
  const world = await benchWorld(5 * perSubscription, {
    RUNS_PER_ALERT: '1000',
    PLAYBOOK_MODES: '',
  });
  try {
    await loadAll(30, 20, (n) => world.send(n, 'bench-one', `warm-${n}`));
    await world.runs.settled(30, 60_000);
    const rows = [];
    let before = 30;
    for (const [identities = 1, alerts = 1] of steps) {
      rows.push(await rowOf(world, identities, alerts, before));
      before += identities * alerts;
    }
    const [first, last] = [rows[0], rows.at(-1)];
    if (!first || !last) throw new Error('nothing was measured');
    const figure = (what: string, unit: string, key: 'cpu' | 'ms' | 'operations' | 'rss'): Figure => ({
      what: `${what}, ${last.alerts === 1 ? 'an alert names' : `${last.alerts} alerts name`} ${last.identities} people${last.alerts === 1 ? '' : ' each'}`,
      unit,
      ours: last[key],
      baseline: { what: 'alerts name one', value: first[key] },
      wanted: flat(last[key], first[key]),
    });
    return {
      figures: [
        figure('processor time of the functions per person', 'ms', 'cpu'),
        figure('time per person', 'ms', 'ms'),
        figure('storage and queue operations per person', '', 'operations'),
        figure('memory of the functions after', 'MB', 'rss'),
      ],
      raw: { rows },
    };
  } finally {
    await world.stop();
  }
};
