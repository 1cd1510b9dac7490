import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ASSIGNMENTS,
  AZURE_ROLES,
  GROUPS,
  OTHER_APP,
  PEOPLE,
  SCOPES,
  SUBSCRIPTION_A,
  SUBSCRIPTION_B,
} from '../../local/tenant/seed.ts';
import { allRows, type Call, type TestTenant, testTenant } from '../support/tenant.ts';

let tenant: TestTenant;
beforeAll(async () => {
  tenant = await testTenant();
});
afterAll(() => tenant.close());

const AUTHORIZATION = '/providers/Microsoft.Authorization';
const code = async (path: string, call: Call = {}) => {
  const { status, body } = await tenant.arm(path, call);
  return [status, Object(body).error?.code];
};
const list = (scope: string, type: string, filter?: string, call: Call = {}) => {
  const version = type.endsWith('Instances') ? '2020-10-01' : '2022-04-01';
  const query = `api-version=${version}${filter ? `&$filter=${filter}` : ''}`;
  return allRows(tenant, `${scope}${AUTHORIZATION}/${type}?${query}`, call);
};
const names = async (scope: string, filter?: string) =>
  (await list(scope, 'roleAssignments', filter)).map((row) => row.name).sort();

describe('subscriptions', () => {
  it('are listed with their tags', async () => {
    const { body } = await tenant.arm('/subscriptions?api-version=2022-12-01');
    expect(body).toMatchObject({
      value: [
        { subscriptionId: SUBSCRIPTION_A, displayName: 'Contoso Production', tags: { environment: 'production' } },
        { subscriptionId: SUBSCRIPTION_B, displayName: 'Contoso Sandbox', tags: { environment: 'sandbox' } },
      ],
      count: { type: 'Total', value: 2 },
    });
  });

  it('are read one by one', async () => {
    const { body } = await tenant.arm(`${SCOPES.subscriptionB}?api-version=2022-12-01`);
    expect(body).toMatchObject({ id: SCOPES.subscriptionB, state: 'Enabled', tags: { environment: 'sandbox' } });
    const path = '/subscriptions/99999999-0000-4000-8000-000000000000?api-version=2022-12-01';
    expect(await code(path)).toEqual([404, 'SubscriptionNotFound']);
  });

  it('are not for who has no role there', async () => {
    const as = OTHER_APP.objectId;
    expect((await tenant.arm('/subscriptions?api-version=2022-12-01', { as })).body).toMatchObject({ value: [] });
    expect(await code(`${SCOPES.subscriptionA}?api-version=2022-12-01`, { as })).toEqual([403, 'AuthorizationFailed']);
  });
});

describe('role assignments', () => {
  it('have every property needed to make them again', async () => {
    const [row] = await list(SCOPES.data, 'roleAssignments', `principalId eq '${PEOPLE.conditioned}'`);
    expect(row).toEqual({
      id: `${SCOPES.data}${AUTHORIZATION}/roleAssignments/${ASSIGNMENTS.conditioned}`,
      name: ASSIGNMENTS.conditioned,
      type: 'Microsoft.Authorization/roleAssignments',
      properties: {
        roleDefinitionId: `${SCOPES.subscriptionA}${AUTHORIZATION}/roleDefinitions/${AZURE_ROLES.storageBlobDataContributor}`,
        principalId: PEOPLE.conditioned,
        principalType: 'User',
        scope: SCOPES.data,
        condition: expect.stringContaining('ActionMatches'),
        conditionVersion: '2.0',
        description: 'Public container only',
        createdOn: expect.any(String),
        updatedOn: expect.any(String),
        createdBy: PEOPLE.globalAdmin,
        updatedBy: PEOPLE.globalAdmin,
        delegatedManagedIdentityResourceId: null,
      },
    });
  });

  it('are those at, above and below the scope; atScope() leaves out those below', async () => {
    const all = await names(SCOPES.subscriptionA);
    expect(all).toEqual(
      expect.arrayContaining([ASSIGNMENTS.ben, ASSIGNMENTS.adaPayments, ASSIGNMENTS.managementGroup]),
    );
    expect(all).not.toContain(ASSIGNMENTS.dora);
    const here = await names(SCOPES.subscriptionA, 'atScope()');
    expect(here).toEqual(expect.arrayContaining([ASSIGNMENTS.ben, ASSIGNMENTS.managementGroup]));
    expect(here).not.toContain(ASSIGNMENTS.adaPayments);
    expect(await names(SCOPES.managementGroup, 'atScope()')).toEqual(
      [ASSIGNMENTS.engineAccess, ASSIGNMENTS.engineReader, ASSIGNMENTS.managementGroup].sort(),
    );
  });

  it.each([
    [
      'direct ones',
      SCOPES.subscriptionA,
      `principalId eq '${PEOPLE.adaQuiet}'`,
      [ASSIGNMENTS.adaPayments, ASSIGNMENTS.adaData],
    ],
    ['none in another subscription', SCOPES.subscriptionB, `principalId eq '${PEOPLE.adaQuiet}'`, []],
    ['none directly', SCOPES.subscriptionA, `principalId eq '${PEOPLE.groupOnly}'`, []],
    ['one through a group', SCOPES.subscriptionA, `assignedTo('${PEOPLE.groupOnly}')`, [ASSIGNMENTS.group]],
    ['one through a nested group', SCOPES.subscriptionA, `assignedTo('${PEOPLE.nested}')`, [ASSIGNMENTS.nested]],
    ['none at the scope', SCOPES.subscriptionA, `atScope() and assignedTo('${PEOPLE.nested}')`, []],
    [
      'one from above',
      SCOPES.payments,
      `atScope() and principalId eq '${PEOPLE.managementGroupOnly}'`,
      [ASSIGNMENTS.managementGroup],
    ],
    ['those of a group', SCOPES.subscriptionA, `principalId eq '${GROUPS.contributors}'`, [ASSIGNMENTS.group]],
    ['without quotes', SCOPES.subscriptionB, `principalId eq ${PEOPLE.doraDormant}`, [ASSIGNMENTS.dora]],
  ])('are filtered: %s', async (_what, scope, filter, expected) => {
    expect(await names(scope, filter)).toEqual([...expected].sort());
  });

  it.each([
    `assignedTo('${GROUPS.contributors}')`,
    "principalId ne 'x'",
    "roleName eq 'Owner'",
    'nearScope()',
    "atScope() or principalId eq 'x'",
    'atScope(',
  ])('refuse the filter %s', async (filter) => {
    const path = `${SCOPES.subscriptionA}${AUTHORIZATION}/roleAssignments?api-version=2022-04-01&$filter=${filter}`;
    expect(await code(path)).toEqual([400, 'InvalidFilter']);
  });

  it('come in pages', async () => {
    const path = `${SCOPES.subscriptionA}${AUTHORIZATION}/roleAssignments?api-version=2022-04-01`;
    const { body } = await tenant.arm(path);
    expect(Object(body).nextLink).toContain('skipToken');
    const all = await names(SCOPES.subscriptionA);
    expect(new Set(all).size).toBe(all.length);
    expect(all.length).toBeGreaterThan(Object(body).value.length);
  });

  it('are read by name, at their own scope', async () => {
    const path = (scope: string) =>
      `${scope}${AUTHORIZATION}/roleAssignments/${ASSIGNMENTS.ben}?api-version=2022-04-01`;
    expect((await tenant.arm(path(SCOPES.subscriptionA))).body).toMatchObject({ name: ASSIGNMENTS.ben });
    expect(await code(path(SCOPES.payments))).toEqual([404, 'RoleAssignmentNotFound']);
  });

  it('need a role to be read', async () => {
    const path = `${SCOPES.payments}${AUTHORIZATION}/roleAssignments?api-version=2022-04-01`;
    const { status, body } = await tenant.arm(path, { as: OTHER_APP.objectId });
    expect(status).toBe(403);
    expect(body).toEqual({
      error: {
        code: 'AuthorizationFailed',
        message: expect.stringMatching(
          /^The client '.+' with object id '.+' does not have authorization to perform action 'Microsoft\.Authorization\/roleAssignments\/read' over scope '.+' or the scope is invalid\./,
        ),
      },
    });
    expect((await tenant.arm(path, { as: PEOPLE.synced })).status).toBe(200);
  });
});

describe('role definitions', () => {
  it('are built in or our own', async () => {
    const roles = await list(SCOPES.subscriptionA, 'roleDefinitions');
    const [auditor] = roles.filter((role) => role.name === AZURE_ROLES.auditor);
    expect(auditor).toMatchObject({ properties: { type: 'CustomRole', assignableScopes: [SCOPES.subscriptionA] } });
    expect((await list(SCOPES.subscriptionB, 'roleDefinitions')).length).toBe(roles.length - 1);
    expect(await list(SCOPES.subscriptionA, 'roleDefinitions', "roleName eq 'Reader'")).toMatchObject([
      { name: AZURE_ROLES.reader, properties: { permissions: [{ actions: ['*/read'] }] } },
    ]);
  });

  it('are read by id, in a scope or at the root', async () => {
    const path = `${AUTHORIZATION}/roleDefinitions/${AZURE_ROLES.owner}?api-version=2022-04-01`;
    for (const scope of ['', SCOPES.subscriptionA]) {
      expect((await tenant.arm(`${scope}${path}`)).body).toMatchObject({ properties: { roleName: 'Owner' } });
    }
    const unknown = `${AUTHORIZATION}/roleDefinitions/${PEOPLE.adaQuiet}?api-version=2022-04-01`;
    expect(await code(unknown)).toEqual([404, 'RoleDefinitionDoesNotExist']);
  });
});

describe('schedule instances', () => {
  it.each([`principalId eq '${PEOPLE.eligibleOwner}'`, `assignedTo('${PEOPLE.eligibleOwner}')`])(
    'show an eligible owner by %s',
    async (filter) => {
      expect(await list(SCOPES.subscriptionA, 'roleEligibilityScheduleInstances', filter)).toMatchObject([
        {
          properties: {
            principalId: PEOPLE.eligibleOwner,
            status: 'Provisioned',
            memberType: 'Direct',
            scope: SCOPES.subscriptionA,
            expandedProperties: {
              roleDefinition: { displayName: 'Owner' },
              principal: { displayName: 'Otto Eligible' },
            },
          },
        },
      ]);
    },
  );

  it('know the caller, and where a grant comes from', async () => {
    const type = 'roleAssignmentScheduleInstances';
    const own = await list(SCOPES.subscriptionA, type, 'asTarget()', { as: PEOPLE.managementGroupOnly });
    expect(own).toMatchObject([{ properties: { memberType: 'Inherited', assignmentType: 'Assigned' } }]);
    const grouped = await list(SCOPES.subscriptionA, type, `assignedTo('${PEOPLE.groupOnly}')`);
    expect(grouped).toMatchObject([{ properties: { memberType: 'Group', principalId: GROUPS.contributors } }]);
    const nobody = await list(SCOPES.subscriptionB, 'roleEligibilityScheduleInstances', 'atScope()');
    expect(nobody).toEqual([]);
  });
});

describe('a request that will not do', () => {
  const assignments = `${SCOPES.subscriptionA}${AUTHORIZATION}/roleAssignments`;

  it.each([
    ['no version', assignments, 400, 'MissingApiVersionParameter'],
    ['a version of another type', `${assignments}?api-version=2020-10-01`, 400, 'InvalidResourceType'],
    ['no such version', '/subscriptions?api-version=1999-01-01', 400, 'InvalidApiVersionParameter'],
    ['no such path', '/gadgets?api-version=2022-12-01', 404, 'NotFound'],
    [
      'no such type',
      `${SCOPES.subscriptionA}${AUTHORIZATION}/wishes?api-version=2022-04-01`,
      404,
      'InvalidResourceType',
    ],
    [
      'no such group',
      `${SCOPES.subscriptionA}/resourceGroups/none${AUTHORIZATION}/roleAssignments?api-version=2022-04-01`,
      404,
      'ResourceGroupNotFound',
    ],
  ])('has %s', async (_what, path, status, expected) => {
    expect(await code(path)).toEqual([status, expected]);
  });

  it('has a method that is not there', async () => {
    const { status, headers } = await tenant.arm(`${assignments}?api-version=2022-04-01`, { method: 'PATCH' });
    expect([status, headers.get('allow')]).toEqual([405, 'GET']);
    expect(headers.get('x-ms-request-id')).toMatch(/-/);
  });
});
