import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startChild } from '../../local/stack/child.ts';
import type { Measure } from '../lib/figures.ts';
import { type Loaded, load } from '../lib/load.ts';
import { median } from '../lib/stats.ts';
import { benchWorld } from '../lib/world.ts';

const root = resolve(import.meta.dirname, '../..');
const inFlight = 20;

/** Taking alerts in, against a bare function that puts one blob and sends one message: same host, Azurite and bus. */
export const measureIngest: Measure = async (size) => {
  const [rounds, each] = size === 'full' ? [5, 1_000] : [2, 150];
  // The functions that would answer the alerts rest, in both hosts: taking in is measured alone.
  const off = { 'AzureWebJobs.alerts.Disabled': 'true', 'AzureWebJobs.runs.Disabled': 'true' };
  const world = await benchWorld(1_000, off);
  const file = join(tmpdir(), `bare-ingest-${process.pid}.json`);
  await writeFile(file, JSON.stringify({ IsEncrypted: false, Values: world.stack.settings }));
  const environment = {
    PORT: '0',
    HOST_ENTRY: join(root, 'bench/apps/bare-ingest.ts'),
    HOST_JSON: join(root, 'host.json'),
    HOST_SETTINGS: file,
  };
  const bare = await startChild({
    name: 'the bare host',
    script: join(root, 'local/host/main.ts'),
    environment,
    log: join(tmpdir(), 'bare-ingest.log'),
  });
  try {
    let n = 0;
    const ours: Loaded[] = [];
    const theirs: Loaded[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const one = await load(each, inFlight, async () => world.send(n++, 'bench-one'));
      const other = await load(each, inFlight, async () => {
        n += 1;
        const response = await fetch(`${bare.ready.url}/api/alerts/generic`, {
          method: 'POST',
          body: JSON.stringify({ n, text: 'x'.repeat(400) }),
        });
        await response.arrayBuffer();
        if (response.status !== 202) throw new Error(`answered ${response.status}`);
      });
      if (round > 0) {
        ours.push(one);
        theirs.push(other);
      }
    }
    const of = (list: readonly Loaded[], key: 'perSecond' | 'p99') => median(list.map((one) => one[key]));
    const ratio = of(ours, 'perSecond') / of(theirs, 'perSecond');
    return {
      figures: [
        {
          what: `alerts taken in, ${inFlight} in flight`,
          unit: '/s',
          ours: of(ours, 'perSecond'),
          baseline: { what: 'one blob, one message', value: of(theirs, 'perSecond') },
          wanted: { text: '≥ 0.8×', met: ratio >= 0.8 },
        },
        {
          what: 'the slowest of a hundred',
          unit: 'ms',
          ours: of(ours, 'p99'),
          baseline: { what: 'one blob, one message', value: of(theirs, 'p99') },
          wanted: { text: '≤ 1.5×', met: of(ours, 'p99') <= 1.5 * of(theirs, 'p99') },
        },
      ],
      raw: { inFlight, ours, theirs },
    };
  } finally {
    await bare.stop();
    await world.stop();
  }
};
