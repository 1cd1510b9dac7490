import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { DIRECTORY_ROLES, GROUPS, PEOPLE } from '../../local/tenant/seed.ts';
import { entraDirectory } from '../../shared/systems/entra/directory.ts';
import { always, clientsOf, farSide, faultOf, type Systems, startSystems, wallClock } from '../support/systems.ts';

let systems: Systems;
beforeAll(async () => {
  systems = await startSystems();
});
afterEach(() => systems.reset());
afterAll(() => systems.close());

const active = { scope: 'directory', held: 'active' };

it.each([
  ['a plain user', 'adaQuiet', []],
  ['a member of plain groups', 'nested', []],
  ['a role holder', 'globalAdmin', [{ ...active, role: 'Global Administrator', through: 'direct' }]],
  [
    'whoever is one activation away',
    'eligibleDirectoryRole',
    [{ role: 'Privileged Role Administrator', scope: 'directory', held: 'eligible', through: 'direct' }],
  ],
  [
    'a member of a role-assignable group',
    'roleAssignable',
    [
      { ...active, role: 'Helpdesk Administrator', through: 'role-helpdesk' },
      { ...active, role: 'member of a role-assignable group', through: 'role-helpdesk' },
    ],
  ],
] as const)('knows the privileges of %s', async (_what, who, privileges) => {
  expect(await systems.directory.privileges(PEOPLE[who])).toEqual(privileges);
});

it('follows groups in groups', async () => {
  systems.tenant.change((state) => {
    const outer = state.groups[GROUPS.outer];
    if (outer) state.groups[GROUPS.outer] = { ...outer, isAssignableToRole: true };
    const [grant] = state.directoryEligibilities;
    if (grant) state.directoryEligibilities.push({ ...grant, id: 'via-group', principalId: GROUPS.outer });
  });
  expect(await systems.directory.privileges(PEOPLE.nested)).toEqual([
    { role: 'Privileged Role Administrator', scope: 'directory', held: 'eligible', through: 'all-projects' },
    { ...active, role: 'member of a role-assignable group', through: 'all-projects' },
  ]);
});

it('says where a role is limited to a part of the directory', async () => {
  systems.tenant.change((state) => {
    const [grant] = state.directoryAssignments;
    const limited = { principalId: PEOPLE.benStill, roleDefinitionId: DIRECTORY_ROLES.userAdministrator };
    if (grant)
      state.directoryAssignments.push({ ...grant, ...limited, id: 'au', directoryScopeId: '/administrativeUnits/1' });
  });
  const [privilege] = await systems.directory.privileges(PEOPLE.benStill);
  expect(privilege).toMatchObject({ role: 'User Administrator', scope: 'directory/administrativeUnits/1' });
});

it('gives what a deleted user holds directly, and fails for nobody', async () => {
  await systems.effects.send(
    { to: 'graph', method: 'DELETE', path: `/users/${PEOPLE.doraDormant}`, body: null },
    'k',
    'destructive',
  );
  expect(await systems.directory.privileges(PEOPLE.doraDormant)).toEqual([]);
});

it('asks of groups only, and not through an index that lags', async () => {
  const unit = { '@odata.type': '#microsoft.graph.administrativeUnit', id: GROUPS.staff, displayName: null };
  await using far = await farSide(always(200, { value: [] }));
  await entraDirectory(clientsOf(far.url).graph, wallClock).privileges(PEOPLE.roleAssignable);
  expect(far.seen.map(({ headers }) => headers.consistencylevel).filter(Boolean)).toEqual([]);
  expect(far.seen.map(({ url }) => url.split('?')[0]?.split('/').slice(2).join('/')).sort()).toEqual(
    [
      'identityGovernance/privilegedAccess/group/eligibilityScheduleInstances',
      'groups',
      'roleManagement/directory/roleAssignments',
      'roleManagement/directory/roleEligibilityScheduleInstances',
      `users/${PEOPLE.roleAssignable}/transitiveMemberOf`,
    ].sort(),
  );
  await using units = await farSide((request, response) =>
    always(200, { value: request.url?.includes('transitiveMemberOf') ? [unit] : [] })(request, response),
  );
  expect(await entraDirectory(clientsOf(units.url).graph, wallClock).privileges(PEOPLE.roleAssignable)).toEqual([]);
});

it('is not fooled by groups whose properties it may not read', async () => {
  await using far = await farSide(
    always(200, { value: [{ id: GROUPS.roleAssignable, displayName: null, isAssignableToRole: null }] }),
  );
  const fault = await faultOf(entraDirectory(clientsOf(far.url).graph, wallClock).privileges(PEOPLE.roleAssignable));
  expect(fault).toMatchObject({ disposition: 'halt', code: 'permission-missing' });
});

const eligible = { startDateTime: '2026-01-01T00:00:00Z', endDateTime: null };

it('knows who is one activation away from a group, as member or owner, and through a group that is', async () => {
  systems.tenant.change((state) => {
    state.groupEligibilities.push(
      { ...eligible, principalId: PEOPLE.benStill, groupId: GROUPS.roleAssignable, accessId: 'member' },
      { ...eligible, principalId: PEOPLE.benStill, groupId: GROUPS.contributors, accessId: 'owner' },
      { ...eligible, principalId: GROUPS.outer, groupId: GROUPS.contributors, accessId: 'member' },
    );
  });
  const held = { scope: 'directory', held: 'eligible' };
  expect(await systems.directory.privileges(PEOPLE.benStill)).toEqual([
    { ...held, role: 'member of group role-helpdesk', through: 'direct' },
    { ...held, role: 'owner of group sub-a-contributors', through: 'direct' },
  ]);
  expect(await systems.directory.privileges(PEOPLE.nested)).toEqual([
    { ...held, role: 'member of group sub-a-contributors', through: 'all-projects' },
  ]);
});

it('knows who owns a group that roles can be given to, a minute after the change at the latest', async () => {
  expect(await systems.directory.privileges(PEOPLE.benStill)).toEqual([]);
  systems.tenant.change((state) => {
    for (const id of [GROUPS.roleAssignable, GROUPS.staff]) {
      const group = state.groups[id];
      if (group) state.groups[id] = { ...group, owners: [PEOPLE.benStill] };
    }
  });
  systems.pass(60_001);
  expect(await systems.directory.privileges(PEOPLE.benStill)).toEqual([
    { ...active, role: 'owner of a role-assignable group', through: 'role-helpdesk' },
  ]);
  systems.pass(60_001);
});

it.each([
  '/roleAssignments',
  '/roleEligibilityScheduleInstances',
  '/transitiveMemberOf',
  '/eligibilityScheduleInstances',
  '/groups$',
  '/owners',
])('knows nothing rather than half where %s cannot be read', async (path) => {
  systems.pass(120_000);
  await systems.fault({ match: { path }, status: 503, times: 10 });
  expect(await faultOf(systems.directory.privileges(PEOPLE.globalAdmin))).toMatchObject({ disposition: 'retry' });
});
