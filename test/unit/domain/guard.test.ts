import { describe, expect, test } from 'vitest';
import type { Exclusion } from '../../../shared/domain/exclusion.ts';
import {
  type GuardedAction,
  type GuardFacts,
  guardNames,
  refusals,
  type Safety,
  youngDays,
} from '../../../shared/domain/guard.ts';
import type { User } from '../../../shared/domain/identity.ts';
import { day, daysAgo, t0 } from '../../support/domain-time.ts';
import { absent, deleted, live, subscription, userId } from '../../support/domain-users.ts';

const notifying: GuardedAction = { action: 'notify', risk: 'notify', changesAccount: false };
const annotating: GuardedAction = { action: 'exclude-from-reports', risk: 'annotate', changesAccount: false };
const restricting: GuardedAction = { action: 'assign-read-only', risk: 'reversible', changesAccount: false };
const disabling: GuardedAction = { action: 'disable-user', risk: 'reversible', changesAccount: true };
const deleting: GuardedAction = { action: 'delete-user', risk: 'destructive', changesAccount: true };
const all = [notifying, annotating, restricting, disabling, deleting];

const safe: Safety = { breakGlass: ['somebody-else'], approverGroups: ['a-group'], ourselves: ['our-own-id'] };
const mine = userId.toUpperCase();

/** Facts in which nothing speaks against anything. */
const factsOf = (differs: Partial<GuardFacts> = {}): GuardFacts => ({
  now: t0,
  run: 'run-1',
  presence: live(),
  approver: false,
  privileges: [],
  exclusion: null,
  safety: safe,
  ...differs,
});
const about = (user: Partial<User>) => factsOf({ presence: live(user) });

const excluded = (differs: Partial<Exclusion> = {}): Exclusion => ({
  system: subscription,
  identity: userId,
  reason: 'still needed',
  expiresAt: daysAgo(-30),
  run: 'run-0',
  ...differs,
});

/** Names of the guards that stop an action. */
const stopping = (facts: GuardFacts, action: GuardedAction) => refusals(facts, action).map(({ guard }) => guard);
/** Actions that are stopped at all. */
const stopped = (facts: GuardFacts) => all.filter((action) => refusals(facts, action).length > 0);

test('where nothing speaks against it, nothing is stopped', () => {
  for (const action of all) expect(refusals(factsOf(), action)).toEqual([]);
});

interface Row {
  readonly why: string;
  readonly guard: string;
  readonly facts: GuardFacts;
  readonly stops: readonly GuardedAction[];
  readonly reason: string;
}

const touching = [annotating, restricting, disabling, deleting];

const rows: readonly Row[] = [
  {
    why: 'an empty break-glass list',
    guard: 'break-glass list',
    facts: factsOf({ safety: { ...safe, breakGlass: [] } }),
    stops: [deleting],
    reason: 'the list of emergency access accounts is empty',
  },
  {
    why: 'an emergency access account',
    guard: 'break-glass',
    facts: factsOf({ safety: { ...safe, breakGlass: ['x', mine] } }),
    stops: touching,
    reason: 'is on the break-glass list',
  },
  {
    why: 'an identity Quell runs as',
    guard: 'ourselves',
    facts: factsOf({ safety: { ...safe, ourselves: ['x', mine] } }),
    stops: touching,
    reason: 'Quell runs as',
  },
  {
    why: 'an approver',
    guard: 'approver',
    facts: factsOf({ approver: true }),
    stops: touching,
    reason: 'is an approver',
  },
  {
    why: 'an active role',
    guard: 'privileged',
    facts: factsOf({
      privileges: [{ role: 'Global Administrator', scope: 'directory', held: 'active', through: 'direct' }],
    }),
    stops: touching,
    reason: 'holds power over others: Global Administrator on directory',
  },
  {
    why: 'a role one activation away, through a group',
    guard: 'privileged',
    facts: factsOf({ privileges: [{ role: 'Owner', scope: '/subscriptions/s', held: 'eligible', through: 'Ops' }] }),
    stops: touching,
    reason: 'Owner (eligible) on /subscriptions/s through Ops',
  },
  {
    why: 'a user mastered on-premises',
    guard: 'synced',
    facts: about({ synced: true }),
    stops: [disabling, deleting],
    reason: 'mastered on-premises',
  },
  {
    why: 'a user created yesterday',
    guard: 'recently created',
    facts: about({ createdAt: daysAgo(1) }),
    stops: touching,
    reason: 'was created 1 days ago; 30 are asked for',
  },
  {
    why: 'a user without a creation date',
    guard: 'recently created',
    facts: about({ createdAt: null }),
    stops: touching,
    reason: 'has no creation date',
  },
  {
    why: 'a creation date that nobody can read',
    guard: 'recently created',
    facts: about({ createdAt: 'long ago' }),
    stops: touching,
    reason: 'creation date',
  },
  {
    why: 'an exclusion in force',
    guard: 'excluded',
    facts: factsOf({ exclusion: excluded() }),
    stops: touching,
    reason: 'is excluded until 2026-03-31: still needed',
  },
  {
    why: 'a mark in force',
    guard: 'excluded',
    facts: about({ excludeMark: 'until 2026-03-01' }),
    stops: touching,
    reason: 'carries the exclusion mark "until 2026-03-01"',
  },
  {
    why: 'a mark that nobody can read',
    guard: 'excluded',
    facts: about({ excludeMark: 'ask Maria' }),
    stops: touching,
    reason: 'carries the exclusion mark "ask Maria"',
  },
  {
    why: 'a mark in force beside an exclusion that has ended',
    guard: 'excluded',
    facts: factsOf({
      presence: live({ excludeMark: 'until 2027-01-01' }),
      exclusion: excluded({ expiresAt: daysAgo(1) }),
    }),
    stops: touching,
    reason: 'carries the exclusion mark',
  },
];

describe('every guard stops alone', () => {
  test.each(rows)('$why', ({ guard, facts, stops, reason }) => {
    expect(stopped(facts)).toEqual(stops);
    for (const action of stops) {
      expect(stopping(facts, action)).toEqual([guard]);
      expect(refusals(facts, action)).toEqual([
        { guard, action: action.action, reason: expect.stringContaining(reason) },
      ]);
    }
  });

  test('and no guard is without a row', () => {
    expect(new Set(rows.map(({ guard }) => guard))).toEqual(new Set(guardNames));
  });
});

describe('exactly one target', () => {
  test.each([
    ['deleted', deleted(), 'is already deleted'],
    ['absent', absent, 'does not exist in the directory'],
  ])('a user who is %s is no target', (_state, presence, reason) => {
    for (const action of touching)
      expect(refusals(factsOf({ presence }), action)).toEqual([
        { guard: 'exactly one target', action: action.action, reason },
      ]);
    expect(refusals(factsOf({ presence }), notifying)).toEqual([]);
  });
});

describe('what is not a reason', () => {
  test.each<readonly [string, GuardFacts]>([
    ['the own exclusion of the run', factsOf({ exclusion: excluded({ run: 'run-1' }) })],
    [
      'the own exclusion and its mark',
      factsOf({ exclusion: excluded({ run: 'run-1' }), presence: live({ excludeMark: 'until 2026-05-30' }) }),
    ],
    ['an exclusion that has ended', factsOf({ exclusion: excluded({ expiresAt: t0 }) })],
    ['a mark that has ended', about({ excludeMark: 'until 2026-02-28' })],
    ['an age of exactly 30 days', about({ createdAt: daysAgo(youngDays) })],
    ['a guest', about({ guest: true })],
    ['an id that only begins alike', factsOf({ safety: { ...safe, ourselves: [userId.slice(0, -1), `${userId}b`] } })],
  ])('%s', (_what, facts) => {
    for (const action of all) expect(refusals(facts, action)).toEqual([]);
  });

  test('one millisecond short of 30 days is', () => {
    const createdAt = new Date(Date.parse(t0) - youngDays * day + 1).toISOString();
    expect(stopping(about({ createdAt }), disabling)).toEqual(['recently created']);
  });
});

test('every reason is given, in the order of the gate', () => {
  const facts: GuardFacts = {
    now: t0,
    run: 'run-1',
    presence: live({ synced: true, createdAt: null, excludeMark: 'x' }),
    privileges: [{ role: 'Owner', scope: '/', held: 'active', through: 'direct' }],
    exclusion: excluded(),
    approver: true,
    safety: { breakGlass: [mine], ourselves: [mine], approverGroups: [] },
  };
  expect(stopping(facts, deleting)).toEqual(guardNames.filter((name) => name !== 'break-glass list'));
});
