import type { State } from '../model.ts';
import { permits } from '../permissions.ts';
import { groupsOf } from '../principals.ts';
import type { Answer } from '../wire.ts';
import { type GraphCall, type GraphHandler, METADATA } from './call.ts';
import { groupShape } from './groups.ts';
import { page } from './page.ts';
import { badRequest, badSyntax } from './refusals.ts';
import { findUser } from './users.ts';

const GROUP = 'microsoft.graph.group';
const DIRECTORY_ROLE = 'microsoft.graph.directoryRole';

/** checkMemberGroups: "up to 20 groups per request". */
const MOST_CHECKED = 20;

export const memberOf: GraphHandler = (call) => memberships(call, false);
export const transitiveMemberOf: GraphHandler = (call) => memberships(call, true);

export const checkMemberGroups: GraphHandler = (call) => {
  const state = call.tenant.view();
  const user = findUser(state, call.params.id ?? '');
  const { groupIds } = call.body;
  if (!Array.isArray(groupIds) || groupIds.length === 0 || groupIds.length > MOST_CHECKED) {
    throw badRequest(`The parameter 'groupIds' must hold 1 to ${MOST_CHECKED} ids.`);
  }
  const value = groupsOf(state, user.id, { transitive: true }).map((group) => group.id);
  const asked = value.filter((id) => groupIds.includes(id));
  return { status: 200, body: { '@odata.context': `${METADATA}#Collection(Edm.String)`, value: asked } };
};

function memberships(call: GraphCall, transitive: boolean): Answer {
  const state = call.tenant.view();
  const user = findUser(state, call.params.id ?? '');
  const groups = groupsOf(state, user.id, { transitive }).map((group) => readable(call, GROUP, groupShape(group)));
  const roles = directoryRoles(state, user.id, transitive).map((role) => readable(call, DIRECTORY_ROLE, role));
  const { type } = call.params;
  if (type === undefined) return page(call, 'directoryObjects', [...groups, ...roles]);
  if (type.toLowerCase() === GROUP) return page(call, 'groups', groups);
  if (type.toLowerCase() === DIRECTORY_ROLE.toLowerCase()) return page(call, 'directoryRoles', roles);
  throw badSyntax(`Resource not found for the segment '${type}'.`);
}

function directoryRoles(state: State, id: string, transitive: boolean): readonly Record<string, unknown>[] {
  const groups = transitive ? groupsOf(state, id, { transitive }).map((group) => group.id) : [];
  const held = state.directoryAssignments.filter(({ principalId }) => [id, ...groups].includes(principalId));
  const ids = new Set(held.map(({ roleDefinitionId }) => roleDefinitionId));
  return state.directoryRoles
    .filter((role) => ids.has(role.id))
    .map(({ objectId, displayName, description, id: roleTemplateId }) => {
      return { id: objectId, deletedDateTime: null, displayName, description, roleTemplateId };
    });
}

// "Limited information returned for inaccessible member objects": the type and the id, the rest null.
function readable(call: GraphCall, type: string, object: Record<string, unknown>): Record<string, unknown> {
  const narrow =
    type === GROUP
      ? ['GroupMember.Read.All', 'Group.Read.All', 'Group.ReadWrite.All']
      : ['RoleManagement.Read.Directory'];
  const allow = [...narrow, 'Directory.Read.All', 'Directory.ReadWrite.All'].map((role) => [role]);
  const known = permits(allow, call.caller.roles);
  const shown = Object.entries(object).map(([name, value]) => [name, known || name === 'id' ? value : null]);
  return { '@odata.type': `#${type}`, ...Object.fromEntries(shown) };
}
