import { type Operation, permissions } from '../permissions.ts';
import type { GraphHandler } from './call.ts';
import { getDeletedItem, listDeletedUsers, purgeDeletedItem, restoreDeletedItem } from './deleted-items.ts';
import {
  getRoleDefinition,
  listRoleAssignmentInstances,
  listRoleAssignments,
  listRoleDefinitions,
  listRoleEligibilityInstances,
} from './directory-roles.ts';
import { listGroupEligibilities } from './group-eligibilities.ts';
import { getGroup, listGroupOwners, listGroups } from './groups.ts';
import { checkMemberGroups, memberOf, transitiveMemberOf } from './memberships.ts';
import { getOrganization } from './organization.ts';
import { getServicePrincipal, listServicePrincipals } from './service-principals.ts';
import { deleteUser, revokeSessions } from './user-actions.ts';
import { updateUser } from './user-update.ts';
import { countUsers, getUser, listUsers } from './users.ts';

/** Every operation has its row in the table of permissions and its handler here; the compiler holds the two together. */
const handlers: Readonly<Record<Operation, GraphHandler>> = {
  listUsers,
  countUsers,
  getUser,
  updateUser,
  deleteUser,
  revokeSessions,
  memberOf,
  memberOfCast: memberOf,
  transitiveMemberOf,
  transitiveMemberOfCast: transitiveMemberOf,
  checkMemberGroups,
  listDeletedUsers,
  getDeletedItem,
  purgeDeletedItem,
  restoreDeletedItem,
  listGroups,
  listGroupOwners,
  getGroup,
  listGroupEligibilities,
  listServicePrincipals,
  getServicePrincipal,
  listRoleAssignments,
  listRoleAssignmentInstances,
  listRoleEligibilityInstances,
  listRoleDefinitions,
  getRoleDefinition,
  getOrganization,
};

const names = Object.keys(permissions).filter((name): name is Operation => name in handlers);

export const operations = names.map((operation) => {
  return { operation, handle: handlers[operation], ...permissions[operation] };
});
