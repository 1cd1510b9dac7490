import type { State } from '../model.ts';
import { permits } from '../permissions.ts';
import { withGroups } from '../principals.ts';
import { DIRECTORY_ROLES } from '../seed.ts';
import type { GraphCall } from './call.ts';
import { denied } from './refusals.ts';

/** Directory roles that may act on any administrator (users, "Who can perform sensitive actions"). */
const REACH_EVERYBODY: readonly string[] = [
  DIRECTORY_ROLES.globalAdministrator,
  DIRECTORY_ROLES.privilegedAuthenticationAdministrator,
];

/**
 * Disabling, deleting and restoring an administrator is a sensitive action: User.ReadWrite.All alone is not enough for
 * it. The narrow permission is (it was made for administrators too), so a 403 here is no safety net for who holds it.
 */
export function requireSensitive(call: GraphCall, target: string, narrow: string): void {
  const state = call.tenant.truth();
  if (!isPrivileged(state, target) || permits([[narrow]], call.caller.roles)) return;
  const own = rolesHeld(state, call.caller.objectId);
  if (!REACH_EVERYBODY.some((role) => own.has(role))) throw denied();
}

// Members and owners of a role-assignable group count as administrators, whether or not it holds a role just now.
function isPrivileged(state: State, id: string): boolean {
  const inGroup = Object.values(state.groups).some((group) => {
    return group.isAssignableToRole === true && [...group.members, ...group.owners].includes(id);
  });
  return inGroup || rolesHeld(state, id).size > 0;
}

function rolesHeld(state: State, id: string): ReadonlySet<string> {
  const principals = withGroups(state, id);
  const held = state.directoryAssignments.filter(({ principalId }) => principals.has(principalId));
  return new Set(held.map(({ roleDefinitionId }) => roleDefinitionId));
}
