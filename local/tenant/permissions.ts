/**
 * Which application permissions each Graph operation needs, one row each, as its reference page lists them for app-only
 * calls. `allow` is any of these sets, each set as a whole. `properties` are those that need more than the operation
 * itself: asked for with `$select` or `$filter`, or written by a PATCH (`*` is any other property written).
 */
type Allow = readonly (readonly string[])[];

export interface Permission {
  readonly method: string;
  readonly path: string;
  readonly allow: Allow;
  readonly properties?: Readonly<Record<string, Allow>>;
}

const anyOf = (...roles: string[]): Allow => roles.map((role) => [role]);

const readUsers = anyOf('User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All');
const readGroups = anyOf('GroupMember.Read.All', 'Group.Read.All', 'Group.ReadWrite.All', 'Directory.Read.All');
const writeUsers = anyOf('User.ReadWrite.All', 'Directory.ReadWrite.All');
const deleteUsers = anyOf('User.DeleteRestore.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All');
const readApps = anyOf('Application.Read.All', 'Application.ReadWrite.All', 'Directory.Read.All');
const readRoles = anyOf('RoleManagement.Read.Directory', 'RoleManagement.Read.All', 'Directory.Read.All');
const readSchedules = anyOf('RoleManagement.Read.Directory', 'RoleManagement.Read.All');
const readAttributes = anyOf('CustomSecAttributeAssignment.Read.All', 'CustomSecAttributeAssignment.ReadWrite.All');

const userProperties = { signInActivity: anyOf('AuditLog.Read.All'), customSecurityAttributes: readAttributes };
const memberships = [...anyOf('User.Read.All', 'User.ReadWrite.All'), ...readGroups];
const checkMembers: Allow = [
  ['User.Read.All', 'GroupMember.Read.All'],
  ['User.Read.All', 'Group.Read.All'],
  ['Directory.Read.All'],
];

export const permissions = {
  listUsers: { method: 'GET', path: '/users', allow: readUsers, properties: userProperties },
  countUsers: { method: 'GET', path: '/users/$count', allow: readUsers },
  getUser: { method: 'GET', path: '/users/{id}', allow: readUsers, properties: userProperties },
  updateUser: {
    method: 'PATCH',
    path: '/users/{id}',
    allow: [
      ['User.EnableDisableAccount.All', 'User.Read.All'],
      ['CustomSecAttributeAssignment.ReadWrite.All', 'User.Read.All'],
      ...writeUsers,
    ],
    properties: {
      accountEnabled: [['User.EnableDisableAccount.All', 'User.Read.All'], ...writeUsers],
      customSecurityAttributes: anyOf('CustomSecAttributeAssignment.ReadWrite.All'),
      '*': writeUsers,
    },
  },
  deleteUser: { method: 'DELETE', path: '/users/{id}', allow: deleteUsers },
  revokeSessions: {
    method: 'POST',
    path: '/users/{id}/revokeSignInSessions',
    allow: [...anyOf('User.RevokeSessions.All'), ...writeUsers],
  },
  memberOf: { method: 'GET', path: '/users/{id}/memberOf', allow: memberships },
  memberOfCast: { method: 'GET', path: '/users/{id}/memberOf/{type}', allow: memberships },
  transitiveMemberOf: { method: 'GET', path: '/users/{id}/transitiveMemberOf', allow: memberships },
  transitiveMemberOfCast: { method: 'GET', path: '/users/{id}/transitiveMemberOf/{type}', allow: memberships },
  checkMemberGroups: { method: 'POST', path: '/users/{id}/checkMemberGroups', allow: checkMembers },
  listDeletedUsers: { method: 'GET', path: '/directory/deletedItems/microsoft.graph.user', allow: readUsers },
  getDeletedItem: { method: 'GET', path: '/directory/deletedItems/{id}', allow: readUsers },
  purgeDeletedItem: {
    method: 'DELETE',
    path: '/directory/deletedItems/{id}',
    allow: anyOf('User.DeleteRestore.All'),
  },
  restoreDeletedItem: { method: 'POST', path: '/directory/deletedItems/{id}/restore', allow: deleteUsers },
  listGroups: { method: 'GET', path: '/groups', allow: readGroups },
  listGroupOwners: { method: 'GET', path: '/groups/{id}/owners', allow: readGroups },
  getGroup: { method: 'GET', path: '/groups/{id}', allow: readGroups },
  listServicePrincipals: { method: 'GET', path: '/servicePrincipals', allow: readApps },
  getServicePrincipal: { method: 'GET', path: '/servicePrincipals/{id}', allow: readApps },
  listRoleAssignments: { method: 'GET', path: '/roleManagement/directory/roleAssignments', allow: readRoles },
  listRoleAssignmentInstances: {
    method: 'GET',
    path: '/roleManagement/directory/roleAssignmentScheduleInstances',
    allow: [...anyOf('RoleAssignmentSchedule.Read.Directory'), ...readSchedules],
  },
  listRoleEligibilityInstances: {
    method: 'GET',
    path: '/roleManagement/directory/roleEligibilityScheduleInstances',
    allow: [...anyOf('RoleEligibilitySchedule.Read.Directory'), ...readSchedules],
  },
  listGroupEligibilities: {
    method: 'GET',
    path: '/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances',
    allow: anyOf(
      'PrivilegedEligibilitySchedule.Read.AzureADGroup',
      'PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup',
    ),
  },
  listRoleDefinitions: { method: 'GET', path: '/roleManagement/directory/roleDefinitions', allow: readRoles },
  getRoleDefinition: { method: 'GET', path: '/roleManagement/directory/roleDefinitions/{id}', allow: readRoles },
  getOrganization: {
    method: 'GET',
    path: '/organization',
    allow: anyOf('Organization.Read.All', 'Directory.Read.All'),
  },
} satisfies Record<string, Permission>;

export type Operation = keyof typeof permissions;

export function permits(allow: Allow, granted: ReadonlySet<string>): boolean {
  return allow.some((set) => set.every((role) => granted.has(role)));
}
