import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PEOPLE, TENANT } from '../../local/tenant/seed.ts';
import { graphClient, rows, type TestTenant, testTenant } from '../support/tenant.ts';

let tenant: TestTenant;
beforeAll(async () => {
  tenant = await testTenant();
});
afterAll(() => tenant.close());

const DAY = 86_400_000;
const ago = (days: number) => new Date(Date.now() - days * DAY).toISOString();
const names = async (filter: string, more = '') =>
  rows(await tenant.graph(`/users?$filter=${filter}&$select=displayName${more}`)).map((row) => row.displayName);
const refusal = async (path: string, call = {}) => {
  const { status, body } = await tenant.graph(path, call);
  return [status, Object(body).error?.code];
};

describe('one user', () => {
  it('has the default properties where none are selected', async () => {
    const { body } = await tenant.graph(`/users/${PEOPLE.adaQuiet}`);
    expect(body).toEqual({
      '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#users/$entity',
      businessPhones: [],
      displayName: 'Ada Quiet',
      givenName: 'Ada',
      jobTitle: null,
      mail: `ada.quiet@${TENANT.domain}`,
      mobilePhone: null,
      officeLocation: null,
      preferredLanguage: null,
      surname: 'Quiet',
      userPrincipalName: `ada.quiet@${TENANT.domain}`,
      id: PEOPLE.adaQuiet,
    });
  });

  it('is found by its principal name, whatever the case', async () => {
    const { body } = await tenant.graph(`/users/ADA.quiet@${TENANT.domain}`);
    expect(body).toMatchObject({ id: PEOPLE.adaQuiet });
  });

  it('shows what was selected', async () => {
    const select = 'accountEnabled,userType,onPremisesSyncEnabled,createdDateTime';
    const { body } = await tenant.graph(`/users/${PEOPLE.synced}?$select=${select}`);
    expect(body).toEqual({
      '@odata.context': expect.any(String),
      accountEnabled: true,
      userType: 'Member',
      onPremisesSyncEnabled: true,
      createdDateTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });
  });

  it('has its custom security attributes on request', async () => {
    const { body } = await tenant.graph(`/users/${PEOPLE.tagged}?$select=id,customSecurityAttributes`);
    expect(body).toMatchObject({
      customSecurityAttributes: {
        AlertResponse: {
          '@odata.type': '#microsoft.graph.customSecurityAttributeValue',
          ckExcludeFromReports: expect.any(String),
        },
      },
    });
  });

  it.each([
    ['nobody', `/users/00000000-0000-4000-8000-00000000dead`, 404, 'Request_ResourceNotFound'],
    ['an unknown property', `/users/${PEOPLE.adaQuiet}?$select=shoeSize`, 400, 'BadRequest'],
    ['an unknown option', '/users?$orderby=displayName', 400, 'BadRequest'],
    ['an unknown resource', '/gadgets', 400, 'BadRequest'],
  ])('answers for %s', async (_what, path, status, code) => {
    expect(await refusal(path)).toEqual([status, code]);
  });

  it('names the request in an error', async () => {
    const id = '5f3a6f0e-8c3d-4a52-9b64-3a1a6d1c2b10';
    const { body, headers } = await tenant.graph('/users/nobody', { headers: { 'client-request-id': id } });
    expect(Object(body).error.innerError).toEqual({
      date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
      'request-id': headers.get('request-id'),
      'client-request-id': id,
    });
  });
});

describe('sign-in activity', () => {
  const activity = async (id: string) =>
    Object((await tenant.graph(`/users/${id}?$select=signInActivity`)).body).signInActivity;

  it('tells attempts from successes, and people from their programs', async () => {
    const failing = await activity(PEOPLE.failedSignIns);
    expect(failing.lastSignInDateTime > ago(4)).toBe(true);
    expect(failing.lastSuccessfulSignInDateTime < ago(230)).toBe(true);
    const background = await activity(PEOPLE.nonInteractive);
    expect(background.lastSignInDateTime < ago(195)).toBe(true);
    expect(background.lastNonInteractiveSignInDateTime > ago(2)).toBe(true);
  });

  it('is left out for who never signed in', async () => {
    const { body } = await tenant.graph(`/users/${PEOPLE.neverSignedIn}?$select=id,signInActivity`);
    expect(body).toEqual({ '@odata.context': expect.any(String), id: PEOPLE.neverSignedIn });
  });

  it('needs AuditLog.Read.All, selected or filtered by', async () => {
    const roles = ['User.Read.All'];
    const denied = [403, 'Authentication_MSGraphPermissionMissing'];
    expect(await refusal(`/users/${PEOPLE.adaQuiet}?$select=signInActivity`, { roles })).toEqual(denied);
    expect(await refusal(`/users?$filter=signInActivity/lastSignInDateTime le ${ago(90)}`, { roles })).toEqual(denied);
  });

  it('is found by object id only', async () => {
    expect(await refusal(`/users/ada.quiet@${TENANT.domain}?$select=signInActivity`)).toEqual([400, 'BadRequest']);
  });

  it('filters, and leaves out who never signed in', async () => {
    const found = await names(`signInActivity/lastSignInDateTime le ${ago(90)}`);
    expect(found).toEqual(expect.arrayContaining(['Ada Quiet', 'Ben Still', 'Dora Dormant', 'Ned Background']));
    for (const name of ['Nora Never', 'Yara Yesterday', 'Fay Failing']) expect(found).not.toContain(name);
  });

  it('does not filter together with anything else', async () => {
    const filter = `signInActivity/lastSignInDateTime le ${ago(90)} and accountEnabled eq true`;
    expect(await refusal(`/users?$filter=${filter}`)).toEqual([400, 'BadRequest']);
  });
});

describe('a list of users', () => {
  it.each([
    [`id eq '${PEOPLE.benStill}'`, ['Ben Still']],
    [`userPrincipalName eq 'dora.dormant@${TENANT.domain}'`, ['Dora Dormant']],
    [`mail eq 'ADA.QUIET@${TENANT.domain}'`, ['Ada Quiet']],
    ["displayName eq 'Alex Doe'", ['Alex Doe', 'Alex Doe']],
    ["displayName eq 'Ada Quiet'", ['Ada Quiet']],
    ["displayName eq '\u0410da Quiet'", ['\u0410da Quiet']],
    ["displayName eq 'Łukasz Ørsted-Ñúñez 🌿'", ['Łukasz Ørsted-Ñúñez 🌿']],
    ['accountEnabled eq false', ['Dirk Disabled']],
    ["startswith(displayName,'do')", ['Dora Dormant']],
    ["startswith(displayName,'B') or startswith(displayName,'Do')", ['Ben Still', 'Dora Dormant']],
    ["(startswith(displayName,'D') and accountEnabled eq true)", ['Dora Dormant']],
    ["displayName in ('Ben Still', 'Dora Dormant')", ['Ben Still', 'Dora Dormant']],
    ["displayName eq 'O''Nobody'", []],
    ["userType eq 'Guest'", ['Gus Guest']],
  ])('is filtered by %s', async (filter, expected) => {
    expect(await names(filter)).toEqual(expected);
  });

  it.each([
    ['displayName eq', 'BadRequest'],
    ["displayName eq 'open", 'BadRequest'],
    ["displayName is 'x'", 'BadRequest'],
    ["shoeSize eq '9'", 'BadRequest'],
    ["contains(displayName,'x')", 'BadRequest'],
    ['accountEnabled ne true', 'Request_UnsupportedQuery'],
  ])('refuses the filter %s', async (filter, code) => {
    expect(await refusal(`/users?$filter=${filter}`)).toEqual([400, code]);
  });

  it('takes an advanced query with its header and its count', async () => {
    const path = '/users?$filter=accountEnabled ne true&$count=true';
    const { body } = await tenant.graph(path, { headers: { ConsistencyLevel: 'eventual' } });
    expect(body).toMatchObject({ '@odata.count': 1, value: [{ displayName: 'Dirk Disabled' }] });
  });

  it.each(['0', '1000', 'many'])('refuses $top=%s', async (top) => {
    expect(await refusal(`/users?$top=${top}`)).toEqual([400, 'Request_BadRequest']);
  });

  it('is read to its end by the real client, page by page', async () => {
    const client = graphClient(tenant, ['User.Read.All']);
    const ids = new Set<string>();
    let pages = 0;
    let next: string | undefined = '/users?$top=7&$select=id';
    while (next) {
      const page: { value: { id: string }[]; '@odata.nextLink'?: string } = await client
        .api(next.replace(`${tenant.url}/v1.0`, ''))
        .get();
      for (const { id } of page.value) ids.add(id);
      pages += 1;
      next = page['@odata.nextLink'];
    }
    expect(ids.size).toBe(Object.keys(tenant.tenant.truth().users).length);
    expect(pages).toBe(Math.ceil(ids.size / 7));
    expect(ids.size).toBeGreaterThanOrEqual(40);
  });
});
