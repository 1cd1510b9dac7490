import { z } from 'zod';
import type { Privilege } from '../../domain/identity.ts';
import { type HttpApi, needing } from '../http-api.ts';

/** Application permission that reading it needs. */
export const eligibilityPermission = 'PrivilegedEligibilitySchedule.Read.AzureADGroup';

const instanceSchema = z.object({
  accessId: z.string(),
  groupId: z.string(),
  group: z.object({ displayName: z.string().nullish() }).nullish(),
});

/**
 * Groups a principal can put itself into, or make itself owner of (Privileged Identity Management for groups). What such a
 * group gives is not looked up: a group is put under this management because being in it matters. A group can be eligible
 * for another group, and then each of its members is.
 * https://learn.microsoft.com/graph/api/privilegedaccessgroup-list-eligibilityscheduleinstances
 */
export async function groupEligibilities(
  graph: HttpApi,
  { id, through }: { id: string; through: string },
): Promise<readonly Privilege[]> {
  const filter = encodeURIComponent(`principalId eq '${id}'`);
  const path = `/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances?$filter=${filter}&$expand=group`;
  const found = await needing([eligibilityPermission], graph.list(path, instanceSchema));
  return found.map(({ accessId, groupId, group }) => ({
    role: `${accessId} of group ${group?.displayName ?? groupId}`,
    scope: 'directory',
    held: 'eligible',
    through,
  }));
}
