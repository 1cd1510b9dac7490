import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { ASSIGNMENTS, AZURE_ROLES, GROUPS, PEOPLE, SCOPES, SUBSCRIPTION_A } from '../../local/tenant/seed.ts';
import { azureAccessControl } from '../../shared/systems/azure/access-control.ts';
import { rolesOf } from '../../shared/systems/azure/role-definitions.ts';
import { always, clientsOf, farSide, faultOf, type Systems, startSystems, wallClock } from '../support/systems.ts';

let systems: Systems;
beforeAll(async () => {
  systems = await startSystems();
});
afterEach(() => systems.reset());
afterAll(() => systems.close());

const numbered = (n: number) => `eeee0000-0000-4000-8000-${String(5000 + n).padStart(12, '0')}`;

it('reads every page of what is assigned, and of who holds everything', async () => {
  systems.tenant.change((state) => {
    const ada = state.assignments.find(({ name }) => name === ASSIGNMENTS.adaPayments);
    const owner = state.assignments.find(({ name }) => name === ASSIGNMENTS.ownerOfA);
    for (let n = 0; ada && owner && n < 25; n += 1) {
      state.assignments.push({ ...ada, name: numbered(n) });
      state.assignments.push({ ...owner, name: numbered(100 + n), principalId: numbered(n) });
    }
  });
  const { direct } = await systems.access.access(SUBSCRIPTION_A, PEOPLE.adaQuiet);
  expect(new Set(direct.map(({ name }) => name)).size).toBe(27);
  expect(await systems.access.superUsers(SUBSCRIPTION_A)).toHaveLength(27);
});

it('reads every page of what is eligible, and what is eligible through a group', async () => {
  systems.tenant.change((state) => {
    const [one] = state.eligibilities;
    for (let n = 0; one && n < 12; n += 1)
      state.eligibilities.push({
        ...one,
        name: numbered(n),
        principalId: GROUPS.contributors,
        principalType: 'Group',
      });
  });
  const { eligible } = await systems.access.access(SUBSCRIPTION_A, PEOPLE.groupOnly);
  expect(eligible).toHaveLength(12);
  expect(eligible[0]).toMatchObject({ principalId: GROUPS.contributors, principalType: 'Group', roleName: 'Owner' });
});

it('compares ids without regard to case', async () => {
  const id = `/subscriptions/${SUBSCRIPTION_A}/providers/Microsoft.Authorization/roleDefinitions/${AZURE_ROLES.owner}`;
  const properties = {
    scope: SCOPES.payments.toUpperCase(),
    roleDefinitionId: id,
    principalId: PEOPLE.adaQuiet.toUpperCase(),
  };
  await using far = await farSide((request, response) => {
    const url = request.url ?? '';
    if (url.startsWith(id))
      return always(200, { properties: { roleName: 'Owner', permissions: [] } })(request, response);
    const value = url.includes('/roleAssignments?') ? [{ name: 'n', properties }] : [];
    return always(200, { value })(request, response);
  });
  const access = await azureAccessControl(clientsOf(far.url).azure, wallClock).access(
    SUBSCRIPTION_A.toUpperCase(),
    PEOPLE.adaQuiet.toUpperCase(),
  );
  expect(access).toMatchObject({ direct: [{ roleName: 'Owner' }], above: [], throughGroup: [] });
});

it.each(['/roleAssignments', '/roleEligibilityScheduleInstances', '/roleDefinitions'])(
  'knows nothing rather than half where %s cannot be read',
  async (path) => {
    const control = azureAccessControl(systems.azure, wallClock);
    await systems.fault({ match: { path }, status: 429, retryAfter: 4, times: 20 });
    const fault = await faultOf(control.access(SUBSCRIPTION_A, PEOPLE.eligibleOwner));
    expect(fault).toMatchObject({ disposition: 'retry', retryAfterMs: 4000 });
  },
);

it('asks for a role once, and again where that failed', async () => {
  const id = `/providers/Microsoft.Authorization/roleDefinitions/${AZURE_ROLES.reader}`;
  let status = 503;
  await using far = await farSide((request, response) =>
    always(status, { properties: { roleName: 'Reader', permissions: [] } })(request, response),
  );
  const names = rolesOf(clientsOf(far.url).azure, wallClock);
  expect(await faultOf(names(id))).toMatchObject({ disposition: 'retry' });
  status = 200;
  await Promise.all([names(id), names(id)]);
  await names(id);
  expect(far.seen).toHaveLength(2);
});

it('stops where a role is gone that is still assigned', async () => {
  const id = `/subscriptions/${SUBSCRIPTION_A}/providers/Microsoft.Authorization/roleDefinitions/${numbered(1)}`;
  expect(await faultOf(rolesOf(systems.azure, wallClock)(id))).toMatchObject({
    disposition: 'halt',
    code: 'not-found',
  });
});
