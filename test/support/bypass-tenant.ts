import type { AzureRole, Group, State, User } from '../../local/tenant/model.ts';
import { AZURE_ROLES, DIRECTORY_ROLES, GROUPS, PEOPLE, SCOPES } from '../../local/tenant/seed.ts';

/* Small changes of the tenant, to be put together. */

type Edit = (state: State) => void;

export const both =
  (...edits: readonly Edit[]): Edit =>
  (state) => {
    for (const edit of edits) edit(state);
  };

export const user =
  (id: string, change: Partial<User>): Edit =>
  (state) => {
    const found = state.users[id];
    if (found) state.users[id] = { ...found, ...change };
  };

/** Last signed in, in every way, that many days ago. */
export const quiet = (id: string, days = 200): Edit => {
  const at = `${new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 19)}Z`;
  const ids = {
    lastSignInRequestId: null,
    lastNonInteractiveSignInRequestId: null,
    lastSuccessfulSignInRequestId: null,
  };
  const times = { lastSignInDateTime: at, lastNonInteractiveSignInDateTime: at, lastSuccessfulSignInDateTime: at };
  return user(id, { signInActivity: { ...times, ...ids } });
};

export const group =
  (id: string, change: Partial<Group>): Edit =>
  (state) => {
    const found = state.groups[id];
    if (found) state.groups[id] = { ...found, ...change };
  };

const since = { startDateTime: '2026-01-01T00:00:00Z', endDateTime: null };

export const directoryRole =
  (principalId: string, held: 'active' | 'eligible' = 'active', directoryScopeId = '/'): Edit =>
  (state) => {
    const list = held === 'active' ? state.directoryAssignments : state.directoryEligibilities;
    const roleDefinitionId = DIRECTORY_ROLES.helpdeskAdministrator;
    list.push({ ...since, id: `more-${list.length}`, principalId, roleDefinitionId, directoryScopeId });
  };

export const groupEligibility =
  (principalId: string, groupId: string, accessId: 'member' | 'owner'): Edit =>
  (state) => {
    state.groupEligibilities.push({ ...since, principalId, groupId, accessId });
  };

/** Azure roles, given anew beside all others. */
export const azureRole =
  (
    role: string,
    {
      principalId = PEOPLE.adaQuiet as string,
      scope = SCOPES.subscriptionA as string,
      condition = null as string | null,
    } = {},
  ): Edit =>
  (state) => {
    const [one] = state.assignments;
    const name = `eeee0000-0000-4000-8000-${String(9_000 + state.assignments.length).padStart(12, '0')}`;
    const principalType = state.groups[principalId] ? 'Group' : 'User';
    const conditionVersion = condition === null ? null : '2.0';
    if (one)
      state.assignments.push({ ...one, name, role, scope, principalId, principalType, condition, conditionVersion });
  };

export const eligibleAzureRole =
  (role: string, principalId: string): Edit =>
  (state) => {
    const [one] = state.eligibilities;
    const principalType = state.groups[principalId] ? 'Group' : 'User';
    if (one)
      state.eligibilities.push({
        ...one,
        name: 'eeee0000-0000-4000-8000-000000000199',
        role,
        principalId,
        principalType,
      });
  };

/** The tenant's custom role allows something else from here on. */
export const customRole =
  (change: Pick<AzureRole, 'actions'> & Partial<AzureRole>): Edit =>
  (state) => {
    const roles = state.azureRoles.map((role) => (role.name === AZURE_ROLES.auditor ? { ...role, ...change } : role));
    Object.assign(state, { azureRoles: roles });
  };

/** Ada is in a group in a group in this group. */
export const deepIn = (outer: string): Edit =>
  both(
    group(GROUPS.inner, { members: [PEOPLE.adaQuiet] }),
    group(GROUPS.contributors, { members: [GROUPS.inner] }),
    group(outer, { members: [GROUPS.contributors] }),
  );
