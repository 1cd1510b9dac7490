import type { Assignment } from '../../shared/domain/access.ts';
import type { Exclusion } from '../../shared/domain/exclusion.ts';
import type { Privilege, User } from '../../shared/domain/identity.ts';
import { day } from './world-clock.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Everything the far sides hold. Plain data, so that a copy of it is what somebody saw at a time. */
export interface WorldState {
  /** Tags of the subscription. */
  tags: Record<string, string>;
  live: Record<string, Writable<User>>;
  deleted: Record<string, Writable<User>>;
  privileges: Record<string, Privilege[]>;
  /** Members of each group, whatever way they are in it. */
  groups: Record<string, string[]>;
  /** By resource path: `{scope}/providers/Microsoft.Authorization/roleAssignments/{name}`. */
  assignments: Record<string, Assignment>;
  eligible: Assignment[];
  exclusions: Record<string, Exclusion>;
  /** Word sent, by key: what a receiver that recognises repetitions has read. */
  word: Record<string, string>;
}

export const subscription = '11111111-0000-4000-8000-000000000001';
export const scope = `/subscriptions/${subscription}`;
/** The group of those who approve. */
export const approverGroup = 'cccccccc-0000-4000-8000-000000000001';
export const contributor = 'b24988ac-6180-42a0-ab88-20f7382dd24c';

/** The object id of the n-th user. */
export function userId(n: number): string {
  return `aaaaaaaa-0000-4000-8000-${String(n).padStart(12, '0')}`;
}

/** A user created long ago, whose last sign-in was that many days before `now`. */
export function someUser(n: number, now: string, quietDays = 200): Writable<User> {
  const last = new Date(Date.parse(now) - quietDays * day).toISOString();
  return {
    id: userId(n),
    displayName: `User ${n}`,
    userPrincipalName: `user${n}@example.com`,
    enabled: true,
    guest: false,
    synced: false,
    createdAt: '2020-01-01T00:00:00.000Z',
    signIns: { successful: last, interactive: last, nonInteractive: last },
    sessionsValidFrom: null,
    excludeMark: null,
    licences: 1,
  };
}

/** A role of a user, as Azure holds it. */
export function assigned(user: string, change: Partial<Assignment> = {}): Assignment {
  return {
    name: `bbbbbbbb-0000-4000-8000-${user.slice(-12)}`,
    scope,
    roleDefinitionId: `${scope}/providers/Microsoft.Authorization/roleDefinitions/${contributor}`,
    roleName: 'Contributor',
    readOnly: false,
    grantsAccess: change.roleName === 'Owner',
    principalId: user,
    principalType: 'User',
    condition: null,
    conditionVersion: null,
    description: null,
    ...change,
  };
}

export function pathOf({ scope: at, name }: Pick<Assignment, 'scope' | 'name'>): string {
  return `${at}/providers/Microsoft.Authorization/roleAssignments/${name}`;
}

/** Three users, quiet for long, each a contributor; and two who approve. */
export function firstState(now: string): WorldState {
  const users = [1, 2, 3].map((n) => someUser(n, now));
  const people = [901, 902].map((n) => someUser(n, now, 0));
  return {
    tags: { environment: 'sandbox' },
    live: Object.fromEntries([...users, ...people].map((user) => [user.id, user])),
    deleted: {},
    privileges: {},
    groups: { [approverGroup]: people.map(({ id }) => id) },
    assignments: Object.fromEntries(users.map(({ id }) => [pathOf(assigned(id)), assigned(id)])),
    eligible: [],
    exclusions: {},
    word: {},
  };
}
