import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  ASSIGNMENTS,
  AZURE_ROLES,
  GROUPS,
  PEOPLE,
  SCOPES,
  SUBSCRIPTION_A,
  SUBSCRIPTION_B,
} from '../../local/tenant/seed.ts';
import { azureAccessControl } from '../../shared/systems/azure/access-control.ts';
import { always, clientsOf, farSide, faultOf, type Systems, startSystems, wallClock } from '../support/systems.ts';

let systems: Systems;
beforeAll(async () => {
  systems = await startSystems();
});
afterEach(() => systems.reset());
afterAll(() => systems.close());

const none = { direct: [], above: [], throughGroup: [], eligible: [] };
const accessOf = (who: keyof typeof PEOPLE, system = SUBSCRIPTION_A) => systems.access.access(system, PEOPLE[who]);

describe('a system', () => {
  it('is a subscription with its tags', async () => {
    expect(await systems.access.system(SUBSCRIPTION_A)).toEqual({
      type: 'azure',
      id: SUBSCRIPTION_A,
      name: 'Contoso Production',
      tags: { environment: 'production' },
    });
  });

  it('is nothing where there is none', async () => {
    expect(await systems.access.system('99999999-0000-4000-8000-000000000000')).toBeNull();
  });

  it('is nothing where we may not see it', async () => {
    await using far = await farSide(always(403, { error: { code: 'AuthorizationFailed', message: 'no' } }));
    expect(await azureAccessControl(clientsOf(far.url).azure, wallClock).system(SUBSCRIPTION_A)).toBeNull();
  });

  it('is asked for by GUID only, before any request', async () => {
    await using far = await farSide(always(500));
    const control = azureAccessControl(clientsOf(far.url).azure, wallClock);
    for (const work of [
      control.system('../../tenants'),
      control.access(SUBSCRIPTION_A, "x') or atScope("),
      control.superUsers(''),
    ])
      expect(await faultOf(work)).toMatchObject({ disposition: 'reject', code: 'not-an-id' });
    expect(far.seen).toEqual([]);
  });
});

describe('access', () => {
  it('is direct where it is assigned to the user, at the system or below', async () => {
    const access = await accessOf('adaQuiet');
    expect(access).toEqual({ ...none, direct: expect.anything() });
    expect(access.direct).toEqual(
      expect.arrayContaining([
        {
          name: ASSIGNMENTS.adaPayments,
          scope: SCOPES.payments,
          roleDefinitionId: `${SCOPES.subscriptionA}/providers/Microsoft.Authorization/roleDefinitions/${AZURE_ROLES.contributor}`,
          roleName: 'Contributor',
          readOnly: false,
          grantsAccess: false,
          principalId: PEOPLE.adaQuiet,
          principalType: 'User',
          condition: null,
          conditionVersion: null,
          description: 'Payments migration',
        },
        expect.objectContaining({ name: ASSIGNMENTS.adaData, roleName: 'Reader', readOnly: true }),
      ]),
    );
  });

  it.each([
    ['groupOnly', GROUPS.contributors],
    ['nested', GROUPS.outer],
  ] as const)('comes through a group for %s', async (who, group) => {
    const access = await accessOf(who);
    expect(access).toMatchObject({ ...none, throughGroup: [{ principalId: group, principalType: 'Group' }] });
  });

  it('is above where it is assigned to the management group', async () => {
    const access = await accessOf('managementGroupOnly');
    expect(access).toMatchObject({ ...none, above: [{ scope: SCOPES.managementGroup, roleName: 'Contributor' }] });
  });

  it('keeps conditions word for word, so that they can be put back', async () => {
    const { direct } = await accessOf('conditioned');
    expect(direct).toMatchObject([
      { condition: expect.stringContaining("StringEquals 'public'"), conditionVersion: '2.0', readOnly: false },
    ]);
  });

  it('is eligible where it is one activation away', async () => {
    const access = await accessOf('eligibleOwner');
    expect(access.eligible).toMatchObject([{ roleName: 'Owner', scope: SCOPES.subscriptionA }]);
    expect(access.direct).toMatchObject([{ roleName: 'Reader', readOnly: true }]);
  });

  it('is nothing in the other subscription', async () => {
    expect(await accessOf('adaQuiet', SUBSCRIPTION_B)).toEqual(none);
  });

  it('is not read-only for a custom role with one action that acts', async () => {
    const { direct } = await accessOf('yesterday');
    expect(direct).toMatchObject([{ roleName: 'Contoso Payments Operator', readOnly: false }]);
  });

  it('shows a change as soon as the replica it reads has it', async () => {
    await systems.lag(60_000);
    const path = `${SCOPES.payments}/providers/Microsoft.Authorization/roleAssignments/${ASSIGNMENTS.adaPayments}`;
    await systems.effects.send(
      { to: 'azure', method: 'DELETE', path: `${path}?api-version=2022-04-01`, body: null },
      'k',
      'destructive',
    );
    expect((await accessOf('adaQuiet')).direct).toHaveLength(2);
    systems.pass(60_001);
    expect((await accessOf('adaQuiet')).direct).toHaveLength(1);
  });

  it('names what is missing where it may not be read', async () => {
    await using far = await farSide(always(403, { error: { code: 'AuthorizationFailed', message: 'no' } }));
    const fault = await faultOf(
      azureAccessControl(clientsOf(far.url).azure, wallClock).access(SUBSCRIPTION_A, PEOPLE.adaQuiet),
    );
    expect(fault).toMatchObject({ disposition: 'halt', code: 'permission-missing' });
    expect(fault.message).toContain('Microsoft.Authorization/role');
  });
});

describe('super users', () => {
  it('are also those of a custom role that can give access, and not those of one that takes that away', async () => {
    systems.tenant.change((state) => {
      const at = state.azureRoles.findIndex(({ name }) => name === AZURE_ROLES.auditor);
      const role = state.azureRoles[at];
      const roles = [...state.azureRoles];
      if (role) roles[at] = { ...role, actions: ['Microsoft.Authorization/roleAssignments/*'], notActions: [] };
      Object.assign(state, { azureRoles: roles });
    });
    systems.pass(60_001);
    expect(await systems.access.superUsers(SUBSCRIPTION_A)).toContain(PEOPLE.yesterday);
    systems.tenant.change((state) => {
      const [role, others] = [
        state.azureRoles.find(({ name }) => name === AZURE_ROLES.auditor),
        state.azureRoles.filter(({ name }) => name !== AZURE_ROLES.auditor),
      ];
      const notActions = ['Microsoft.Authorization/roleAssignments/WRITE'];
      if (role) Object.assign(state, { azureRoles: [...others, { ...role, notActions }] });
    });
    systems.pass(60_001);
    expect(await systems.access.superUsers(SUBSCRIPTION_A)).not.toContain(PEOPLE.yesterday);
  });

  it('hold everything directly, in or above the subscription; groups and applications are left out', async () => {
    expect([...(await systems.access.superUsers(SUBSCRIPTION_A))].sort()).toEqual([
      PEOPLE.breakGlassNever,
      PEOPLE.olga,
    ]);
    expect(await systems.access.superUsers(SUBSCRIPTION_B)).toEqual([PEOPLE.olga]);
  });

  it('are also those of the management group, and not those of a resource group', async () => {
    systems.tenant.change((state) => {
      const [ada, mia] = [ASSIGNMENTS.adaPayments, ASSIGNMENTS.managementGroup].map((name) =>
        state.assignments.findIndex((one) => one.name === name),
      );
      for (const at of [ada, mia]) {
        const one = state.assignments[at ?? -1];
        if (one) state.assignments.splice(at ?? -1, 1, { ...one, role: AZURE_ROLES.owner });
      }
    });
    expect([...(await systems.access.superUsers(SUBSCRIPTION_B))].sort()).toEqual([
      PEOPLE.managementGroupOnly,
      PEOPLE.olga,
    ]);
    expect(await systems.access.superUsers(SUBSCRIPTION_A)).not.toContain(PEOPLE.adaQuiet);
  });
});

describe('a role', () => {
  const readOnly = async (permissions: readonly object[]) => {
    const id = `/providers/Microsoft.Authorization/roleDefinitions/${AZURE_ROLES.auditor}`;
    const properties = {
      scope: SCOPES.subscriptionA,
      roleDefinitionId: id,
      principalId: PEOPLE.adaQuiet,
      principalType: 'User',
    };
    await using far = await farSide((request, response) => {
      const url = request.url ?? '';
      if (url.startsWith(id))
        return always(200, { properties: { roleName: 'Custom', permissions } })(request, response);
      const value = url.includes('/roleAssignments?') ? [{ name: ASSIGNMENTS.ben, properties }] : [];
      return always(200, { value })(request, response);
    });
    const { direct } = await azureAccessControl(clientsOf(far.url).azure, wallClock).access(
      SUBSCRIPTION_A,
      PEOPLE.adaQuiet,
    );
    return direct[0]?.readOnly;
  };

  it.each([
    [true, []],
    [true, [{ actions: [], dataActions: [] }]],
    [true, { actions: ['*/read'] }],
    [true, { actions: ['Microsoft.Compute/*/read', 'Microsoft.Support/*/READ'], dataActions: null }],
    [
      true,
      { actions: ['*/read'], dataActions: ['Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'] },
    ],
    [false, { actions: ['*'] }],
    [false, { actions: ['*'], notActions: ['*/write', '*/delete', '*/action'] }],
    [false, { actions: ['*/read', 'Microsoft.Storage/storageAccounts/listKeys/action'] }],
    [false, { actions: ['*/read'], dataActions: ['Microsoft.KeyVault/vaults/secrets/getSecret/action'] }],
    [false, { actions: ['Microsoft.Compute/read*'] }],
    [false, [{ actions: ['*/read'] }, { actions: ['*'] }]],
  ])('can only read: %s for %j', async (expected, permissions) => {
    expect(await readOnly([permissions].flat())).toBe(expected);
  });

  it('is not asked for where an answer names something else as its id', async () => {
    const properties = { scope: '/', roleDefinitionId: '/subscriptions', principalId: PEOPLE.olga };
    await using far = await farSide(always(200, { value: [{ name: ASSIGNMENTS.ben, properties }] }));
    const fault = await faultOf(azureAccessControl(clientsOf(far.url).azure, wallClock).superUsers(SUBSCRIPTION_A));
    expect(fault).toMatchObject({ disposition: 'halt', code: 'unexpected-answer' });
    expect(far.seen).toHaveLength(1);
  });
});
