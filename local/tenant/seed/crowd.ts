import type { RoleAssignment, State, Subscription, User } from '../model.ts';
import { AZURE_ROLES, PEOPLE } from '../seed.ts';
import { before } from './users.ts';

/** Subscriptions the crowd is spread over: a budget has at most a thousand places for one. */
const perSubscription = 250;

/** One of the crowd, and where it has its role. */
export interface Member {
  readonly id: string;
  readonly subscription: string;
  /** Every fourth subscription is a sandbox, where accounts may go; the others are labs, where access is cut. */
  readonly environment: 'sandbox' | 'lab';
  /** Name of its one role assignment, as Contributor. */
  readonly assignment: string;
}

const guid = (head: string, n: number): string => `${head}-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** The same people for the same count, so that who sends alerts about them need not ask. */
export function crowdOf(count: number): readonly Member[] {
  return Array.from({ length: count }, (_, index) => {
    const subscription = Math.floor(index / perSubscription);
    return {
      id: guid('aaaa1111', index + 1),
      subscription: guid('33333333', subscription + 1),
      environment: subscription % 4 === 0 ? 'sandbox' : 'lab',
      assignment: guid('eeee1111', index + 1),
    };
  });
}

/** Adds people who have not signed in for 200 days, each a Contributor of a subscription: something to do, many times over. */
export function withCrowd(state: State, count: number, now: number): State {
  const members = crowdOf(count);
  const model = state.users[PEOPLE.doraDormant];
  if (!model) throw new Error('the seed has nobody to take after');
  return {
    ...state,
    users: {
      ...state.users,
      ...Object.fromEntries(members.map(({ id }, index) => [id, memberLike(model, id, index)])),
    },
    subscriptions: [...state.subscriptions, ...subscriptionsOf(members)],
    managementGroup: {
      ...state.managementGroup,
      subscriptions: [...state.managementGroup.subscriptions, ...subscriptionsOf(members).map(({ id }) => id)],
    },
    assignments: [...state.assignments, ...members.map((member) => assignmentOf(member, now))],
  };
}

function memberLike(model: User, id: string, index: number): User {
  const number = String(index + 1).padStart(5, '0');
  const userPrincipalName = `crowd${number}@${model.userPrincipalName.split('@')[1] ?? ''}`;
  return { ...model, id, displayName: `Crowd ${number}`, userPrincipalName, mail: userPrincipalName };
}

function subscriptionsOf(members: readonly Member[]): readonly Subscription[] {
  const environments = new Map(members.map(({ subscription, environment }) => [subscription, environment]));
  return [...environments].map(([id, environment], index) => {
    return { id, displayName: `Crowd ${index + 1}`, tags: { environment }, resourceGroups: ['rg-crowd'] };
  });
}

function assignmentOf({ id, subscription, assignment }: Member, now: number): RoleAssignment {
  const since = before(now, 500);
  return {
    name: assignment,
    scope: `/subscriptions/${subscription}`,
    role: AZURE_ROLES.contributor,
    principalId: id,
    principalType: 'User',
    description: null,
    condition: null,
    conditionVersion: null,
    createdOn: since,
    updatedOn: since,
    createdBy: PEOPLE.globalAdmin,
    updatedBy: PEOPLE.globalAdmin,
  };
}
