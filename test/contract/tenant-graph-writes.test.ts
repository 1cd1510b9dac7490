import { GraphError } from '@microsoft/microsoft-graph-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PEOPLE, TENANT } from '../../local/tenant/seed.ts';
import { type Call, graphClient, rows, type TestTenant, testTenant } from '../support/tenant.ts';

let tenant: TestTenant;
let clock = Date.now();
beforeAll(async () => {
  tenant = await testTenant({ now: () => clock });
});
beforeEach(() => tenant.tenant.reset());
afterAll(() => tenant.close());

const DAY = 86_400_000;
const { adaQuiet } = PEOPLE;
const patch = (id: string, body: unknown, call: Call = {}) =>
  tenant.graph(`/users/${id}`, { method: 'PATCH', body, ...call });
const remove = (id: string, call: Call = {}) => tenant.graph(`/users/${id}`, { method: 'DELETE', ...call });
const restore = (id: string, call: Call = {}) =>
  tenant.graph(`/directory/deletedItems/${id}/restore`, { method: 'POST', ...call });
const code = ({ status, body }: { status: number; body: unknown }) => [status, Object(body).error?.code];
const DENIED = [403, 'Authorization_RequestDenied'];

describe('disabling', () => {
  const enabled = async (id: string) =>
    Object((await tenant.graph(`/users/${id}?$select=accountEnabled`)).body).accountEnabled;

  it('takes hold, may be repeated, and can be taken back', async () => {
    for (const accountEnabled of [false, false, true]) {
      expect(await patch(adaQuiet, { accountEnabled })).toMatchObject({ status: 204, body: undefined });
      expect(await enabled(adaQuiet)).toBe(accountEnabled);
    }
  });

  it.each([
    [['User.Read.All'], 403],
    [['User.EnableDisableAccount.All'], 403],
    [['User.EnableDisableAccount.All', 'User.Read.All'], 204],
    [['User.ReadWrite.All'], 204],
  ])('with %j is %i', async (roles, status) => {
    expect((await patch(adaQuiet, { accountEnabled: false }, { roles })).status).toBe(status);
  });

  it.each(['globalAdmin', 'roleAssignable'] as const)('%s needs more than User.ReadWrite.All', async (name) => {
    const body = { accountEnabled: false };
    expect(code(await patch(PEOPLE[name], body, { roles: ['User.ReadWrite.All'] }))).toEqual(DENIED);
    expect((await patch(PEOPLE[name], body)).status).toBe(204);
  });

  it('is for the directory that masters the user', async () => {
    expect(code(await patch(PEOPLE.synced, { accountEnabled: false }))).toEqual([400, 'Request_BadRequest']);
    expect(await enabled(PEOPLE.synced)).toBe(true);
  });

  it('does not carry other properties along', async () => {
    const narrow = ['User.EnableDisableAccount.All', 'User.Read.All'];
    expect(code(await patch(adaQuiet, { accountEnabled: false, jobTitle: 'x' }, { roles: narrow }))).toEqual(DENIED);
    expect(await enabled(adaQuiet)).toBe(true);
    const roles = ['User.ReadWrite.All'];
    expect(code(await patch(adaQuiet, { shoeSize: 9 }, { roles }))).toEqual([400, 'Request_BadRequest']);
    expect(code(await patch(adaQuiet, { accountEnabled: 'no' }))).toEqual([400, 'Request_BadRequest']);
    expect((await patch(adaQuiet, { jobTitle: 'Retired' }, { roles })).status).toBe(204);
  });

  it('needs a body that is JSON, and a user that is there', async () => {
    expect(code(await patch(adaQuiet, '{"accountEnabled":'))).toEqual([400, 'BadRequest']);
    expect(code(await patch('nobody', { accountEnabled: false }))).toEqual([404, 'Request_ResourceNotFound']);
  });
});

describe('custom security attributes', () => {
  const typed = { '@odata.type': '#Microsoft.DirectoryServices.CustomSecurityAttributeValue' };
  const set = (values: object, name = 'AlertResponse') => ({
    customSecurityAttributes: { [name]: { ...typed, ...values } },
  });
  const read = async (id: string, call: Call = {}) =>
    tenant.graph(`/users/${id}?$select=customSecurityAttributes`, call);

  it('are assigned and cleared', async () => {
    expect((await patch(adaQuiet, set({ ckExcludeFromReports: 'because' }))).status).toBe(204);
    expect((await read(adaQuiet)).body).toMatchObject({
      customSecurityAttributes: { AlertResponse: { ckExcludeFromReports: 'because' } },
    });
    expect((await patch(adaQuiet, set({ ckExcludeFromReports: null }))).status).toBe(204);
    expect((await read(adaQuiet)).body).toMatchObject({ customSecurityAttributes: null });
  });

  it.each([
    ['an attribute that is not defined', set({ other: 'x' })],
    ['a set that is not defined', set({ ckExcludeFromReports: 'x' }, 'Engineering')],
    ['a name with an underscore', set({ ck_exclude_from_reports: 'x' })],
    ['another kind of value', set({ ckExcludeFromReports: 7 })],
    ['no type', { customSecurityAttributes: { AlertResponse: { ckExcludeFromReports: 'x' } } }],
  ])('refuse %s', async (_what, body) => {
    expect(code(await patch(adaQuiet, body))).toEqual([400, 'Request_BadRequest']);
  });

  it('have permissions of their own', async () => {
    const roles = ['User.ReadWrite.All', 'Directory.ReadWrite.All'];
    expect(code(await patch(adaQuiet, set({ ckExcludeFromReports: 'x' }), { roles }))).toEqual(DENIED);
    expect(code(await read(adaQuiet, { roles }))).toEqual(DENIED);
    const reader = ['User.Read.All', 'CustomSecAttributeAssignment.Read.All'];
    expect((await read(adaQuiet, { roles: reader })).status).toBe(200);
  });
});

describe('deleting', () => {
  it('is soft: gone from the users, kept among the deleted, and restored as it was', async () => {
    expect((await remove(adaQuiet)).status).toBe(204);
    expect(code(await tenant.graph(`/users/${adaQuiet}`))).toEqual([404, 'Request_ResourceNotFound']);
    expect(code(await remove(adaQuiet))).toEqual([404, 'Request_ResourceNotFound']);
    const { body } = await tenant.graph(`/directory/deletedItems/${adaQuiet}`);
    expect(body).toMatchObject({
      '@odata.type': '#microsoft.graph.user',
      id: adaQuiet,
      deletedDateTime: new Date(clock).toISOString(),
      userPrincipalName: `${adaQuiet.replaceAll('-', '')}ada.quiet@${TENANT.domain}`,
    });
    const list = await tenant.graph('/directory/deletedItems/microsoft.graph.user');
    expect(rows(list).map((row) => row.id)).toEqual([adaQuiet]);
    const restored = await restore(adaQuiet);
    expect(restored).toMatchObject({ status: 200, body: { '@odata.type': '#microsoft.graph.user', id: adaQuiet } });
    expect((await tenant.graph(`/users/ada.quiet@${TENANT.domain}`)).body).toMatchObject({ id: adaQuiet });
  });

  it.each([
    [['User.Read.All'], 403],
    [['User.EnableDisableAccount.All', 'User.Read.All'], 403],
    [['User.DeleteRestore.All'], 204],
    [['User.ReadWrite.All'], 204],
  ])('with %j is %i', async (roles, status) => {
    expect((await remove(adaQuiet, { roles })).status).toBe(status);
  });

  it('an administrator, or restoring one, needs more than User.ReadWrite.All', async () => {
    const roles = ['User.ReadWrite.All'];
    expect(code(await remove(PEOPLE.globalAdmin, { roles }))).toEqual(DENIED);
    expect((await remove(PEOPLE.globalAdmin, { roles: ['User.DeleteRestore.All'] })).status).toBe(204);
    expect(code(await restore(PEOPLE.globalAdmin, { roles }))).toEqual(DENIED);
    expect((await remove(PEOPLE.roleAssignable, { roles, as: PEOPLE.breakGlassRare })).status).toBe(204);
  });

  it('ends for good after 30 days, or by the purge that nothing of ours may call', async () => {
    await remove(adaQuiet);
    await remove(PEOPLE.benStill);
    const purge = { method: 'DELETE', roles: ['User.ReadWrite.All'] };
    expect(code(await tenant.graph(`/directory/deletedItems/${adaQuiet}`, purge))).toEqual(DENIED);
    const all = { ...purge, roles: ['User.DeleteRestore.All'] };
    expect((await tenant.graph(`/directory/deletedItems/${adaQuiet}`, all)).status).toBe(204);
    expect(code(await restore(adaQuiet))).toEqual([404, 'Request_ResourceNotFound']);
    clock += 31 * DAY;
    expect(code(await restore(PEOPLE.benStill))).toEqual([404, 'Request_ResourceNotFound']);
    clock -= 31 * DAY;
  });
});

describe('revoking sessions', () => {
  const revoke = (id: string, call: Call = {}) =>
    tenant.graph(`/users/${id}/revokeSignInSessions`, { method: 'POST', ...call });
  const since = async (id: string) =>
    Object((await tenant.graph(`/users/${id}?$select=signInSessionsValidFromDateTime`)).body)
      .signInSessionsValidFromDateTime;

  it('moves the time from which sessions count', async () => {
    expect((await revoke(adaQuiet)).body).toEqual({
      '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#Edm.Boolean',
      value: true,
    });
    expect(await since(adaQuiet)).toBe(new Date(clock).toISOString());
  });

  it('does nothing for a guest, and says yes all the same', async () => {
    const before = await since(PEOPLE.guest);
    expect((await revoke(PEOPLE.guest)).status).toBe(200);
    expect(await since(PEOPLE.guest)).toBe(before);
  });

  it('needs its permission', async () => {
    expect(code(await revoke(adaQuiet, { roles: ['User.Read.All'] }))).toEqual(DENIED);
    expect((await revoke(adaQuiet, { roles: ['User.RevokeSessions.All'] })).status).toBe(200);
  });
});

it('serves the writes of the real client, and its errors arrive as GraphError', async () => {
  const client = graphClient(tenant, ['User.ReadWrite.All']);
  await client.api(`/users/${adaQuiet}`).patch({ accountEnabled: false });
  await client.api(`/users/${adaQuiet}`).delete();
  const failure: unknown = await client
    .api(`/users/${PEOPLE.globalAdmin}`)
    .delete()
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(GraphError);
  expect(failure).toMatchObject({
    statusCode: 403,
    code: 'Authorization_RequestDenied',
    requestId: expect.any(String),
  });
});
