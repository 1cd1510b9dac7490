import type { Group, PrincipalType, State } from './model.ts';

/** Groups that a user, group or service principal is in: directly, or through other groups as well. */
export function groupsOf(state: State, id: string, { transitive }: { transitive: boolean }): readonly Group[] {
  const found = new Map<string, Group>();
  const pending = [id];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const member = next;
    const above = Object.values(state.groups).filter((group) => group.members.includes(member) && !found.has(group.id));
    for (const group of above) found.set(group.id, group);
    if (transitive) pending.push(...above.map((group) => group.id));
  }
  return [...found.values()];
}

/** The identity and every group that speaks for it. */
export function withGroups(state: State, id: string): ReadonlySet<string> {
  return new Set([id, ...groupsOf(state, id, { transitive: true }).map((group) => group.id)]);
}

export function principalType(state: State, id: string): PrincipalType | undefined {
  if (state.users[id]) return 'User';
  if (state.groups[id]) return 'Group';
  return state.servicePrincipals[id] ? 'ServicePrincipal' : undefined;
}
