import type { Group } from '../model.ts';
import { type GraphHandler, METADATA } from './call.ts';
import { applyFilter, readFilter } from './filtered.ts';
import { page } from './page.ts';
import { notFound } from './refusals.ts';

const GROUPS = { type: 'microsoft.graph.group', paths: ['id', 'displayName', 'isAssignableToRole', 'createdDateTime'] };

export const listGroups: GraphHandler = (call) => {
  const rows = applyFilter(readFilter(call, GROUPS), Object.values(call.tenant.view().groups));
  return page(call, 'groups', rows.map(groupShape));
};

export const getGroup: GraphHandler = (call) => {
  const group = groupNamed(call);
  return { status: 200, body: { '@odata.context': `${METADATA}#groups/$entity`, ...groupShape(group) } };
};

export const listGroupOwners: GraphHandler = (call) => {
  const { owners } = groupNamed(call);
  const rows = owners.map((id) => ({ '@odata.type': '#microsoft.graph.user', id }));
  return page(call, 'directoryObjects', rows);
};

function groupNamed({ params: { id = '' }, tenant }: Parameters<GraphHandler>[0]): Group {
  const group = tenant.view().groups[id.toLowerCase()];
  if (!group) throw notFound(id);
  return group;
}

export function groupShape({ members: _members, owners: _owners, ...properties }: Group): Record<string, unknown> {
  return { ...properties, mail: null, mailEnabled: false, securityEnabled: true, groupTypes: [], visibility: null };
}
