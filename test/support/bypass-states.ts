import { EXCLUDE_ATTRIBUTE, GROUPS, PEOPLE } from '../../local/tenant/seed.ts';
import { Fault } from '../../shared/domain/fault.ts';
import { type Attempt, remove, target } from './bypass.ts';
import { both, group, quiet, user } from './bypass-tenant.ts';

const day = 86_400_000;
const inDays = (days: number) => `${new Date(Date.now() + days * day).toISOString().slice(0, 19)}Z`;
const marked = (value: string) =>
  user(target, { customSecurityAttributes: { [EXCLUDE_ATTRIBUTE.set]: { [EXCLUDE_ATTRIBUTE.name]: value } } });

/** People who are not to be touched for what they are. */
const people: readonly Attempt[] = [
  { what: 'an identity we run as', safety: { ourselves: [target] }, stoppedBy: { guard: 'ourselves' } },
  {
    what: 'an identity we run as, in capitals',
    safety: { ourselves: [target.toUpperCase()] },
    stoppedBy: { guard: 'ourselves' },
  },
  { what: 'an approver', names: [{ value: PEOPLE.sam }], tenant: quiet(PEOPLE.sam), stoppedBy: { guard: 'approver' } },
  {
    what: 'an approver through a group in a group',
    tenant: group(GROUPS.owners, { members: [target] }),
    stoppedBy: { guard: 'approver' },
  },
  { what: 'a synced user', names: [{ value: PEOPLE.synced }], stoppedBy: { guard: 'synced' } },
  {
    what: 'created six days ago',
    tenant: user(target, { createdDateTime: inDays(-6) }),
    stoppedBy: { guard: 'recently created' },
  },
  {
    what: 'created a moment short of 30 days ago',
    tenant: user(target, { createdDateTime: inDays(-29.99) }),
    stoppedBy: { guard: 'recently created' },
  },
  {
    what: 'created tomorrow',
    tenant: user(target, { createdDateTime: inDays(1) }),
    stoppedBy: { guard: 'recently created' },
  },
  {
    what: 'created in no year at all',
    tenant: user(target, { createdDateTime: '0001-01-01T00:00:00Z' }),
    stoppedBy: { guard: 'recently created' },
  },
  { what: 'marked by somebody in words', tenant: marked('back in spring'), stoppedBy: { guard: 'excluded' } },
  {
    what: 'marked until tomorrow',
    tenant: marked(`until ${inDays(1).slice(0, 10)}`),
    stoppedBy: { guard: 'excluded' },
  },
  { what: 'excluded in the registry', exclusion: {}, stoppedBy: { guard: 'excluded' } },
  {
    what: 'nobody on the break-glass list',
    safety: { breakGlass: [] },
    steps: [remove],
    stoppedBy: { guard: 'break-glass list' },
  },
  {
    what: 'deleted already',
    tenant: (state) => {
      const gone = state.users[target];
      if (gone) state.deletedUsers[target] = { ...gone, deletedDateTime: inDays(-1) };
      delete state.users[target];
    },
    stoppedBy: { left: 'is already deleted' },
  },
];

/** People of whom the claim is not proved. */
const unproved: readonly Attempt[] = [
  { what: 'never signed in', names: [{ value: PEOPLE.neverSignedIn }], stoppedBy: { proof: 'unknown' } },
  { what: 'signed in by a program only', names: [{ value: PEOPLE.nonInteractive }], stoppedBy: { proof: 'false' } },
  { what: 'somebody tries the password', names: [{ value: PEOPLE.failedSignIns }], stoppedBy: { proof: 'unknown' } },
  { what: 'here yesterday', names: [{ value: PEOPLE.yesterday }], stoppedBy: { proof: 'false' } },
  { what: 'quiet a day short of the time asked for', tenant: both(quiet(target, 91)), stoppedBy: { proof: 'false' } },
];

/** Lists that guards and proofs read, by the end of their path. */
const lists = [
  'v1.0/users/[^/]+$',
  'v1.0/users/.+/transitiveMemberOf',
  'v1.0/users/.+/checkMemberGroups',
  'directory/roleAssignments',
  'directory/roleEligibilityScheduleInstances',
  'privilegedAccess/group/eligibilityScheduleInstances',
  'v1.0/groups$',
  'v1.0/groups/.+/owners',
  'Microsoft.Authorization/roleAssignments$',
  'Microsoft.Authorization/roleEligibilityScheduleInstances',
  'Microsoft.Authorization/roleDefinitions/',
];

const unreadable: readonly Attempt[] = lists.flatMap((path) => [
  { what: `${path} forbidden`, broken: { path, status: 403 }, stoppedBy: { fault: 'halt' } as const },
  { what: `${path} throttled`, broken: { path, status: 429 }, stoppedBy: { fault: 'retry' } as const },
  { what: `${path} gives no answer`, broken: { path, drop: true }, stoppedBy: { fault: 'retry' } as const },
]);

const down = async (): Promise<never> => {
  throw new Fault('retry', 'storage-down', 'The storage does not answer.');
};

const ownLists: readonly Attempt[] = [
  {
    what: 'the exclusions cannot be read',
    engine: ({ world }) => ({ world: { ...world, exclusions: { ...world.exclusions, find: down } } }),
    stoppedBy: { fault: 'retry' },
  },
  {
    what: 'the stops cannot be read',
    engine: ({ controls }) => ({ controls: { ...controls, list: down } }),
    stoppedBy: { fault: 'retry' },
  },
  {
    what: 'the budgets cannot be read',
    engine: () => ({ budgets: { reserve: down, left: down } }),
    stoppedBy: { fault: 'retry' },
  },
];

export const states: readonly Attempt[] = [...people, ...unproved, ...unreadable, ...ownLists];
