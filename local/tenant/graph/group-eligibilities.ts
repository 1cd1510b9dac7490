import type { GroupEligibility, State } from '../model.ts';
import type { GraphHandler } from './call.ts';
import { applyFilter, readFilter } from './filtered.ts';
import { groupShape } from './groups.ts';
import { page } from './page.ts';
import { badRequest, badSyntax } from './refusals.ts';

const INSTANCES = {
  type: 'microsoft.graph.privilegedAccessGroupEligibilityScheduleInstance',
  paths: ['principalId', 'groupId', 'accessId', 'memberType', 'eligibilityScheduleId'],
};

// "$filter (eq) on groupId or principalId is required" (List eligibilityScheduleInstances).
export const listGroupEligibilities: GraphHandler = (call) => {
  const filter = readFilter(call, INSTANCES);
  if (!filter) throw badRequest("The query must be filtered by 'groupId' or 'principalId'.");
  const expand = call.query.get('$expand')?.split(',') ?? [];
  const unknown = expand.find((path) => path !== 'group');
  if (unknown) throw badSyntax(`Could not find a property named '${unknown}'.`);
  const state = call.tenant.view();
  const rows = applyFilter(filter, state.groupEligibilities).map((one) => ({
    ...shape(one),
    ...(expand.length > 0 && { group: groupOf(state, one) }),
  }));
  return page(call, 'identityGovernance/privilegedAccess/group/eligibilityScheduleInstances', rows);
};

function shape(one: GroupEligibility): Record<string, unknown> {
  const { principalId, groupId, accessId, startDateTime, endDateTime } = one;
  const id = `${groupId}_${accessId}_${principalId}`;
  return {
    id,
    principalId,
    groupId,
    accessId,
    startDateTime,
    endDateTime,
    memberType: 'direct',
    eligibilityScheduleId: id,
  };
}

function groupOf(state: State, { groupId }: GroupEligibility): unknown {
  const group = state.groups[groupId];
  return group ? groupShape(group) : null;
}
