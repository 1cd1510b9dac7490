import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { PEOPLE } from '../../local/tenant/seed.ts';
import { memoryExclusions } from '../../shared/adapters/memory/exclusions.ts';
import type { Call } from '../../shared/domain/call.ts';
import type { Power } from '../../shared/domain/power.ts';
import type { Effects } from '../../shared/ports.ts';
import { armClient } from '../../shared/systems/azure/client.ts';
import { effects } from '../../shared/systems/effects.ts';
import { graphClient } from '../../shared/systems/entra/client.ts';
import { ARM, GRAPH, type TestTenant, testTenant } from '../support/tenant.ts';

const lists = z.object({ graph: z.array(z.string()), azure: z.array(z.string()) });
const { powers, ...all } = lists
  .extend({ powers: z.object({ reader: lists, changer: lists, deleter: lists }) })
  .parse(JSON.parse(readFileSync('infra/permissions.json', 'utf8')));

let tenant: TestTenant;
let sent: Effects;

/** Clients whose tokens carry what the identity of this power is granted, and nothing else. */
function as(power: Power) {
  const roles = powers[power].graph;
  const credential = {
    getToken: async (scope: string | string[]) => {
      const { token } = await tenant.tokens.forApp({ audience: String(scope).replace('/.default', ''), roles });
      return { token, expiresOnTimestamp: Number.MAX_SAFE_INTEGER };
    },
  };
  const graph = graphClient({ url: tenant.url, audience: GRAPH, credential });
  return { graph, azure: armClient({ url: tenant.url, audience: ARM, credential }) };
}

beforeAll(async () => {
  tenant = await testTenant();
  sent = effects({ changer: as('changer'), deleter: as('deleter'), exclusions: memoryExclusions(), webhook: null });
});
afterAll(() => tenant?.close());

const disable: Call = {
  to: 'graph',
  method: 'PATCH',
  path: `/users/${PEOPLE.adaQuiet}`,
  body: { accountEnabled: false },
};
const remove: Call = { to: 'graph', method: 'DELETE', path: `/users/${PEOPLE.adaQuiet}`, body: null };

test('together the three may do what is needed, and nothing else', () => {
  const together = (of: 'graph' | 'azure') => [...new Set(Object.values(powers).flatMap((one) => one[of]))].sort();
  expect(together('graph')).toEqual(all.graph);
  expect(together('azure')).toEqual(all.azure);
});

test('the one that reads can change nothing, and only the one that deletes can delete', () => {
  expect(powers.reader.graph.filter((name) => /Write|Enable|Revoke|Delete/.test(name))).toEqual([]);
  expect(powers.reader.azure.filter((name) => !name.endsWith('/read'))).toEqual([]);
  expect(powers.changer.graph).not.toContain('User.ReadWrite.All');
  expect(powers.deleter.graph).toContain('User.ReadWrite.All');
});

test('a change goes out as the one that changes; deleting as it is refused by the directory', async () => {
  await sent.send(disable, 'k:1', 'reversible');
  await expect(sent.send(remove, 'k:2', 'reversible')).rejects.toMatchObject({
    disposition: 'refuse',
    code: 'Authorization_RequestDenied',
  });
  expect((await tenant.graph(`/users/${PEOPLE.adaQuiet}?$select=accountEnabled`)).body).toMatchObject({
    accountEnabled: false,
  });
});

test('deleting goes out as the one that deletes, and so does taking it back', async () => {
  await sent.send(remove, 'k:3', 'destructive');
  expect((await tenant.graph(`/users/${PEOPLE.adaQuiet}`)).status).toBe(404);
  const restore: Call = {
    to: 'graph',
    method: 'POST',
    path: `/directory/deletedItems/${PEOPLE.adaQuiet}/restore`,
    body: {},
  };
  await sent.send(restore, 'k:4', 'destructive');
  expect((await tenant.graph(`/users/${PEOPLE.adaQuiet}`)).status).toBe(200);
});
