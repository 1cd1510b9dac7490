import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DIRECTORY_ROLES, ENGINE, GROUPS, OTHER_APP, PEOPLE } from '../../local/tenant/seed.ts';
import { type Call, rows, type TestTenant, testTenant } from '../support/tenant.ts';

let tenant: TestTenant;
beforeAll(async () => {
  tenant = await testTenant();
});
afterAll(() => tenant.close());

const ids = async (path: string) => rows(await tenant.graph(path)).map((row) => row.id);
const code = async (path: string, call: Call = {}) => {
  const { status, body } = await tenant.graph(path, call);
  return [status, Object(body).error?.code];
};
const DENIED = [403, 'Authorization_RequestDenied'];

describe('memberships', () => {
  const { nested, globalAdmin, roleAssignable } = PEOPLE;

  it('are direct, or through other groups', async () => {
    expect(await ids(`/users/${nested}/memberOf`)).toEqual([GROUPS.inner]);
    expect(await ids(`/users/${nested}/transitiveMemberOf`)).toEqual([GROUPS.inner, GROUPS.outer]);
  });

  it('show directory roles beside groups, and either alone', async () => {
    const all = rows(await tenant.graph(`/users/${globalAdmin}/transitiveMemberOf`));
    expect(all).toMatchObject([
      { '@odata.type': '#microsoft.graph.directoryRole', roleTemplateId: DIRECTORY_ROLES.globalAdministrator },
    ]);
    const roles = rows(await tenant.graph(`/users/${roleAssignable}/transitiveMemberOf/microsoft.graph.directoryRole`));
    expect(roles).toMatchObject([{ displayName: 'Helpdesk Administrator' }]);
    const groups = rows(await tenant.graph(`/users/${roleAssignable}/transitiveMemberOf/microsoft.graph.group`));
    expect(groups).toMatchObject([{ id: GROUPS.roleAssignable, isAssignableToRole: true }]);
    expect(await code(`/users/${nested}/memberOf/microsoft.graph.device`)).toEqual([400, 'BadRequest']);
  });

  it('hide what the caller may not read', async () => {
    const roles = ['User.Read.All'];
    const [group] = rows(await tenant.graph(`/users/${nested}/memberOf`, { roles }));
    expect(group).toMatchObject({ '@odata.type': '#microsoft.graph.group', id: GROUPS.inner, displayName: null });
  });

  it('are checked for given groups', async () => {
    const check = (groupIds: readonly string[], roles?: readonly string[]): Call => ({
      method: 'POST',
      body: { groupIds },
      ...(roles && { roles }),
    });
    const path = `/users/${nested}/checkMemberGroups`;
    expect((await tenant.graph(path, check([GROUPS.outer, GROUPS.staff]))).body).toMatchObject({
      value: [GROUPS.outer],
    });
    expect(await code(path, check(Array(21).fill(GROUPS.outer)))).toEqual([400, 'Request_BadRequest']);
    expect(await code(path, check([GROUPS.outer], ['User.Read.All']))).toEqual(DENIED);
  });
});

describe('directory roles', () => {
  const root = '/roleManagement/directory';

  it('are assigned', async () => {
    const list = rows(await tenant.graph(`${root}/roleAssignments?$filter=principalId eq '${PEOPLE.breakGlassNever}'`));
    expect(list).toEqual([
      {
        id: expect.any(String),
        principalId: PEOPLE.breakGlassNever,
        roleDefinitionId: DIRECTORY_ROLES.globalAdministrator,
        directoryScopeId: '/',
      },
    ]);
    const path = `${root}/roleAssignmentScheduleInstances?$filter=principalId eq '${GROUPS.roleAssignable}'`;
    expect(rows(await tenant.graph(path))).toMatchObject([
      { assignmentType: 'Assigned', memberType: 'Direct', endDateTime: null },
    ]);
  });

  it('may be activated', async () => {
    const filter = `$filter=principalId eq '${PEOPLE.eligibleDirectoryRole}'`;
    expect(await ids(`${root}/roleAssignments?${filter}`)).toEqual([]);
    const list = rows(
      await tenant.graph(`${root}/roleEligibilityScheduleInstances?${filter}&$expand=roleDefinition,principal`),
    );
    expect(list).toMatchObject([
      {
        memberType: 'Direct',
        roleDefinition: { displayName: 'Privileged Role Administrator', isPrivileged: true },
        principal: { '@odata.type': '#microsoft.graph.user', displayName: 'Erin Eligible' },
      },
    ]);
    expect(await code(`${root}/roleEligibilityScheduleInstances?$expand=friends`)).toEqual([400, 'BadRequest']);
  });

  it('are defined', async () => {
    const { globalAdministrator } = DIRECTORY_ROLES;
    const one = await tenant.graph(`${root}/roleDefinitions/${globalAdministrator}`);
    expect(one.body).toMatchObject({ id: globalAdministrator, templateId: globalAdministrator, isBuiltIn: true });
    expect(await ids(`${root}/roleDefinitions?$filter=displayName eq 'Global Administrator'`)).toEqual([
      globalAdministrator,
    ]);
    expect(await code(`${root}/roleDefinitions/nothing`)).toEqual([404, 'Request_ResourceNotFound']);
  });

  it.each(['roleAssignments', 'roleEligibilityScheduleInstances', 'roleDefinitions'])(
    '%s need a permission',
    async (name) => {
      expect(await code(`${root}/${name}`, { roles: ['User.Read.All'] })).toEqual(DENIED);
    },
  );
});

describe('other resources', () => {
  it('are groups and service principals', async () => {
    expect((await tenant.graph(`/groups/${GROUPS.roleAssignable}`)).body).toMatchObject({ isAssignableToRole: true });
    expect(await code('/groups/nothing')).toEqual([404, 'Request_ResourceNotFound']);
    const roles = ['Application.Read.All'];
    const own = await tenant.graph(`/servicePrincipals?$filter=appId eq '${ENGINE.appId}'`, { roles });
    expect(rows(own).map(({ id }) => id)).toEqual([ENGINE.objectId]);
    const other = await tenant.graph(`/servicePrincipals/${OTHER_APP.objectId}`, { roles });
    expect(other.body).toMatchObject({ appId: OTHER_APP.appId, servicePrincipalType: 'Application' });
    expect(await code('/servicePrincipals/nothing', { roles })).toEqual([404, 'Request_ResourceNotFound']);
  });

  it('are the organization, for whom may read it', async () => {
    expect(await code('/organization')).toEqual(DENIED);
    const { body } = await tenant.graph('/organization', { roles: ['Organization.Read.All'] });
    expect(body).toMatchObject({ value: [{ displayName: 'Contoso', verifiedDomains: [{ isDefault: true }] }] });
  });

  it('have their methods', async () => {
    const { status, headers } = await tenant.graph('/groups/x', { method: 'DELETE' });
    expect([status, headers.get('allow')]).toEqual([405, 'GET']);
  });
});

describe('a batch', () => {
  const batch = (requests: unknown) => tenant.graph('/$batch', { method: 'POST', body: { requests } });
  const get = (id: string, url: string, more: object = {}) => ({ id, method: 'GET', url, ...more });

  it('answers each request for itself', async () => {
    const { body } = await batch([
      get('1', `/users/${PEOPLE.adaQuiet}?$select=displayName`),
      get('2', '/users/nobody'),
      get('3', '/groups/x', { dependsOn: ['2'] }),
      { id: '4', method: 'PATCH', url: `/users/${PEOPLE.adaQuiet}`, body: { accountEnabled: true } },
    ]);
    expect(body).toMatchObject({
      responses: [
        { id: '1', status: 200, body: { displayName: 'Ada Quiet' } },
        { id: '2', status: 404, body: { error: { code: 'Request_ResourceNotFound' } } },
        { id: '3', status: 424 },
        { id: '4', status: 204 },
      ],
    });
  });

  it('holds 20 requests at most, and must be one', async () => {
    expect((await batch(Array.from({ length: 20 }, (_, n) => get(`${n}`, '/users?$top=1')))).status).toBe(200);
    expect((await batch(Array.from({ length: 21 }, (_, n) => get(`${n}`, '/users?$top=1')))).status).toBe(400);
    expect((await batch('everything')).status).toBe(400);
  });
});

describe('groups', () => {
  it('are listed, and filtered by whether roles can be given to them', async () => {
    expect(await ids('/groups')).toHaveLength(Object.keys(GROUPS).length);
    expect(await ids(`/groups?$filter=${encodeURIComponent('isAssignableToRole eq true')}`)).toEqual([
      GROUPS.roleAssignable,
    ]);
    expect(await code('/groups', { roles: ['User.Read.All'] })).toEqual(DENIED);
  });

  it('have owners', async () => {
    expect(await ids(`/groups/${GROUPS.staff}/owners`)).toEqual([PEOPLE.globalAdmin]);
    expect(await code(`/groups/${PEOPLE.olga}/owners`)).toEqual([404, 'Request_ResourceNotFound']);
  });

  it('can be activated by whoever is eligible, which needs a permission and a filter', async () => {
    const path = '/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances';
    const [group, user] = [GROUPS.roleAssignable, PEOPLE.benStill];
    tenant.tenant.change((state) => {
      state.groupEligibilities.push({
        principalId: user,
        groupId: group,
        accessId: 'member',
        startDateTime: '2026-01-01T00:00:00Z',
        endDateTime: null,
      });
    });
    const filter = (id: string) => `$filter=${encodeURIComponent(`principalId eq '${id}'`)}`;
    expect(rows(await tenant.graph(`${path}?${filter(user)}&$expand=group`))).toMatchObject([
      { groupId: group, accessId: 'member', group: { displayName: 'role-helpdesk' } },
    ]);
    expect(await ids(`${path}?${filter(PEOPLE.olga)}`)).toEqual([]);
    expect(await code(path)).toEqual([400, 'Request_BadRequest']);
    expect(await code(`${path}?${filter(user)}&$expand=principal`)).toEqual([400, 'BadRequest']);
    expect(await code(`${path}?${filter(user)}`, { roles: ['GroupMember.Read.All'] })).toEqual(DENIED);
  });
});

describe('the number of users', () => {
  it('needs the header of advanced queries', async () => {
    expect(await code('/users/$count')).toEqual([400, 'Request_UnsupportedQuery']);
    const reply = await tenant.graph('/users/$count', { headers: { consistencylevel: 'eventual' } });
    expect(reply.headers.get('content-type')).toBe('text/plain');
    expect(reply.body).toBe(Object.keys(tenant.tenant.truth().users).length);
    expect(await code('/users/$count', { headers: { consistencylevel: 'eventual' }, roles: [] })).toEqual(DENIED);
  });
});
