import { describe, expect, test } from 'vitest';
import type { Assignment } from '../../../shared/domain/access.ts';
import type { Presence } from '../../../shared/domain/identity.ts';
import { proveInactive, proveSuper } from '../../../shared/domain/proof.ts';
import { at, day, daysAgo, t0 } from '../../support/domain-time.ts';
import { absent, accessOf, assigned, deleted, live, root } from '../../support/domain-users.ts';

const question = { claim: 'inactive', days: 90 } as const;
const prove = (presence: Presence) => proveInactive(presence, question, t0);
const signedIn = (successful: string | null, interactive: string | null, nonInteractive: string | null) =>
  prove(live({ signIns: { successful, interactive, nonInteractive } }));

const times = { none: null, old: daysAgo(200), recent: daysAgo(5) } as const;
type When = keyof typeof times;

describe('inactive: success, interactive attempt, non-interactive attempt', () => {
  test.each<readonly [When, When, When, 'true' | 'false' | 'unknown']>([
    ['none', 'none', 'none', 'unknown'],
    ['none', 'none', 'old', 'true'],
    ['none', 'none', 'recent', 'unknown'],
    ['none', 'old', 'none', 'true'],
    ['none', 'old', 'old', 'true'],
    ['none', 'old', 'recent', 'unknown'],
    ['none', 'recent', 'none', 'unknown'],
    ['none', 'recent', 'old', 'unknown'],
    ['none', 'recent', 'recent', 'unknown'],
    ['old', 'none', 'none', 'true'],
    ['old', 'none', 'old', 'true'],
    ['old', 'none', 'recent', 'unknown'],
    ['old', 'old', 'none', 'true'],
    ['old', 'old', 'old', 'true'],
    ['old', 'old', 'recent', 'unknown'],
    ['old', 'recent', 'none', 'unknown'],
    ['old', 'recent', 'old', 'unknown'],
    ['old', 'recent', 'recent', 'unknown'],
    ['recent', 'none', 'none', 'false'],
    ['recent', 'none', 'old', 'false'],
    ['recent', 'none', 'recent', 'false'],
    ['recent', 'old', 'none', 'false'],
    ['recent', 'old', 'old', 'false'],
    ['recent', 'old', 'recent', 'false'],
    ['recent', 'recent', 'none', 'false'],
    ['recent', 'recent', 'old', 'false'],
    ['recent', 'recent', 'recent', 'false'],
  ])('%s, %s, %s → %s', (successful, interactive, nonInteractive, verdict) => {
    const proof = signedIn(times[successful], times[interactive], times[nonInteractive]);
    expect(proof).toMatchObject({ claim: 'inactive', verdict, at: t0 });
    expect(proof.evidence).toEqual([
      { fact: 'lastSuccessfulSignIn', value: times[successful], source: 'graph' },
      { fact: 'lastInteractiveAttempt', value: times[interactive], source: 'graph' },
      { fact: 'lastNonInteractiveAttempt', value: times[nonInteractive], source: 'graph' },
    ]);
  });
});

describe('inactive: 90 days asked for need 92, since a sign-in shows up to two days late', () => {
  test.each([
    ['90 days', 90 * day, 'false'],
    ['91 days', 91 * day, 'false'],
    ['a millisecond short of 92 days', 92 * day - 1, 'false'],
    ['92 days', 92 * day, 'true'],
    ['93 days', 93 * day, 'true'],
    ['a time to come', -day, 'false'],
  ])('last success %s ago → %s', (_when, ms, verdict) => {
    expect(signedIn(at(-ms), at(-ms), at(-ms)).verdict).toBe(verdict);
  });

  test.each([
    ['a millisecond short of 92 days', 92 * day - 1, 'unknown'],
    ['92 days', 92 * day, 'true'],
  ])('last attempt %s ago → %s', (_when, ms, verdict) => {
    expect(signedIn(daysAgo(300), at(-ms), null).verdict).toBe(verdict);
  });

  test('other days are counted from the playbook', () => {
    const presence = live();
    expect(proveInactive(presence, { claim: 'inactive', days: 198 }, t0).verdict).toBe('true');
    expect(proveInactive(presence, { claim: 'inactive', days: 199 }, t0).verdict).toBe('false');
  });
});

describe('inactive: what cannot be known is unknown', () => {
  test.each([
    ['the user is deleted', deleted(), 'in the deleted items'],
    ['the user is nowhere', absent, 'does not have the user'],
    ['no sign-in is on record', live({ signIns: null }), 'no sign-in on record'],
    [
      'every time is empty',
      live({ signIns: { successful: null, interactive: null, nonInteractive: null } }),
      'every sign-in time is empty',
    ],
  ])('%s', (_why, presence, reason) => {
    expect(prove(presence)).toMatchObject({ verdict: 'unknown', reason: expect.stringContaining(reason), at: t0 });
  });

  test.each([
    ['successful', 'x', daysAgo(200), daysAgo(200)],
    ['interactive', daysAgo(200), 'x', daysAgo(200)],
    ['non-interactive', daysAgo(200), daysAgo(200), 'x'],
  ])('a %s time that nobody can read', (_which, successful, interactive, nonInteractive) => {
    expect(signedIn(successful, interactive, nonInteractive)).toMatchObject({
      verdict: 'unknown',
      reason: 'a sign-in time cannot be read',
    });
  });

  test.each([
    ['no success on record', null, 'no success is on record'],
    ['an old success', daysAgo(200), 'last success 200 days ago, but a sign-in was tried 5 days ago'],
  ])('an attempt with %s is told as such', (_what, successful, reason) => {
    expect(signedIn(successful, daysAgo(5), null).reason).toContain(reason);
  });
});

describe('inactive: days in words', () => {
  test.each([
    [0.5, 'within the last day'],
    [1, 'a day ago'],
    [2, '2 days ago'],
  ])('%d days', (days, words) => expect(signedIn(at(-days * day), null, null).reason).toContain(words));
});

describe('super: a role that allows everything, at the system or above it', () => {
  const managementGroup = '/providers/Microsoft.Management/managementGroups/all';
  const verdicts = (one: Assignment) => ({
    direct: proveSuper(accessOf({ direct: [one] }), root, t0).verdict,
    above: proveSuper(accessOf({ above: [one] }), root, t0).verdict,
    throughGroup: proveSuper(accessOf({ throughGroup: [one] }), root, t0).verdict,
  });
  const everywhere = (verdict: string) => ({ direct: verdict, above: verdict, throughGroup: verdict });

  test.each([
    ['Owner at it', assigned('Owner', root), 'true'],
    ['Owner at it, in other letters', assigned('Owner', root.toUpperCase()), 'true'],
    ['User Access Administrator at it', assigned('User Access Administrator', root), 'true'],
    ['Role Based Access Control Administrator', assigned('Role Based Access Control Administrator', root), 'true'],
    ['Owner at the management group above', assigned('Owner', managementGroup), 'true'],
    ['Owner at the root', assigned('Owner', '/'), 'true'],
    ['Owner below it', assigned('Owner', `${root}/resourceGroups/rg1`), 'false'],
    ['Owner of another whose id only begins alike', assigned('Owner', `${root}0`), 'false'],
    ['Contributor at it', assigned('Contributor', root), 'false'],
    ['Reader above it', assigned('Reader', '/'), 'false'],
  ])('%s, by whatever way', (_what, one, verdict) => expect(verdicts(one)).toEqual(everywhere(verdict)));

  test('what is only eligible is not held', () => {
    expect(proveSuper(accessOf({ eligible: [assigned('Owner', root)] }), root, t0).verdict).toBe('false');
  });

  test('every such role is evidence', () => {
    const access = accessOf({ direct: [assigned('Owner', root)], above: [assigned('User Access Administrator', '/')] });
    expect(proveSuper(access, root, t0)).toEqual({
      claim: 'super',
      verdict: 'true',
      reason: 'holds Owner, User Access Administrator over the whole system',
      evidence: [
        { fact: 'Owner', value: root, source: 'azure' },
        { fact: 'User Access Administrator', value: '/', source: 'azure' },
      ],
      at: t0,
    });
  });
});
