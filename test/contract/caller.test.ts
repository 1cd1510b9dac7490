import { createHmac } from 'node:crypto';
import { exportJWK, exportSPKI, generateKeyPair, importJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PEOPLE, PERSON_ROLES, TENANT } from '../../local/tenant/seed.ts';
import { type RunningTenant, startTenant } from '../../local/tenant/server.ts';
import { callerOf } from '../../shared/systems/entra/caller.ts';
import { farSide, faultOf } from '../support/systems.ts';

const audience = 'api://quell';
const place = (authorityHost: string) => callerOf({ authorityHost, tenantId: TENANT.id, audience });
const notValid = { disposition: 'refuse', code: 'unauthenticated', status: 401 };

describe('tokens of the tenant', () => {
  let tenant: RunningTenant;
  beforeAll(async () => {
    tenant = await startTenant({ identityHeader: 'x' });
  });
  afterAll(() => tenant.close());

  it('names a person by object id, name and roles', async () => {
    const { token } = await tenant.tokens.forPerson('sam', 'Sam SecOps', `sam.secops@${TENANT.domain}`);
    expect(await place(tenant.url)(`Bearer ${token}`)).toEqual({
      id: PEOPLE.sam,
      name: 'Sam SecOps',
      roles: PERSON_ROLES.sam,
    });
    expect(await place(tenant.url)(`bearer ${token}`)).toMatchObject({ id: PEOPLE.sam });
  });

  it('does not take a token of version 1, nor one for somebody else', async () => {
    for (const wanted of [audience, 'https://graph.microsoft.com']) {
      const { token } = await tenant.tokens.forApp({ audience: wanted, roles: ['Quell.Approver'] });
      expect(await faultOf(place(tenant.url)(`Bearer ${token}`))).toMatchObject(notValid);
    }
  });

  it('does not take a token of the same tenant signed by another key', async () => {
    const other = await startTenant({ identityHeader: 'x' });
    const { token } = await other.tokens.forPerson('sam', 'Sam', 'sam@x');
    await other.close();
    expect(await faultOf(place(tenant.url)(`Bearer ${token}`))).toMatchObject(notValid);
  });
});

const now = () => Math.floor(Date.now() / 1000);
const issuer = `https://login.microsoftonline.com/${TENANT.id}/v2.0`;
const good = () => ({
  iss: issuer,
  aud: audience,
  tid: TENANT.id,
  oid: PEOPLE.riley,
  iat: now(),
  nbf: now(),
  exp: now() + 600,
  name: 'Riley',
  roles: ['Quell.Reader'],
});

/** An authority with one key, which can be told to fail. */
async function authority() {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const state = { down: '' as '' | 'keys' | 'metadata', body: '', status: 500 };
  // Without `alg`, as Entra publishes its keys: which algorithm is taken is ours to say.
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', use: 'sig' }] };
  const far = await farSide((request, response) => {
    const part = request.url?.endsWith('/keys') ? 'keys' : 'metadata';
    if (state.down === part) return void response.writeHead(state.status).end(state.body);
    const metadata = { issuer, jwks_uri: `http://${request.headers.host}/keys` };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(part === 'keys' ? jwks : metadata));
  });
  const sign = (claims: Record<string, unknown>, header: object = {}, key = privateKey) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'k1', ...header }).sign(key);
  return { ...far, state, sign, publicKey, privateKey };
}

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a token made by hand', () => {
  let far: Awaited<ReturnType<typeof authority>>;
  let believe: ReturnType<typeof callerOf>;
  beforeAll(async () => {
    far = await authority();
    believe = place(far.url);
  });
  afterAll(() => far.close());

  it('is believed where all of it is right', async () => {
    expect(await believe(`Bearer ${await far.sign(good())}`)).toEqual({
      id: PEOPLE.riley,
      name: 'Riley',
      roles: ['Quell.Reader'],
    });
  });

  it.each([
    ['without roles', { roles: undefined }, { name: 'Riley', roles: [] }],
    ['of an application', { name: undefined, azp: 'an-app' }, { name: 'an-app' }],
    ['with a user name only', { name: undefined, preferred_username: 'r@x' }, { name: 'r@x' }],
    ['without any name', { name: undefined }, { name: PEOPLE.riley }],
    ['by a clock half a minute ahead', { nbf: now() + 30 }, {}],
    ['that has just run out', { exp: now() - 30 }, {}],
  ])('is believed %s', async (_what, claims, caller) => {
    expect(await believe(`Bearer ${await far.sign({ ...good(), ...claims })}`)).toMatchObject(caller);
  });

  it.each([
    ['for another audience', { aud: 'api://other' }],
    ['for no audience', { aud: undefined }],
    ['of another issuer', { iss: `https://login.microsoftonline.com/${PEOPLE.sam}/v2.0` }],
    ['of an issuer of version 1', { iss: `https://sts.windows.net/${TENANT.id}/` }],
    ['of no issuer', { iss: undefined }],
    ['of another tenant', { tid: PEOPLE.sam }],
    ['of no tenant', { tid: undefined }],
    ['of nobody', { oid: undefined }],
    ['of an empty id', { oid: '' }],
    ['of an id that is no text', { oid: 7 }],
    ['without an end', { exp: undefined }],
    ['that begins later', { nbf: now() + 300 }],
    ['whose roles are one text', { roles: 'Quell.Approver' }],
  ])('is not believed %s, and is not told why', async (_what, claims) => {
    const fault = await faultOf(believe(`Bearer ${await far.sign({ ...good(), ...claims })}`));
    expect(fault).toMatchObject({ ...notValid, message: 'The token is not valid here.' });
  });

  it('is told that it has run out, and only where it was ours', async () => {
    const expired = { ...good(), exp: now() - 300 };
    expect(await faultOf(believe(`Bearer ${await far.sign(expired)}`))).toMatchObject({
      ...notValid,
      message: 'The token has expired.',
    });
    const { privateKey } = await generateKeyPair('RS256');
    const forged = await far.sign(expired, {}, privateKey);
    expect(await faultOf(believe(`Bearer ${forged}`))).toMatchObject({ message: 'The token is not valid here.' });
  });

  it('is not believed for an algorithm that is not asked for', async () => {
    const none = `${encoded({ alg: 'none' })}.${encoded(good())}`;
    const hmac = `${encoded({ alg: 'HS256', kid: 'k1' })}.${encoded(good())}`;
    const secret = await exportSPKI(far.publicKey);
    const signed = `${hmac}.${createHmac('sha256', secret).update(hmac).digest('base64url')}`;
    const same = await importJWK(await exportJWK(far.privateKey), 'PS256');
    if (same instanceof Uint8Array) return expect.unreachable();
    const other = await far.sign(good(), { alg: 'PS256' }, same);
    for (const token of [`${none}.x`, signed, other])
      expect(await faultOf(believe(`Bearer ${token}`))).toMatchObject(notValid);
  });

  it('is not believed with a key nobody knows, or one it brings itself', async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    const jwk = await exportJWK(publicKey);
    for (const header of [
      { kid: 'k2' },
      { kid: 'k1', jwk },
      { kid: 'k2', jwk },
      { kid: 'k1', crit: ['b64'], b64: true },
    ])
      expect(await faultOf(believe(`Bearer ${await far.sign(good(), header, privateKey)}`))).toMatchObject(notValid);
  });

  it('is not believed with other claims or without its signature', async () => {
    const [head, , signature] = (await far.sign(good())).split('.');
    const other = encoded({ ...good(), roles: ['Quell.Approver'] });
    for (const token of [`${head}.${other}.${signature}`, `${head}.${other}.`, `${head}.${other}`])
      expect(await faultOf(believe(`Bearer ${token}`))).toMatchObject(notValid);
  });

  it.each([
    null,
    '',
    'Bearer',
    'Bearer ',
    'Basic dXNlcjpwYXNz',
    'Bearer a b.c.d',
    'Bearer a.b.c.d.e',
    'Bearer a.b.c\n',
  ])('is asked for where there is %j', async (authorization) => {
    const fault = await faultOf(believe(authorization));
    expect(fault).toMatchObject({ ...notValid, message: 'A bearer token is needed.' });
  });

  it('is no token where its parts are no JSON', async () => {
    for (const token of ['a.b.c', `${encoded([])}.${encoded([])}.x`])
      expect(await faultOf(believe(`Bearer ${token}`))).toMatchObject(notValid);
  });
});

describe('keys that cannot be had', () => {
  it.each([
    ['metadata', 500, ''],
    ['metadata', 200, '<html>'],
    ['metadata', 200, '{"issuer":1}'],
    ['metadata', 302, ''],
    ['keys', 500, ''],
    ['keys', 200, '<html>'],
    ['keys', 200, '{"keys":"none"}'],
  ] as const)('%s answering %i %s are no fault of the sender, and come again', async (down, status, body) => {
    await using far = await authority();
    const believe = place(far.url);
    const token = `Bearer ${await far.sign(good())}`;
    Object.assign(far.state, { down, status, body });
    expect(await faultOf(believe(token))).toMatchObject({ disposition: 'retry', code: 'no-keys', status: 503 });
    far.state.down = '';
    expect(await believe(token)).toMatchObject({ id: PEOPLE.riley });
  });

  it('are not asked for before there is a token, and once for many tokens', async () => {
    await using far = await authority();
    const believe = place(far.url);
    await faultOf(believe('Bearer nothing'));
    expect(far.seen).toEqual([]);
    const token = `Bearer ${await far.sign(good())}`;
    await Promise.all([believe(token), believe(token)]);
    await believe(token);
    expect(far.seen.map(({ url }) => url)).toEqual([`/${TENANT.id}/v2.0/.well-known/openid-configuration`, '/keys']);
  });

  it('are not asked for again by everybody who names an unknown one', async () => {
    await using far = await authority();
    const believe = place(far.url);
    await believe(`Bearer ${await far.sign(good())}`);
    for (const kid of ['a', 'b', 'c'])
      expect(await faultOf(believe(`Bearer ${await far.sign(good(), { kid })}`))).toMatchObject(notValid);
    expect(far.seen).toHaveLength(2);
  });

  it('are not reached at all where nobody listens', async () => {
    const far = await authority();
    await far.close();
    expect(await faultOf(place(far.url)(`Bearer ${await far.sign(good())}`))).toMatchObject({ code: 'no-keys' });
  });
});
