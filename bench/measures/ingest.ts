import { atLeast, atMost, type Measure } from '../lib/figures.ts';
import { type BenchHost, startHost } from '../lib/host.ts';
import { type Loaded, loadAll } from '../lib/load.ts';
import { cpuMs } from '../lib/processes.ts';
import { median } from '../lib/stats.ts';
import { benchWorld } from '../lib/world.ts';

const inFlight = 20;

type Round = Loaded & { readonly cpu: number };

/** Sends so many, with the processor time of the host for each. */
async function roundOf(host: BenchHost, each: number, send: () => Promise<unknown>): Promise<Round> {
  const before = cpuMs(host.pid());
  const loaded = await loadAll(each, inFlight, send);
  return { ...loaded, cpu: (cpuMs(host.pid()) - before) / each };
}

async function sendBare(url: string, n: number): Promise<void> {
  const body = JSON.stringify({ n, text: 'x'.repeat(400) });
  const response = await fetch(`${url}/api/alerts/generic`, {
    method: 'POST',
    body,
    signal: AbortSignal.timeout(30_000),
  });
  await response.arrayBuffer();
  if (response.status !== 202) throw new Error(`answered ${response.status}`);
}

/** Taking alerts in, against a bare function that puts one blob and sends one message: same host, Azurite and bus. */
export const measureIngest: Measure = async (size) => {
  const [rounds, each] = size === 'full' ? [5, 600] : [2, 150];
  // The functions that would answer the alerts rest, in both hosts: taking in is measured alone.
  const off = { 'AzureWebJobs.alerts.Disabled': 'true', 'AzureWebJobs.runs.Disabled': 'true' };
  const world = await benchWorld(1_000, off);
  try {
    const bare = await startHost(world.stack, 'bare-ingest', world.folder);
    let n = 0;
    const [ours, theirs]: [Round[], Round[]] = [[], []];
    for (let round = 0; round <= rounds; round += 1) {
      const one = await roundOf(world.host, each, () => world.send(n++, 'bench-one'));
      const other = await roundOf(bare, each, () => sendBare(bare.url(), n++));
      // The first round only warms up.
      if (round > 0) {
        ours.push(one);
        theirs.push(other);
      }
    }
    await bare.kill();
    return { figures: figuresOf(ours, theirs), raw: { inFlight, ours, theirs } };
  } finally {
    await world.stop();
  }
};

function figuresOf(ours: readonly Round[], theirs: readonly Round[]) {
  const figure = (what: string, unit: string, key: 'perSecond' | 'p99' | 'cpu') => {
    const [value, other] = [median(ours.map((one) => one[key])), median(theirs.map((one) => one[key]))];
    return { what, unit, ours: value, baseline: { what: 'one blob, one message', value: other } };
  };
  const rate = figure(`alerts taken in, ${inFlight} in flight`, '/s', 'perSecond');
  const slowest = figure('the slowest of a hundred', 'ms', 'p99');
  const cpu = figure('processor time for each', 'ms', 'cpu');
  return [
    { ...rate, wanted: atLeast(0.8, rate.ours, rate.baseline.value) },
    { ...slowest, wanted: atMost(1.5, slowest.ours, slowest.baseline.value) },
    { ...cpu, wanted: null },
  ];
}
