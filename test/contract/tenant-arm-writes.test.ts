import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ASSIGNMENTS, AZURE_ROLES, ENGINE, GROUPS, OTHER_APP, PEOPLE, SCOPES } from '../../local/tenant/seed.ts';
import { type Call, type TestTenant, testTenant } from '../support/tenant.ts';

let tenant: TestTenant;
beforeAll(async () => {
  tenant = await testTenant();
});
beforeEach(() => tenant.tenant.reset());
afterAll(() => tenant.close());

const NAME = '0b8f3a52-6a3f-4a57-8d0e-2f1a9c7b6d54';
const { payments, subscriptionA, subscriptionB, managementGroup } = SCOPES;

const url = (scope: string, name: string) =>
  `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}?api-version=2022-04-01`;
const role = (name: string, scope = subscriptionA) =>
  `${scope}/providers/Microsoft.Authorization/roleDefinitions/${name}`;
const wanted = (more: object = {}) => ({
  properties: {
    roleDefinitionId: role(AZURE_ROLES.reader),
    principalId: PEOPLE.adaQuiet,
    principalType: 'User',
    ...more,
  },
});
const put = (scope: string, name: string, body: unknown, call: Call = {}) =>
  tenant.arm(url(scope, name), { method: 'PUT', body, ...call });
const remove = (scope: string, name: string, call: Call = {}) =>
  tenant.arm(url(scope, name), { method: 'DELETE', ...call });
const read = async (scope: string, name: string) => (await tenant.arm(url(scope, name))).status;
const code = ({ status, body }: { status: number; body: unknown }) => [status, Object(body).error?.code];

describe('putting a role assignment', () => {
  it('creates it, and finds it when put again', async () => {
    const created = await put(payments, NAME, wanted());
    expect(created).toMatchObject({
      status: 201,
      body: {
        name: NAME,
        properties: { scope: payments, principalId: PEOPLE.adaQuiet, createdBy: ENGINE.objectId, condition: null },
      },
    });
    expect(await put(payments, NAME, wanted())).toMatchObject({ status: 200, body: created.body });
    expect(await read(payments, NAME)).toBe(200);
  });

  it('brings back what was deleted, condition and all', async () => {
    const { conditioned } = ASSIGNMENTS;
    const { body: gone } = await remove(SCOPES.data, conditioned);
    const { roleDefinitionId, principalId, principalType, condition, conditionVersion, description } =
      Object(gone).properties;
    const again = { roleDefinitionId, principalId, principalType, condition, conditionVersion, description };
    const { status, body } = await put(SCOPES.data, conditioned, { properties: again });
    expect([status, Object(body).properties]).toEqual([201, expect.objectContaining(again)]);
  });

  it('changes its words under the same name', async () => {
    await put(payments, NAME, wanted());
    expect(await put(payments, NAME, wanted({ description: 'why' }))).toMatchObject({
      status: 200,
      body: { properties: { description: 'why' } },
    });
  });

  it('does not change what it is about', async () => {
    await put(payments, NAME, wanted());
    const refused = [400, 'RoleAssignmentUpdateNotPermitted'];
    expect(code(await put(payments, NAME, wanted({ roleDefinitionId: role(AZURE_ROLES.contributor) })))).toEqual(
      refused,
    );
    expect(code(await put(payments, NAME, wanted({ principalId: PEOPLE.benStill })))).toEqual(refused);
    expect(code(await put(subscriptionA, NAME, wanted()))).toEqual(refused);
  });

  it('finds its twin under another name', async () => {
    await put(payments, NAME, wanted());
    const other = await put(payments, '1c9a4b63-7b40-4b68-9e1f-3a2bad8c7e65', wanted());
    expect(code(other)).toEqual([409, 'RoleAssignmentExists']);
    expect(Object(other.body).error.message).toContain(NAME.replaceAll('-', ''));
  });

  it.each([
    [
      'a principal that is not there',
      NAME,
      wanted({ principalId: '99999999-0000-4000-8000-000000000000' }),
      400,
      'PrincipalNotFound',
    ],
    ['a principal of another type', NAME, wanted({ principalType: 'Group' }), 400, 'UnmatchedPrincipalType'],
    ['a role that is not there', NAME, wanted({ roleDefinitionId: role(NAME) }), 404, 'RoleDefinitionDoesNotExist'],
    ['a name that is no GUID', 'ada-reader', wanted(), 400, 'InvalidRoleAssignmentId'],
    ['a body that is no JSON', NAME, '{"properties":', 400, 'InvalidRequestContent'],
    [
      'a body without a principal',
      NAME,
      { properties: { roleDefinitionId: role(AZURE_ROLES.reader) } },
      400,
      'BadRequestFormat',
    ],
  ])('refuses %s', async (_what, name, body, status, expected) => {
    expect(code(await put(payments, name, body))).toEqual([status, expected]);
    expect(tenant.tenant.mutations()).toEqual([]);
  });

  it('keeps a custom role to its own scopes', async () => {
    const body = wanted({ roleDefinitionId: role(AZURE_ROLES.auditor) });
    expect((await put(payments, NAME, body)).status).toBe(201);
    expect((await put(subscriptionB, '1c9a4b63-7b40-4b68-9e1f-3a2bad8c7e65', body)).status).toBe(400);
  });

  it.each([
    ['nobody', OTHER_APP.objectId, 403],
    ['a reader', PEOPLE.alexDoeTwo, 403],
    ['a contributor', PEOPLE.benStill, 403],
    ['an owner', PEOPLE.olga, 201],
    ['an administrator of access above', ENGINE.objectId, 201],
  ])('is for who may: %s', async (_who, as, status) => {
    expect((await put(payments, NAME, wanted(), { as })).status).toBe(status);
  });

  it('is for a role based access control administrator too', async () => {
    const body = wanted({
      roleDefinitionId: role(AZURE_ROLES.rbacAdministrator),
      principalId: GROUPS.contributors,
      principalType: 'Group',
    });
    await put(payments, '1c9a4b63-7b40-4b68-9e1f-3a2bad8c7e65', body);
    expect((await put(payments, NAME, wanted(), { as: PEOPLE.groupOnly })).status).toBe(201);
    expect(
      (await put(subscriptionA, '2dab5c74-8c51-4c79-8f2a-4b3cbe9d8f76', wanted(), { as: PEOPLE.groupOnly })).status,
    ).toBe(403);
  });
});

describe('deleting a role assignment', () => {
  it('answers with what it was, then with nothing', async () => {
    expect(await remove(payments, ASSIGNMENTS.adaPayments)).toMatchObject({
      status: 200,
      body: { name: ASSIGNMENTS.adaPayments, properties: { description: 'Payments migration' } },
    });
    expect(await remove(payments, ASSIGNMENTS.adaPayments)).toMatchObject({ status: 204, body: undefined });
    expect(await read(payments, ASSIGNMENTS.adaPayments)).toBe(404);
  });

  it('does not reach another scope', async () => {
    expect((await remove(subscriptionA, ASSIGNMENTS.adaPayments)).status).toBe(204);
    expect(await read(payments, ASSIGNMENTS.adaPayments)).toBe(200);
  });

  it('leaves a subscription its last owner', async () => {
    expect((await remove(subscriptionA, ASSIGNMENTS.breakGlass)).status).toBe(200);
    for (const [scope, name] of [
      [subscriptionA, ASSIGNMENTS.ownerOfA],
      [subscriptionB, ASSIGNMENTS.ownerOfB],
    ] as const) {
      expect(code(await remove(scope, name))).toEqual([412, 'CannotDeleteLastRbacAdminAssignment']);
    }
  });

  it('is for who may', async () => {
    expect(code(await remove(payments, ASSIGNMENTS.adaPayments, { as: PEOPLE.benStill }))).toEqual([
      403,
      'AuthorizationFailed',
    ]);
    expect((await remove(managementGroup, ASSIGNMENTS.managementGroup)).status).toBe(200);
  });

  it('is not what happens when the user is deleted: the assignment waits for the restore', async () => {
    await tenant.graph(`/users/${PEOPLE.adaQuiet}`, { method: 'DELETE' });
    expect(await read(payments, ASSIGNMENTS.adaPayments)).toBe(200);
    expect(code(await put(payments, NAME, wanted()))).toEqual([400, 'PrincipalNotFound']);
  });
});
