import type { Group } from '../model.ts';
import { type GraphHandler, METADATA } from './call.ts';
import { notFound } from './refusals.ts';

export const getGroup: GraphHandler = (call) => {
  const { id = '' } = call.params;
  const group = call.tenant.view().groups[id.toLowerCase()];
  if (!group) throw notFound(id);
  return { status: 200, body: { '@odata.context': `${METADATA}#groups/$entity`, ...groupShape(group) } };
};

export function groupShape({ members: _members, owners: _owners, ...properties }: Group): Record<string, unknown> {
  return { ...properties, mail: null, mailEnabled: false, securityEnabled: true, groupTypes: [], visibility: null };
}
