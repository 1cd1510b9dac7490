import { z } from 'zod';
import { Fault } from '../../domain/fault.ts';
import { type HttpApi, needing, orNull } from '../http-api.ts';
import { noSuch } from './presence.ts';

const groupSchema = z.object({
  id: z.guid(),
  displayName: z.string().nullish(),
  isAssignableToRole: z.boolean().nullish(),
});
const memberOfSchema = groupSchema.extend({ '@odata.type': z.string().default('#microsoft.graph.group') });

/** A group as far as it matters who is in it. */
export type Group = z.infer<typeof groupSchema>;

/** Application permission that reading groups, their members and their owners needs. */
export const groupPermission = 'GroupMember.Read.All';

/**
 * All groups the user is in, by whatever way; none for a user who is not live. Asked without a cast to groups: one needs
 * `ConsistencyLevel: eventual`, an index that lags (https://learn.microsoft.com/graph/api/user-list-transitivememberof).
 */
export async function groupsWith(graph: HttpApi, id: string): Promise<readonly Group[]> {
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

/** Every group that roles can be given to; a tenant has at most 500 (learn.microsoft.com/entra/identity/role-based-access-control/groups-concept). */
export async function assignableGroups(graph: HttpApi): Promise<readonly Group[]> {
  const filter = encodeURIComponent('isAssignableToRole eq true');
  const path = `/groups?$filter=${filter}&$select=id,displayName,isAssignableToRole`;
  return needing([groupPermission], graph.list(path, groupSchema));
}

const ownerSchema = z.object({ id: z.guid() });

/** Object ids of the owners of a group; none where the group is gone meanwhile. */
export async function ownersOf(graph: HttpApi, { id }: Group): Promise<readonly string[]> {
  const owners = orNull(graph.list(`/groups/${id}/owners?$select=id`, ownerSchema), noSuch);
  return ((await needing([groupPermission], owners)) ?? []).map((owner) => owner.id);
}

/** What a group is called. */
export function nameOf({ displayName, id }: Group): string {
  return displayName ?? id;
}
