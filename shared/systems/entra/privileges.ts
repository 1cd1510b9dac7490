import { z } from 'zod';
import type { Privilege } from '../../domain/identity.ts';
import type { HttpApi } from '../http-api.ts';

const groupSchema = z.object({
  id: z.string(),
  displayName: z.string().nullish(),
  isAssignableToRole: z.boolean().nullish(),
});
type Group = z.infer<typeof groupSchema>;

const grantSchema = z.object({ principalId: z.string(), roleDefinitionId: z.string() });
const roleSchema = z.object({ id: z.string(), displayName: z.string() });

/** Directory roles are given to users and to role-assignable groups, held or eligible; each list is asked per principal. */
const lists = [
  { path: '/roleManagement/directory/roleAssignments', held: 'active' },
  { path: '/roleManagement/directory/roleEligibilityScheduleInstances', held: 'eligible' },
] as const;

/**
 * Directory roles of a user, active and eligible, their own and through groups, and membership in role-assignable groups,
 * whose members Entra itself protects like role holders.
 * https://learn.microsoft.com/graph/api/resources/rbac-overview, …/privileged-identity-management/groups-features
 */
export async function privilegesOf(graph: HttpApi, id: string): Promise<readonly Privilege[]> {
  const groups = await graph.list(
    `/users/${id}/transitiveMemberOf/microsoft.graph.group?$select=id,displayName,isAssignableToRole`,
    groupSchema,
  );
  const assignable = groups.filter(({ isAssignableToRole }) => isAssignableToRole === true);
  const principals = [
    { id, through: 'direct' },
    ...assignable.map((group) => ({ id: group.id, through: nameOf(group) })),
  ];
  const roles = await Promise.all(
    principals.flatMap((principal) => lists.map((list) => grants(graph, principal, list))),
  );
  return [...roles.flat(), ...assignable.map(memberOf)];
}

async function grants(
  graph: HttpApi,
  principal: { id: string; through: string },
  { path, held }: (typeof lists)[number],
): Promise<readonly Privilege[]> {
  const filter = encodeURIComponent(`principalId eq '${principal.id}'`);
  const found = await graph.list(`${path}?$filter=${filter}`, grantSchema);
  return Promise.all(
    found.map(async ({ roleDefinitionId }) => ({
      role: await roleName(graph, roleDefinitionId),
      scope: 'directory',
      held,
      through: principal.through,
    })),
  );
}

async function roleName(graph: HttpApi, id: string): Promise<string> {
  const role = roleSchema.parse(
    await graph.call('GET', `/roleManagement/directory/roleDefinitions/${encodeURIComponent(id)}`),
  );
  return role.displayName;
}

function memberOf(group: Group): Privilege {
  return { role: 'member of a role-assignable group', scope: 'directory', held: 'active', through: nameOf(group) };
}

function nameOf({ displayName, id }: Group): string {
  return displayName ?? id;
}
