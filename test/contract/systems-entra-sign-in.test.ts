import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PAGE_APP, PEOPLE, TENANT } from '../../local/tenant/seed.ts';
import { type Binding, type SignIn, type SignInPlace, signInOf } from '../../shared/systems/entra/sign-in.ts';
import { type TestTenant, testTenant } from '../support/tenant.ts';

let tenant: TestTenant;
let place: SignInPlace;
let signIn: SignIn;
beforeAll(async () => {
  tenant = await testTenant();
  place = {
    authorityHost: tenant.url,
    tenantId: TENANT.id,
    clientId: PAGE_APP.appId,
    redirectUri: `http://127.0.0.1:7071${PAGE_APP.redirectPath}`,
    assertion: async () => (await tenant.tokens.forApp({ audience: 'api://AzureADTokenExchange' })).token,
  };
  signIn = signInOf(place);
});
afterAll(() => tenant.close());

const binding: Binding = { state: 's'.repeat(43), nonce: 'n'.repeat(43), verifier: 'v'.repeat(43) };
const refused = { disposition: 'refuse', status: 401 };

/** Where the browser is sent to after somebody said who they are. */
async function answered(url: string, user: string = PEOPLE.sam): Promise<{ status: number; to: URL | null }> {
  const response = await fetch(`${url}&local_user=${user}`, { redirect: 'manual' });
  await response.body?.cancel();
  const location = response.headers.get('location');
  return { status: response.status, to: location === null ? null : new URL(location) };
}

async function codeFor(user?: string): Promise<string> {
  const { to } = await answered(await signIn.begin(binding, false), user);
  return to?.searchParams.get('code') ?? '';
}

describe('signing in', () => {
  test('with everything as it was begun: the object id of who it is', async () => {
    const url = new URL(await signIn.begin(binding, true));
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      scope: 'openid profile',
      prompt: 'select_account',
      nonce: binding.nonce,
    });
    expect(url.href).not.toContain(binding.verifier);
    const { to } = await answered(url.href);
    expect(to?.searchParams.get('state')).toBe(binding.state);
    const person = await signIn.finish(to?.searchParams.get('code') ?? '', binding);
    expect(person).toEqual({ id: PEOPLE.sam, name: 'Sam SecOps' });
  });

  test('the page asks who one is, and says so for nobody', async () => {
    const page = await fetch(await signIn.begin(binding, false));
    const text = await page.text();
    expect(page.status).toBe(200);
    for (const name of ['Sam SecOps', 'Olga Owner', 'Riley Reader']) expect(text).toContain(name);
  });

  test.each<[string, Partial<Binding>]>([
    ['another verifier', { verifier: 'w'.repeat(43) }],
    ['another nonce', { nonce: 'm'.repeat(43) }],
  ])('not with %s', async (_what, differs) => {
    await expect(signIn.finish(await codeFor(), { ...binding, ...differs })).rejects.toMatchObject(refused);
  });

  test('a code is good once, and a made-up one never', async () => {
    const code = await codeFor();
    await signIn.finish(code, binding);
    await expect(signIn.finish(code, binding)).rejects.toMatchObject(refused);
    await expect(signIn.finish('made-up', binding)).rejects.toMatchObject(refused);
  });

  test('not with a code that was given for another address', async () => {
    const elsewhere = signInOf({ ...place, redirectUri: `http://localhost:7071${PAGE_APP.redirectPath}` });
    await expect(elsewhere.finish(await codeFor(), binding)).rejects.toMatchObject(refused);
  });

  test('not for an app that cannot prove itself', async () => {
    const token = async (audience: string, objectId?: string) =>
      (await tenant.tokens.forApp({ audience, ...(objectId ? { objectId } : {}) })).token;
    for (const assertion of [
      () => token('https://graph.microsoft.com'),
      () => token('api://AzureADTokenExchange', PEOPLE.max),
    ])
      await expect(signInOf({ ...place, assertion }).finish(await codeFor(), binding)).rejects.toMatchObject({
        disposition: 'halt',
        code: 'no-sign-in',
      });
  });

  test('not of another tenant, and not with keys of another tenant', async () => {
    const other = signInOf({ ...place, tenantId: '00000000-0000-4000-8000-000000000001' });
    await expect(other.begin(binding, false)).rejects.toMatchObject({ disposition: 'retry' });
  });

  test('while Entra fails, later', async () => {
    const code = await codeFor();
    await tenant.local('/local/faults', {
      method: 'POST',
      body: { match: { path: '/oauth2/v2.0/token' }, status: 503 },
    });
    await expect(signIn.finish(code, binding)).rejects.toMatchObject({ disposition: 'retry' });
  });
});

describe('the stand-in tells the person, and sends nobody anywhere, where', () => {
  test.each([
    ['the address is not registered', 'redirect_uri', 'http://127.0.0.1:7071/elsewhere'],
    ['the address is of another host', 'redirect_uri', `https://evil.example${PAGE_APP.redirectPath}`],
    ['the app is not known', 'client_id', '00000000-0000-4000-8000-000000000009'],
  ])('%s', async (_what, name, value) => {
    const url = new URL(await signIn.begin(binding, false));
    url.searchParams.set(name, value);
    expect(await answered(url.href)).toEqual({ status: 400, to: null });
  });

  test('the account is disabled', async () => {
    expect((await answered(await signIn.begin(binding, false), PEOPLE.disabled)).status).toBe(400);
  });

  test.each([
    ['no challenge', 'code_challenge', ''],
    ['a plain challenge', 'code_challenge_method', 'plain'],
    ['no nonce', 'nonce', ''],
    ['a token instead of a code', 'response_type', 'id_token'],
    ['no openid', 'scope', 'profile'],
  ])('%s is told to the app', async (_what, name, value) => {
    const url = new URL(await signIn.begin(binding, false));
    url.searchParams.set(name, value);
    const { to } = await answered(url.href);
    expect([to?.searchParams.get('error'), to?.searchParams.has('code')]).toEqual(['invalid_request', false]);
  });
});
