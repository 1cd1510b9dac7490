import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ask, type Connection } from '../../cli/http.ts';
import { type Row, summarySchema } from '../../cli/shapes.ts';
import { listRuns } from '../../local/stack/api.ts';
import { samplesOf } from '../../local/stack/samples.ts';
import { type Stack, startStack } from '../../local/stack/stack.ts';
import { tellStory } from '../../local/stack/story.ts';
import { ASSIGNMENTS, PEOPLE, SUBSCRIPTION_A } from '../../local/tenant/seed.ts';
import { runScript } from '../support/cli.ts';
import { type TenantReader, tenantReader } from '../support/tenant-reader.ts';

let folder: string;
let stack: Stack;
let to: Connection;
let tenant: TenantReader;
let before: ReadonlyMap<string, unknown>;

/** What the demo changes about a user, as the tenant tells it. */
async function picture(id: string): Promise<unknown> {
  const select = '$select=id,accountEnabled,customSecurityAttributes,userPrincipalName';
  const filter = encodeURIComponent(`principalId eq '${id}'`);
  const path = `/subscriptions/${SUBSCRIPTION_A}/providers/Microsoft.Authorization/roleAssignments`;
  const assignments = await tenant.azureList(`${path}?api-version=2022-04-01&$filter=${filter}`);
  const { status, body } = await tenant.graph(`/users/${id}?${select}`);
  return { status, body, assignments: assignments.map(withoutHistory).sort(byName) };
}

/** Who assigned a role, and when, cannot be put back; everything else can. */
function withoutHistory(assignment: unknown): { name: string; properties: object } {
  const schema = z.object({
    name: z.string(),
    properties: z
      .looseObject({ createdOn: z.unknown(), createdBy: z.unknown(), updatedOn: z.unknown(), updatedBy: z.unknown() })
      .partial(),
  });
  const { name, properties } = schema.parse(assignment);
  const { createdOn: _1, createdBy: _2, updatedOn: _3, updatedBy: _4, ...rest } = properties;
  return { name, properties: rest };
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : 1;
}

const touched = [
  PEOPLE.adaQuiet,
  PEOPLE.benStill,
  PEOPLE.conditioned,
  PEOPLE.managementGroupOnly,
  PEOPLE.alexDoeTwo,
  PEOPLE.doraDormant,
];

async function pictures(): Promise<ReadonlyMap<string, unknown>> {
  return new Map(await Promise.all(touched.map(async (id): Promise<[string, unknown]> => [id, await picture(id)])));
}

function undo(id: string, reason = 'the review was wrong'): Promise<unknown> {
  const init = { method: 'POST', contentType: 'application/json', body: JSON.stringify({ reason }) };
  return ask(to, z.looseObject({}), `/api/runs/${id}/undo`, init);
}

async function until(rows: (all: readonly Row[]) => boolean): Promise<readonly Row[]> {
  for (let tries = 0; tries < 400; tries += 1) {
    const all = await listRuns(to);
    if (rows(all)) return all;
    await sleep(100);
  }
  throw new Error(`never: ${JSON.stringify(await listRuns(to))}`);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quell-undo-'));
  const drill = { DRILL_IDENTITY: PEOPLE.benStill, DRILL_SYSTEM: SUBSCRIPTION_A };
  const settings = { LEASE: 'PT2S', HINT_GRACE: 'PT2S', ...drill };
  stack = await startStack({ folder, port: 0, say: () => undefined, settings });
  to = { url: stack.url, token: await stack.token('sam'), patient: true };
  tenant = await tenantReader(stack);
  before = await pictures();
  const samples = await samplesOf(stack, new Date());
  const surprises = await tellStory({ stack, to, samples, forTheReader: new Set(), say: () => undefined });
  expect(surprises).toEqual([]);
});

afterAll(async () => {
  await stack?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('quell undo', () => {
  test('who may not decide may not undo', async () => {
    const [row] = await listRuns(to);
    const riley = { url: stack.url, token: await stack.token('riley') };
    const init = { method: 'POST', contentType: 'application/json', body: '{"reason":"x"}' };
    await expect(ask(riley, summarySchema, `/api/runs/${row?.id}/undo`, init)).rejects.toThrow(
      /The right to undo is missing/,
    );
  });

  test('a run that changed nothing has nothing to undo', async () => {
    const refused = (await listRuns(to)).find(({ state }) => state === 'refused');
    await expect(undo(refused?.id ?? '')).rejects.toThrow(/it changed nothing/);
  });

  test('everything the demo did is put back, also with the host killed in the middle: original names, conditions, marks', async () => {
    const done = (await listRuns(to)).filter(({ state }) => state === 'done');
    const changes = (await tenant.mutations()).length;
    await Promise.all(done.map(({ id }) => undo(id)));
    while ((await tenant.mutations()).length < changes + 3) await sleep(5);
    await stack.host.kill();
    await stack.host.start();
    const ids = new Set(done.map(({ id }) => id));
    const rows = await until((all) => all.filter(({ id }) => ids.has(id)).every(({ state }) => state === 'undone'));
    expect(rows.filter(({ state }) => state === 'undone')).toHaveLength(done.length);
    expect(await pictures()).toEqual(before);
    expect(JSON.stringify([...before.values()])).toContain(ASSIGNMENTS.conditioned);
  });

  test('undoing again is quiet', async () => {
    const undone = (await listRuns(to)).find(({ state }) => state === 'undone');
    const changes = (await tenant.mutations()).length;
    await undo(undone?.id ?? '');
    await sleep(1500);
    expect((await tenant.mutations()).length).toBe(changes);
  });

  test('a drill does it, takes it back, and says whether all is as it was', async () => {
    const changes = (await tenant.mutations()).length;
    const token = await stack.token('sam');
    const { code, out, err } = await runScript(['cli/quell.ts', 'undo', '--drill'], { url: stack.url, token });
    expect(err).toBe('');
    for (const action of ['disable-user', 'exclude-from-reports', 'assign-read-only'])
      expect(out).toMatch(new RegExp(`^  done, verified as before  ${action}$`, 'm'));
    expect(out).toMatch(/^run-[0-9a-f]+ {2}undone: /);
    expect(code).toBe(0);
    expect((await tenant.mutations()).length).toBeGreaterThanOrEqual(changes + 6);
    expect(await pictures()).toEqual(before);
  });

  test('who may not decide may not drill', async () => {
    const token = await stack.token('riley');
    const { code, err } = await runScript(['cli/quell.ts', 'undo', '--drill'], { url: stack.url, token });
    expect(err).toContain('The right to undo is missing');
    expect(code).toBe(1);
  });
});
