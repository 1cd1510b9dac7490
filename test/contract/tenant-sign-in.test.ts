import { ManagedIdentityCredential } from '@azure/identity';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ENGINE, PEOPLE, TENANT } from '../../local/tenant/seed.ts';
import { ARM, GRAPH, IDENTITY_HEADER, send, type TestTenant, testTenant } from '../support/tenant.ts';

let tenant: TestTenant;
beforeAll(async () => {
  tenant = await testTenant();
});
afterAll(() => tenant.close());
afterEach(() => vi.unstubAllEnvs());

const error = (code: string, message?: unknown) => ({
  error: expect.objectContaining({ code, ...(message !== undefined && { message }) }),
});

describe('the managed identity endpoint', () => {
  const ask = (query: string, headers: Record<string, string> = { 'x-identity-header': IDENTITY_HEADER }) =>
    tenant.local(`/msi/token?${query}`, { headers });

  it('serves the real ManagedIdentityCredential, and its token opens Graph and Resource Manager', async () => {
    vi.stubEnv('IDENTITY_ENDPOINT', `${tenant.url}/msi/token`);
    vi.stubEnv('IDENTITY_HEADER', IDENTITY_HEADER);
    const credential = new ManagedIdentityCredential();
    const graph = await credential.getToken(`${GRAPH}/.default`);
    const arm = await credential.getToken(`${ARM}/.default`);
    expect(decodeJwt(graph.token)).toMatchObject({
      aud: GRAPH,
      tid: TENANT.id,
      oid: ENGINE.objectId,
      appid: ENGINE.appId,
      iss: `https://sts.windows.net/${TENANT.id}/`,
      roles: expect.arrayContaining(['User.Read.All', 'AuditLog.Read.All']),
    });
    expect(decodeJwt(arm.token).roles).toBeUndefined();
    const users = await send(`${tenant.url}/v1.0/users`, {}, { authorization: `Bearer ${graph.token}` });
    const subscriptions = `${tenant.url}/subscriptions?api-version=2022-12-01`;
    const list = await send(subscriptions, {}, { authorization: `Bearer ${arm.token}` });
    expect([users.status, list.status]).toEqual([200, 200]);
  });

  it('answers in the documented form', async () => {
    const { body } = await ask(`resource=${GRAPH}&api-version=2019-08-01`);
    expect(body).toEqual({
      access_token: expect.any(String),
      expires_on: expect.stringMatching(/^\d{10}$/),
      resource: GRAPH,
      token_type: 'Bearer',
      client_id: ENGINE.appId,
    });
  });

  it.each([
    ['no header', `resource=${GRAPH}&api-version=2019-08-01`, {}, 400],
    ['a wrong header', `resource=${GRAPH}&api-version=2019-08-01`, { 'x-identity-header': 'guess' }, 401],
    ['no resource', 'api-version=2019-08-01', undefined, 400],
    ['no version', `resource=${GRAPH}`, undefined, 400],
    ['another identity', `resource=${GRAPH}&api-version=2019-08-01&client_id=x`, undefined, 400],
  ])('refuses %s', async (_what, query, headers, status) => {
    expect((await ask(query, headers)).status).toBe(status);
  });
});

describe('tokens of people', () => {
  it('verify against the published keys and carry the roles of the person', async () => {
    const discovery = await tenant.local(`/${TENANT.id}/v2.0/.well-known/openid-configuration`);
    const { issuer, jwks_uri } = Object(discovery.body);
    const { body } = await tenant.local('/local/tokens?person=sam');
    const keys = createRemoteJWKSet(new URL(jwks_uri));
    const { payload } = await jwtVerify(Object(body).access_token, keys, { issuer, audience: 'api://quell' });
    expect(payload).toMatchObject({
      oid: PEOPLE.sam,
      name: 'Sam SecOps',
      preferred_username: `sam.secops@${TENANT.domain}`,
      roles: ['Alerts.Send', 'Quell.Responder', 'Quell.Approver', 'Quell.Author', 'Quell.Administrator'],
    });
    expect(Number(payload.exp) - Number(payload.iat)).toBe(8 * 3600);
  });

  it.each([
    ['riley', ['Quell.Reader']],
    ['max', ['Alerts.Send']],
  ])('give %s no more than %j', async (person, roles) => {
    const { body } = await tenant.local(`/local/tokens?person=${person}`);
    expect(decodeJwt(Object(body).access_token).roles).toEqual(roles);
  });

  it('are not for strangers, nor for the disabled', async () => {
    expect((await tenant.local('/local/tokens?person=eve')).status).toBe(400);
    const body = { accountEnabled: false };
    await tenant.graph(`/users/${PEOPLE.max}`, { method: 'PATCH', body });
    expect((await tenant.local('/local/tokens?person=max')).status).toBe(403);
    await tenant.local('/local/reset', { method: 'POST' });
  });
});

describe('a token that will not do', () => {
  const graph = (authorization?: string) =>
    send(`${tenant.url}/v1.0/users`, {}, authorization ? { authorization } : {});
  const arm = (authorization?: string) =>
    send(`${tenant.url}/subscriptions?api-version=2022-12-01`, {}, authorization ? { authorization } : {});
  const bearer = async (audience: string, lifetimeSeconds = 60) =>
    `Bearer ${(await tenant.tokens.forApp({ audience, lifetimeSeconds })).token}`;

  it('is missing', async () => {
    const [one, two] = [await graph(), await arm()];
    expect([one.status, two.status]).toEqual([401, 401]);
    expect(one.body).toMatchObject(error('InvalidAuthenticationToken', 'Access token is empty.'));
    expect(two.body).toMatchObject(error('AuthenticationFailed'));
    expect(one.headers.get('www-authenticate')).toMatch(/^Bearer /);
    expect(two.headers.get('www-authenticate')).toMatch(/^Bearer authorization_uri=/);
  });

  it('is no token, or is signed by somebody else', async () => {
    const other = await testTenant();
    const { token } = await other.tokens.forApp({ audience: GRAPH });
    await other.close();
    for (const text of ['Bearer nonsense', `Bearer ${token}`]) {
      const [one, two] = [await graph(text), await arm(text)];
      expect([one.status, two.status]).toEqual([401, 401]);
      expect(two.body).toMatchObject(error('InvalidAuthenticationToken'));
    }
  });

  it('has expired', async () => {
    const [one, two] = [await graph(await bearer(GRAPH, -10)), await arm(await bearer(ARM, -10))];
    expect(one.body).toMatchObject(error('InvalidAuthenticationToken', expect.stringContaining('expired')));
    expect(two.body).toMatchObject(error('ExpiredAuthenticationToken'));
  });

  it('is for another audience', async () => {
    const [one, two] = [await graph(await bearer(ARM)), await arm(await bearer(GRAPH))];
    const message = 'Access token validation failure. Invalid audience.';
    expect(one.body).toMatchObject(error('InvalidAuthenticationToken', message));
    expect(two.body).toMatchObject(error('InvalidAuthenticationTokenAudience'));
    expect([one.status, two.status]).toEqual([401, 401]);
  });

  it('is of a person, who has no business in Graph', async () => {
    const { body } = await tenant.local('/local/tokens?person=sam');
    expect((await graph(`Bearer ${Object(body).access_token}`)).status).toBe(401);
  });
});
