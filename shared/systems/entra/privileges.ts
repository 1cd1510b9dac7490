import { z } from 'zod';
import { Fault } from '../../domain/fault.ts';
import type { Privilege } from '../../domain/identity.ts';
import { type HttpApi, needing, orNull } from '../http-api.ts';
import { noSuch } from './presence.ts';

const memberOfSchema = z.object({
  '@odata.type': z.string().default('#microsoft.graph.group'),
  id: z.guid(),
  displayName: z.string().nullish(),
  isAssignableToRole: z.boolean().nullish(),
});
type Group = Omit<z.infer<typeof memberOfSchema>, '@odata.type'>;

const grantSchema = z.object({
  roleDefinitionId: z.string(),
  directoryScopeId: z.string().nullish(),
  roleDefinition: z.object({ displayName: z.string() }).nullish(),
});

/** Directory roles are given to users and to role-assignable groups, held or eligible; each list is asked per principal. */
const lists = [
  { path: '/roleManagement/directory/roleAssignments', held: 'active', needs: 'RoleManagement.Read.Directory' },
  {
    path: '/roleManagement/directory/roleEligibilityScheduleInstances',
    held: 'eligible',
    needs: 'RoleEligibilitySchedule.Read.Directory',
  },
] as const;

const groupPermission = 'GroupMember.Read.All';

/** Application permissions that all of it needs. */
export const privilegePermissions: readonly string[] = [groupPermission, ...lists.map(({ needs }) => needs)];

interface Principal {
  readonly id: string;
  readonly through: string;
}

/**
 * Directory roles of a user, active and eligible, their own and through groups, and membership in role-assignable groups,
 * whose members Entra itself protects like role holders.
 * https://learn.microsoft.com/graph/api/resources/rbac-overview, …/privileged-identity-management/groups-features
 */
export async function privilegesOf(graph: HttpApi, id: string): Promise<readonly Privilege[]> {
  const assignable = (await groupsOf(graph, id)).filter(({ isAssignableToRole }) => isAssignableToRole === true);
  const principals = [
    { id, through: 'direct' },
    ...assignable.map((group) => ({ id: group.id, through: nameOf(group) })),
  ];
  const roles = await Promise.all(
    principals.flatMap((principal) => lists.map((list) => grants(graph, principal, list))),
  );
  return [...roles.flat(), ...assignable.map(memberOf)];
}

/**
 * All groups the user is in, by whatever way; none for a user who is not live. Asked without a cast to groups: one needs
 * `ConsistencyLevel: eventual`, an index that lags (https://learn.microsoft.com/graph/api/user-list-transitivememberof).
 */
async function groupsOf(graph: HttpApi, id: string): Promise<readonly Group[]> {
  const path = `/users/${id}/transitiveMemberOf?$select=id,displayName,isAssignableToRole`;
  const all = (await needing([groupPermission], orNull(graph.list(path, memberOfSchema), noSuch))) ?? [];
  const groups = all.filter((one) => one['@odata.type'] === '#microsoft.graph.group');
  // What the caller may not read of a member's groups is null, not refused; every group has a name.
  // https://learn.microsoft.com/graph/permissions-overview#limited-information-returned-for-inaccessible-member-objects
  if (groups.every(({ displayName }) => typeof displayName === 'string')) return groups;
  throw new Fault(
    'halt',
    'permission-missing',
    `Reading groups needs ${groupPermission}; their properties are hidden.`,
  );
}

async function grants(
  graph: HttpApi,
  { id, through }: Principal,
  { path, held, needs }: (typeof lists)[number],
): Promise<readonly Privilege[]> {
  const filter = encodeURIComponent(`principalId eq '${id}'`);
  const found = await needing([needs], graph.list(`${path}?$filter=${filter}&$expand=roleDefinition`, grantSchema));
  return found.map(({ roleDefinition, roleDefinitionId, directoryScopeId }) => ({
    role: roleDefinition?.displayName ?? roleDefinitionId,
    // A role can be limited to an administrative unit or to one application; `/` is the whole directory.
    scope: (directoryScopeId ?? '/') === '/' ? 'directory' : `directory${directoryScopeId}`,
    held,
    through,
  }));
}

function memberOf(group: Group): Privilege {
  return { role: 'member of a role-assignable group', scope: 'directory', held: 'active', through: nameOf(group) };
}

function nameOf({ displayName, id }: Group): string {
  return displayName ?? id;
}
