import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ASSIGNMENTS, GROUPS, PEOPLE, SCOPES, SUBSCRIPTION_A } from '../../local/tenant/seed.ts';
import type { Call } from '../../shared/domain/call.ts';
import { writeToAzure } from '../../shared/systems/azure/writes.ts';
import { writeToGraph } from '../../shared/systems/entra/writes.ts';
import { always, clientsOf, farSide, faultOf, type Systems, startSystems } from '../support/systems.ts';

let systems: Systems;
beforeAll(async () => {
  systems = await startSystems();
});
afterEach(() => systems.reset());
afterAll(() => systems.close());

const ada = PEOPLE.adaQuiet;
const exclusion = { system: SUBSCRIPTION_A, identity: ada, reason: 'why', expiresAt: '2027-01-01T00:00:00.000Z' };
const assigned = `/providers/Microsoft.Authorization/roleAssignments/${ASSIGNMENTS.adaPayments}?api-version=2022-04-01`;

/** One call of each kind. */
const calls: readonly (readonly [string, Call])[] = [
  ['block', { to: 'graph', method: 'PATCH', path: `/users/${ada}`, body: { accountEnabled: false } }],
  ['revoke', { to: 'graph', method: 'POST', path: `/users/${ada}/revokeSignInSessions`, body: {} }],
  ['delete', { to: 'graph', method: 'DELETE', path: `/users/${ada}`, body: null }],
  ['restore', { to: 'graph', method: 'POST', path: `/directory/deletedItems/${ada}/restore`, body: {} }],
  ['assign', { to: 'azure', method: 'PUT', path: `${SCOPES.payments}${assigned}`, body: { properties: {} } }],
  ['unassign', { to: 'azure', method: 'DELETE', path: `${SCOPES.payments}${assigned}`, body: null }],
];

describe.each(calls)('%s', (_name, call) => {
  it.each([
    [
      { status: 429, retryAfter: 12 },
      { disposition: 'retry', code: 'busy', retryAfterMs: 12_000 },
    ],
    [{ status: 429 }, { disposition: 'retry', code: 'busy', retryAfterMs: 5000 }],
    [
      { status: 503, retryAfter: 3 },
      { disposition: 'retry', code: 'busy', retryAfterMs: 3000 },
    ],
    [{ status: 503 }, { disposition: 'uncertain', code: 'far-side-failed' }],
    [{ status: 500 }, { disposition: 'uncertain', code: 'far-side-failed' }],
    [{ drop: true }, { disposition: 'uncertain', code: 'no-answer' }],
  ])('answered by %j is %j, and asked once', async (fault, expected) => {
    await systems.fault({ match: { method: call.method }, ...fault });
    expect(await faultOf(systems.effects.send(call, 'k', 'destructive'))).toMatchObject(expected);
    expect(systems.tenant.mutations()).toEqual([]);
  });

  it('goes nowhere but to its own recipient', async () => {
    for (const to of ['graph', 'azure', 'exclusions', 'webhook'] as const) {
      if (to === call.to) continue;
      expect(await faultOf(systems.effects.send({ ...call, to }, 'k', 'destructive'))).toMatchObject({
        disposition: 'reject',
        code: 'unknown-call',
      });
    }
    expect(systems.tenant.mutations()).toEqual([]);
  });
});

describe('a call that is no change of ours is never sent', () => {
  const graph = (method: Call['method'], path: string): Call => ({ to: 'graph', method, path, body: null });
  const azure = (method: Call['method'], path: string): Call => ({ to: 'azure', method, path, body: null });

  it.each([
    graph('DELETE', `/directory/deletedItems/${ada}`),
    graph('DELETE', `/groups/${GROUPS.staff}`),
    graph('DELETE', '/users/me'),
    graph('DELETE', `/users/${ada}/`),
    graph('DELETE', `/users/${ada}/manager/$ref`),
    graph('DELETE', `/users/${ada}?x`),
    graph('DELETE', `/users/${ada}\n`),
    graph('DELETE', `/users/../users/${ada}`),
    graph('DELETE', `/users/${encodeURIComponent('ada.quiet@contoso.onmicrosoft.com')}`),
    graph('PUT', `/users/${ada}`),
    graph('POST', '/users'),
    graph('POST', `/users/${ada}/restore`),
    azure('DELETE', SCOPES.payments),
    azure('DELETE', `${SCOPES.subscriptionA}?api-version=2022-12-01`),
    azure('PATCH', `${SCOPES.payments}${assigned}`),
    azure('DELETE', `${SCOPES.payments}${assigned.split('?')[0]}`),
    azure('DELETE', `${SCOPES.payments}${assigned}&x=1`),
    azure('DELETE', `${SCOPES.managementGroup}${assigned}`),
    azure('DELETE', assigned),
    azure('DELETE', `${SCOPES.payments}/../../..${assigned}`),
    azure('DELETE', `${SCOPES.payments}/%2e%2e${assigned}`),
    azure('DELETE', `${SCOPES.payments}/..\\..${assigned}`),
    azure('DELETE', `${SCOPES.payments}${assigned.replace('roleAssignments', 'roleDefinitions')}`),
    { to: 'webhook', method: 'POST', path: '/other', body: null },
    { to: 'webhook', method: 'PUT', path: '/', body: null },
    { to: 'exclusions', method: 'DELETE', path: '/exclusions/one', body: null },
    { to: 'exclusions', method: 'DELETE', path: '/exclusions/a/b/c', body: null },
    { to: 'exclusions', method: 'DELETE', path: '/exclusions/%ff/b', body: null },
    { to: 'exclusions', method: 'POST', path: '/exclusions/a/b', body: null },
    { to: 'exclusions', method: 'PUT', path: `/exclusions/${SUBSCRIPTION_A}/${ada}`, body: null },
    { to: 'exclusions', method: 'PUT', path: '/exclusions/other/other', body: { ...exclusion, run: 'r' } },
  ] as const)('$to $method $path', async (call) => {
    const fault = await faultOf(systems.effects.send(call, 'k', 'destructive'));
    expect(fault).toMatchObject({ disposition: 'reject', code: 'unknown-call' });
    expect(systems.tenant.mutations()).toEqual([]);
  });
});

describe('an exclusion', () => {
  const path = `/exclusions/${SUBSCRIPTION_A}/${ada}`;

  it('is put and taken away, twice each', async () => {
    const put: Call = { to: 'exclusions', method: 'PUT', path, body: { ...exclusion, run: 'r' } };
    for (const _turn of [1, 2]) await systems.effects.send(put, 'k', 'destructive');
    expect(await systems.exclusions.find(SUBSCRIPTION_A, ada)).toEqual({ ...exclusion, run: 'r' });
    for (const _turn of [1, 2])
      await systems.effects.send({ to: 'exclusions', method: 'DELETE', path, body: null }, 'k', 'destructive');
    expect(await systems.exclusions.find(SUBSCRIPTION_A, ada)).toBeNull();
  });
});

describe('what a write finds done already', () => {
  const unassign: Call = { to: 'azure', method: 'DELETE', path: `${SCOPES.payments}${assigned}`, body: null };
  const answering = async (call: Call, status: number, code: string) => {
    await using far = await farSide(always(status, { error: { code, message: 'said' } }));
    const { graph, azure } = clientsOf(far.url);
    return call.to === 'graph' ? await writeToGraph(graph, call) : await writeToAzure(azure, call);
  };

  it.each(['RoleAssignmentNotFound', 'ResourceNotFound', 'ResourceGroupNotFound'])('%s', async (code) => {
    expect(await answering(unassign, 404, code)).toEqual({ already: true });
    expect(await faultOf(answering({ ...unassign, method: 'PUT' }, 404, code))).toMatchObject({ disposition: 'halt' });
  });

  it('RoleAssignmentExists, for a PUT only', async () => {
    const put: Call = { ...unassign, method: 'PUT' };
    expect(await answering(put, 409, 'RoleAssignmentExists')).toEqual({ already: true });
    expect(await faultOf(answering(unassign, 409, 'RoleAssignmentExists'))).toMatchObject({ disposition: 'conflict' });
  });

  it.each(['SubscriptionNotFound', 'unknown'])('not %s', async (code) => {
    expect(await faultOf(answering(unassign, 404, code))).toMatchObject({ disposition: 'halt', code: 'not-found' });
  });

  it('not a missing user who is to be blocked', async () => {
    const [, block] = calls[0] ?? expect.unreachable();
    const fault = await faultOf(answering(block, 404, 'Request_ResourceNotFound'));
    expect(fault).toMatchObject({ disposition: 'halt', code: 'not-found' });
  });
});
