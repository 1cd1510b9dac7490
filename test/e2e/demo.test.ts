import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from '../../cli/http.ts';
import { listRuns, readRun } from '../../local/stack/api.ts';
import { type Sample, samplesOf } from '../../local/stack/samples.ts';
import { type Stack, startStack } from '../../local/stack/stack.ts';
import { tellStory } from '../../local/stack/story.ts';
import { CROWD, PEOPLE } from '../../local/tenant/seed.ts';
import { actionsOf } from '../../shared/domain/plan.ts';
import { chosenPlan, runOf } from '../../shared/domain/run.ts';
import { disagreements } from '../support/tenant-claims.ts';
import { type TenantReader, tenantReader } from '../support/tenant-reader.ts';

let folder: string;
let stack: Stack;
let to: Connection;
let tenant: TenantReader;
let samples: readonly Sample[];
let surprises: readonly string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quell-demo-'));
  stack = await startStack({ folder, port: 0, say: () => undefined });
  to = { url: stack.url, token: await stack.token('sam') };
  tenant = await tenantReader(stack);
  samples = await samplesOf(stack, new Date());
  surprises = await tellStory({ stack, to, samples, forTheReader: new Set(), say: () => undefined });
});

afterAll(async () => {
  await stack?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('the demo', () => {
  test('every run ends as expected, with its chain whole', async () => {
    expect(surprises).toEqual([]);
    for (const { id } of await listRuns(to)) expect((await readRun(to, id)).break).toBeNull();
  });

  test('the tenant is in the state that the ledger claims, read through Graph and Azure Resource Manager', async () => {
    let checked = 0;
    for (const { id } of await listRuns(to)) {
      const run = runOf(id, (await readRun(to, id)).entries);
      const plan = chosenPlan(run);
      const verified = plan ? actionsOf(plan).filter(({ key }) => run.steps.get(key)?.state === 'verified') : [];
      for (const step of verified) {
        const about = { identity: run.opened.identity.id, system: run.opened.system.id };
        expect(await disagreements(tenant, about, step), `${id} ${step.summary}`).toEqual([]);
        checked += 1;
      }
    }
    expect(checked).toBeGreaterThanOrEqual(15);
  });

  test('nobody was touched but those whose runs are done', async () => {
    const done = new Set(
      (await listRuns(to)).filter(({ state }) => state === 'done').map(({ identity }) => identity.id),
    );
    const spared = [...Object.values(PEOPLE), ...CROWD].filter((id) => !done.has(id));
    expect(spared).toContain(PEOPLE.breakGlassNever);
    for (const { path } of await tenant.mutations()) for (const id of spared) expect(path).not.toContain(id);
  });

  test('the same three alerts again change nothing and open no second run', async () => {
    const before = { runs: (await listRuns(to)).map(({ id }) => id), mutations: await tenant.mutations() };
    for (const { send } of samples) await send();
    await sleep(3000);
    expect((await listRuns(to)).map(({ id }) => id)).toEqual(before.runs);
    expect(await tenant.mutations()).toEqual(before.mutations);
  });
});
