import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { listRuns, readRun } from '../../local/stack/api.ts';
import { samplesOf } from '../../local/stack/samples.ts';
import { type Stack, startStack } from '../../local/stack/stack.ts';
import { tellStory } from '../../local/stack/story.ts';
import { type TenantReader, tenantReader } from '../support/tenant-reader.ts';

let folder: string;
let stack: Stack | null = null;

afterEach(async () => {
  await stack?.stop();
  stack = null;
  await rm(folder, { recursive: true, force: true });
});

async function start(): Promise<Stack> {
  folder = await mkdtemp(join(tmpdir(), 'quell-kill-'));
  // Shorter than in real life, so that a test need not wait for a dead worker's lease.
  stack = await startStack({ folder, port: 0, say: () => undefined, settings: { LEASE: 'PT3S', HINT_GRACE: 'PT2S' } });
  return stack;
}

/** Kills and starts again whenever the tenant has seen that many changes, until told to stop. @returns how often */
async function killAt(
  counts: readonly number[],
  tenant: TenantReader,
  kill: () => Promise<void>,
  stop: AbortSignal,
): Promise<number> {
  let kills = 0;
  for (const count of counts) {
    while (!stop.aborted && (await tenant.mutations()).length < count) await sleep(10);
    if (stop.aborted) return kills;
    await kill();
    kills += 1;
  }
  return kills;
}

/** The story with the host killed under it: whoever asks the API meanwhile tries again. */
async function storyUnderFire(
  running: Stack,
  kill: () => Promise<void>,
): Promise<{ surprises: readonly string[]; kills: number; tenant: TenantReader }> {
  const tenant = await tenantReader(running);
  const to = { url: running.url, token: await running.token('sam'), patient: true };
  const samples = await samplesOf(running, new Date());
  const stop = new AbortController();
  const killing = killAt([1, 4, 9, 15], tenant, kill, stop.signal);
  try {
    const surprises = await tellStory({ stack: running, to, samples, forTheReader: new Set(), say: () => undefined });
    stop.abort();
    return { surprises, kills: await killing, tenant };
  } finally {
    stop.abort();
    await killing;
  }
}

/**
 * Every change the tenant saw more than once. A step of two calls that dies between them is continued: its PUT comes again,
 * under the same derived name, and Azure answers 200 (it was there) and not 201 (it was made). That is no second change.
 */
async function repeated(tenant: TenantReader): Promise<readonly string[]> {
  const made = (await tenant.mutations()).filter(({ method, status }) => method !== 'PUT' || status === 201);
  const seen = made.map(({ method, path }) => `${method} ${path}`);
  return seen.filter((change, index) => seen.indexOf(change) !== index);
}

async function brokenChains(running: Stack): Promise<readonly string[]> {
  const to = { url: running.url, token: await running.token('sam') };
  const views = await Promise.all((await listRuns(to)).map(({ id }) => readRun(to, id)));
  return views.filter((view) => view.break !== null).map(({ run }) => run.id);
}

test('the functions host is killed four times during the demo, and every run still ends, with no change made twice', async () => {
  const running = await start();
  const { surprises, kills, tenant } = await storyUnderFire(running, async () => {
    await running.host.kill();
    await running.host.start();
  });
  expect({ surprises, kills }).toEqual({ surprises: [], kills: 4 });
  expect(await repeated(tenant)).toEqual([]);
  expect(await brokenChains(running)).toEqual([]);
}, 120_000);

test('the same with the bus killed too, so that every message is lost', async () => {
  const running = await start();
  const { surprises, kills, tenant } = await storyUnderFire(running, async () => {
    await Promise.all([running.host.kill(), running.bus.kill()]);
    await running.bus.start();
    await running.host.start();
  });
  expect({ surprises, kills }).toEqual({ surprises: [], kills: 4 });
  expect(await repeated(tenant)).toEqual([]);
  expect(await brokenChains(running)).toEqual([]);
}, 120_000);
