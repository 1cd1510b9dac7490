import { HttpRequest, InvocationContext } from '@azure/functions';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recorded } from '../../local/host/core.ts';
import { ENGINE, TENANT } from '../../local/tenant/seed.ts';
import { connectStorage } from '../../shared/adapters/azure/connect.ts';
import { settings } from '../../shared/config.ts';
import { isRole, rights, roles, rolesWith } from '../../shared/domain/right.ts';
import type { HttpHandler } from '../../shared/edge.ts';
import { type Azurite, startAzurite } from '../support/azurite.ts';
import { type TestTenant, testTenant } from '../support/tenant.ts';

/** Every HTTP function and who comes in. A new one has to be entered here, and then every role is tried on it. */
const doors: Readonly<Record<string, HttpHandler['door']>> = {
  'alerts-read': 'read',
  'approve-decide': 'own',
  'approve-show': 'own',
  'alerts-why': 'read',
  'archive-read': 'replay',
  'audit-read': 'read',
  'autonomy-read': 'read',
  'autonomy-write': 'administer',
  'audit-query': 'read',
  'controls-read': 'read',
  'controls-write': 'stop',
  drill: 'undo',
  'export-read': 'read',
  'index-rebuild': 'administer',
  'ingest-generic': 'own',
  'ingest-permissions-management-email': 'own',
  'ingest-permissions-management-finding': 'own',
  'ingest-unknown': 'own',
  'reports-list': 'read',
  'reports-read': 'read',
  'reach-read': 'replay',
  replay: 'replay',
  'runs-decide': 'decide',
  'runs-list': 'read',
  'runs-read': 'read',
  'runs-undo': 'undo',
  'teams-messages': 'own',
  'teams-read': 'read',
  'teams-test-card': 'administer',
  'sign-in': 'own',
  'undo-plans': 'read',
};

/** What a function with a door of its own answers to a request that proves nothing; `ingest-unknown` keeps nothing. */
const ownDoors: Readonly<Record<string, number>> = {
  // Nobody without a session sees or decides anything; looking leads to Entra.
  'approve-decide': 403,
  'approve-show': 303,
  'ingest-generic': 401,
  'ingest-permissions-management-email': 401,
  'ingest-permissions-management-finding': 401,
  'ingest-unknown': 404,
  // No bot is set up.
  'teams-messages': 404,
  // Of a sign-in that nobody began.
  'sign-in': 400,
};

interface HttpFunction {
  readonly name: string;
  readonly method: string;
  readonly handler: HttpHandler;
}

let azurite: Azurite;
let tenant: TestTenant;
let functions: readonly HttpFunction[];

beforeAll(async () => {
  [azurite, tenant] = await Promise.all([startAzurite(), testTenant()]);
  const sample = Object.entries(settings).map(([name, { sample: value }]) => [name, value]);
  Object.assign(process.env, Object.fromEntries(sample), {
    AzureWebJobsStorage: azurite.connectionString,
    TENANT_ID: TENANT.id,
    AUTHORITY_HOST: tenant.url,
    GRAPH_URL: tenant.url,
    ARM_URL: tenant.url,
  });
  await import('../../functions/main.ts');
  functions = [...recorded().functions.values()].flatMap(({ metadata, callback }) => {
    const trigger = Object(Object.values(Object(metadata).bindings)[0]);
    if (trigger.type !== 'httpTrigger') return [];
    return [{ name: String(metadata.name), method: trigger.methods[0], handler: callback as unknown as HttpHandler }];
  });
});
afterAll(async () => {
  await tenant?.close();
  await azurite?.[Symbol.asyncDispose]();
});

const ids: Readonly<Record<string, string>> = {
  alerts: `alert-${'0'.repeat(32)}`,
  runs: `run-${'0'.repeat(32)}`,
  approve: `run-${'0'.repeat(32)}`,
};

/** Calls a function the way the host does, with nothing in the body and the id of nothing in the path. */
async function call({ name, method, handler }: HttpFunction, headers: Record<string, string>): Promise<number> {
  const params = { id: ids[name.split('-')[0] ?? ''] ?? 'x', source: 'x', name: 'x' };
  const contentType = name.endsWith('email') ? 'message/rfc822' : 'application/json';
  const request = new HttpRequest({
    method,
    url: `http://127.0.0.1/api/${name}`,
    params,
    headers: { 'content-type': contentType, ...headers },
    ...(method === 'GET' ? {} : { body: { string: '{}' } }),
  });
  const context = new InvocationContext({ functionName: name, invocationId: 'walk', logHandler: () => undefined });
  return Number((await handler(request, context)).status);
}

async function tokenWith(held: readonly string[]): Promise<Record<string, string>> {
  const { token } = await tenant.tokens.forApp({ audience: 'api://quell', roles: held, version: 2 });
  return { authorization: `Bearer ${token}` };
}

/** Answers of the walk below, each to somebody who is known. */
const answered: number[] = [];

describe('every HTTP function', () => {
  test('says who comes in', () => {
    const declared = functions.map(({ name, handler }) => [name, handler.door]);
    expect(Object.fromEntries(declared)).toEqual(doors);
  });

  test('without a token: 401, whatever other headers say', async () => {
    const claims = btoa(JSON.stringify({ claims: [{ typ: 'roles', val: 'Quell.Administrator' }] }));
    const headers = { 'x-ms-client-principal': claims, 'x-ms-client-principal-id': ENGINE.objectId };
    for (const one of functions) {
      const wanted = ownDoors[one.name] ?? 401;
      expect([one.name, await call(one, {}), await call(one, headers)]).toEqual([one.name, wanted, wanted]);
    }
  });

  test('with a token nobody signed: 401', async () => {
    const { authorization = '' } = await tokenWith(Object.keys(roles));
    const forged = { authorization: `${authorization.slice(0, -8)}AAAAAAAA` };
    const unsigned = `Bearer ${authorization.split('.')[1]}.${authorization.split('.')[1]}.x`;
    for (const one of functions.filter(({ handler }) => handler.door !== 'own'))
      expect([one.name, await call(one, forged), await call(one, { authorization: unsigned })]).toEqual([
        one.name,
        401,
        401,
      ]);
  });

  test('with the wrong role: 403; with a right one: past the door', async () => {
    const all = Object.keys(roles).filter(isRole);
    const held = [...all, 'Runs.Read', 'none'];
    for (const role of held) {
      const headers = await tokenWith(role === 'none' ? [] : [role]);
      for (const one of functions.filter(({ handler }) => handler.door !== 'own')) {
        const status = await call(one, headers);
        answered.push(status);
        const wanted = admits(one.handler.door, role) ? expect.toSatisfy(isPast) : 403;
        expect([role, one.name, status]).toEqual([role, one.name, wanted]);
      }
    }
  });

  test('writes down every call of somebody known, with who, what and how it ended', async () => {
    const table = connectStorage({ connectionString: azurite.connectionString }).table('ledger');
    const filter = "PartitionKey ge 'calls-' and PartitionKey lt 'calls.' and type eq 'call-ended'";
    const written: number[] = [];
    for await (const { actor, data } of table.listEntities({ queryOptions: { filter } })) {
      expect(actor).toBe(`person:${ENGINE.objectId}`);
      written.push(JSON.parse(String(data)).status);
    }
    expect(written.sort()).toEqual(answered.toSorted());
  });

  test('that takes alerts from programs asks for Alerts.Send', async () => {
    const finding = functions.find(({ name }) => name === 'ingest-permissions-management-finding');
    const event = functions.find(({ name }) => name === 'ingest-generic');
    for (const one of [finding, event]) {
      if (!one) throw new Error('there is no such function');
      expect(await call(one, await tokenWith(['Quell.Administrator', 'Quell.Approver']))).toBe(403);
      expect(await call(one, await tokenWith(['Alerts.Send']))).toBe(400);
    }
  });
});

function admits(door: HttpHandler['door'], role: string): boolean {
  return door !== 'own' && isRole(role) && rolesWith(door).includes(role);
}

/** It came to its own matter: found nothing under that id, or missed something in the body, or answered. */
function isPast(status: unknown): boolean {
  return [200, 400, 404, 409].includes(Number(status));
}

test('every right is asked for by a function, or waits for one that is named here', () => {
  const asked = new Set(Object.values(doors));
  const checkedInside = ['redrive', 'release', 'send'];
  const waiting: readonly string[] = [];
  expect(rights.filter((right) => !asked.has(right)).sort()).toEqual([...checkedInside, ...waiting].sort());
});
