import { atLeast, atMost, type Measure } from '../lib/figures.ts';
import { startHost } from '../lib/host.ts';
import { type Loaded, loadAll } from '../lib/load.ts';
import { median } from '../lib/stats.ts';
import { benchWorld } from '../lib/world.ts';

const inFlight = 20;

/** Taking alerts in, against a bare function that puts one blob and sends one message: same host, Azurite and bus. */
export const measureIngest: Measure = async (size) => {
  const [rounds, each] = size === 'full' ? [5, 600] : [2, 150];
  // The functions that would answer the alerts rest, in both hosts: taking in is measured alone.
  const off = { 'AzureWebJobs.alerts.Disabled': 'true', 'AzureWebJobs.runs.Disabled': 'true' };
  const world = await benchWorld(1_000, off);
  try {
    const bare = await startHost(world.stack, 'bare-ingest', world.folder);
    let n = 0;
    const ours: Loaded[] = [];
    const theirs: Loaded[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const one = await loadAll(each, inFlight, async () => world.send(n++, 'bench-one'));
      const other = await loadAll(each, inFlight, async () => {
        n += 1;
        const response = await fetch(`${bare.url()}/api/alerts/generic`, {
          method: 'POST',
          body: JSON.stringify({ n, text: 'x'.repeat(400) }),
          signal: AbortSignal.timeout(30_000),
        });
        await response.arrayBuffer();
        if (response.status !== 202) throw new Error(`answered ${response.status}`);
      });
      if (round > 0) {
        ours.push(one);
        theirs.push(other);
      }
    }
    await bare.kill();
    const of = (list: readonly Loaded[], key: 'perSecond' | 'p99') => median(list.map((one) => one[key]));
    const [rate, slow] = [of(ours, 'perSecond'), of(ours, 'p99')];
    const [bareRate, bareSlow] = [of(theirs, 'perSecond'), of(theirs, 'p99')];
    return {
      figures: [
        {
          what: `alerts taken in, ${inFlight} in flight`,
          unit: '/s',
          ours: rate,
          baseline: { what: 'one blob, one message', value: bareRate },
          wanted: atLeast(0.8, rate, bareRate),
        },
        {
          what: 'the slowest of a hundred',
          unit: 'ms',
          ours: slow,
          baseline: { what: 'one blob, one message', value: bareSlow },
          wanted: atMost(1.5, slow, bareSlow),
        },
      ],
      raw: { inFlight, ours, theirs },
    };
  } finally {
    await world.stop();
  }
};
