import { z } from 'zod';
import type { Privilege } from '../../domain/identity.ts';
import type { Clock } from '../../ports.ts';
import { type HttpApi, needing } from '../http-api.ts';
import { inGroups } from '../in-groups.ts';
import { remembering } from '../remember.ts';
import { eligibilityPermission, groupEligibilities } from './group-eligibility.ts';
import { assignableGroups, type Group, groupPermission, groupsWith, nameOf, ownersOf } from './groups.ts';

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

/** Application permissions that all of it needs. */
export const privilegePermissions: readonly string[] = [
  groupPermission,
  eligibilityPermission,
  ...lists.map(({ needs }) => needs),
];

interface Principal {
  readonly id: string;
  readonly through: string;
}

/** How long the owners of role-assignable groups are remembered, in milliseconds: they can only be asked for group by group. */
const rememberMs = 60_000;

/**
 * What gives a user power over others: directory roles, active and eligible, their own and through groups; membership and
 * ownership of role-assignable groups, whose members Entra itself protects like role holders; eligibility for a group.
 * https://learn.microsoft.com/graph/api/resources/rbac-overview, …/privileged-identity-management/groups-features
 */
export function privilegesIn(graph: HttpApi, clock: Clock): (id: string) => Promise<readonly Privilege[]> {
  const owners = remembering(clock, rememberMs, () => ownersOfAll(graph));
  return async (id) => {
    const [groups, owned] = await Promise.all([groupsWith(graph, id), owners('all')]);
    const assignable = groups.filter(({ isAssignableToRole }) => isAssignableToRole === true);
    const own = { id, through: 'direct' };
    const roles = [own, ...assignable.map(principalOf)].flatMap((principal) =>
      lists.map((list) => () => grants(graph, principal, list)),
    );
    const eligible = [own, ...groups.map(principalOf)].map((principal) => () => groupEligibilities(graph, principal));
    const found = await inGroups([...roles, ...eligible], (ask) => ask());
    return [
      ...found.flat(),
      ...assignable.map(membership),
      ...owned.filter(({ owner }) => owner === id).map(ownership),
    ];
  };
}

interface Owned {
  readonly group: Group;
  readonly owner: string;
}

/** Who can put themselves or others into a role-assignable group. What a user owns cannot be asked for without a user signed in. */
async function ownersOfAll(graph: HttpApi): Promise<readonly Owned[]> {
  const groups = await assignableGroups(graph);
  const owned = await inGroups(groups, async (group) =>
    (await ownersOf(graph, group)).map((owner) => ({ group, owner: owner.toLowerCase() })),
  );
  return owned.flat();
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

function principalOf(group: Group): Principal {
  return { id: group.id, through: nameOf(group) };
}

function membership(group: Group): Privilege {
  return { role: 'member of a role-assignable group', scope: 'directory', held: 'active', through: nameOf(group) };
}

function ownership({ group }: Owned): Privilege {
  return { role: 'owner of a role-assignable group', scope: 'directory', held: 'active', through: nameOf(group) };
}
