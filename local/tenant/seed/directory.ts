import type { DirectoryGrant, DirectoryRole, ServicePrincipal } from '../model.ts';
import { DIRECTORY_ROLES, ELIGIBILITIES, ENGINE, GROUPS, OTHER_APP, PEOPLE } from '../seed.ts';
import { before } from './users.ts';

export const directoryRoles: readonly DirectoryRole[] = [
  role(DIRECTORY_ROLES.globalAdministrator, 'Global Administrator', true),
  role(DIRECTORY_ROLES.userAdministrator, 'User Administrator', true),
  role(DIRECTORY_ROLES.privilegedRoleAdministrator, 'Privileged Role Administrator', true),
  role(DIRECTORY_ROLES.privilegedAuthenticationAdministrator, 'Privileged Authentication Administrator', true),
  role(DIRECTORY_ROLES.helpdeskAdministrator, 'Helpdesk Administrator', false),
];

function role(id: string, displayName: string, isPrivileged: boolean): DirectoryRole {
  return {
    id,
    objectId: `abcd${id.slice(4)}`,
    displayName,
    description: `Built-in role ${displayName}.`,
    isPrivileged,
  };
}

export function seedDirectoryAssignments(now: number): DirectoryGrant[] {
  const { globalAdministrator, helpdeskAdministrator } = DIRECTORY_ROLES;
  return [
    grant(now, 'assigned-1', PEOPLE.breakGlassNever, globalAdministrator),
    grant(now, 'assigned-2', PEOPLE.breakGlassRare, globalAdministrator),
    grant(now, 'assigned-3', PEOPLE.globalAdmin, globalAdministrator),
    grant(now, 'assigned-4', GROUPS.roleAssignable, helpdeskAdministrator),
  ];
}

export function seedDirectoryEligibilities(now: number): DirectoryGrant[] {
  return [
    grant(now, ELIGIBILITIES.directoryRole, PEOPLE.eligibleDirectoryRole, DIRECTORY_ROLES.privilegedRoleAdministrator),
  ];
}

function grant(now: number, id: string, principalId: string, roleDefinitionId: string): DirectoryGrant {
  const startDateTime = before(now, 300);
  return { id, principalId, roleDefinitionId, directoryScopeId: '/', startDateTime, endDateTime: null };
}

export const servicePrincipals: Readonly<Record<string, ServicePrincipal>> = {
  [ENGINE.objectId]: {
    id: ENGINE.objectId,
    appId: ENGINE.appId,
    displayName: ENGINE.name,
    servicePrincipalType: 'ManagedIdentity',
    accountEnabled: true,
    appRoles: [
      'User.Read.All',
      'AuditLog.Read.All',
      'User.EnableDisableAccount.All',
      'User.RevokeSessions.All',
      'User.ReadWrite.All',
      'CustomSecAttributeAssignment.Read.All',
      'CustomSecAttributeAssignment.ReadWrite.All',
      'RoleManagement.Read.Directory',
      'RoleEligibilitySchedule.Read.Directory',
      'GroupMember.Read.All',
      'PrivilegedEligibilitySchedule.Read.AzureADGroup',
    ],
  },
  [OTHER_APP.objectId]: {
    id: OTHER_APP.objectId,
    appId: OTHER_APP.appId,
    displayName: OTHER_APP.name,
    servicePrincipalType: 'Application',
    accountEnabled: true,
    appRoles: [],
  },
};
