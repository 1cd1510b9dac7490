import { describe, expect, test } from 'vitest';
import { approvalsOf, halfApproved, partIn, whyNoApprover } from '../../../shared/domain/approval.ts';
import type { Presence } from '../../../shared/domain/identity.ts';
import type { Run } from '../../../shared/domain/run.ts';
import { decided, keepPlan, opened, planned, playbookOf, removePlan, runFrom } from '../../support/domain-run.ts';
import { t0 } from '../../support/domain-time.ts';
import { absent, deleted, live, userId } from '../../support/domain-users.ts';

describe('who is no approver now', () => {
  test.each<readonly [string, Presence, readonly string[], string | null]>([
    ['somebody in a group', live(), ['a-group'], null],
    ['somebody in none', live(), [], 'is in no approver group'],
    ['disabled', live({ enabled: false }), ['a-group'], 'is disabled'],
    ['a guest', live({ guest: true }), ['a-group'], 'is a guest'],
    ['deleted', deleted(), ['a-group'], 'is deleted'],
    ['unknown', absent, ['a-group'], 'is no user of this directory'],
  ])('%s', (_who, presence, groups, why) => {
    expect(whyNoApprover(presence, groups)).toBe(why);
  });
});

describe('the part that keeps somebody from deciding', () => {
  const person = 'c0ffee00-0000-4000-8000-00000000000c';
  const about = runFrom(opened()).opened;
  const edited = { ...about, playbook: playbookOf({ editors: ['somebody-else', person] }) };

  test.each([
    ['whom it is about', about, userId, { code: 'own-case', reason: 'is whom it is about' }],
    ['whoever raised it', { ...about, requestedBy: `person:${person}` }, person, 'own-request'],
    ['whoever edited the playbook last', edited, person, 'own-playbook'],
  ])('%s, in capitals too', (_who, run, who, part) => {
    const code = typeof part === 'string' ? part : part.code;
    expect(partIn(run, who)?.code).toBe(code);
    expect(partIn(run, who.toUpperCase())?.code).toBe(code);
  });

  test('is said', () => {
    expect(partIn(about, userId)?.reason).toBe('is whom it is about');
    expect(partIn({ ...about, requestedBy: `person:${person}` }, person)?.reason).toBe('raised the alert');
    expect(partIn(edited, person)?.reason).toBe('was the last to edit the playbook');
  });

  test('nobody else has one, nor a program of the same name', () => {
    expect(partIn(edited, 'c0ffee00-0000-4000-8000-00000000000d')).toBeNull();
    expect(partIn({ ...about, requestedBy: `app:${person}` }, person)).toBeNull();
  });
});

describe('approvals', () => {
  const two = { ...removePlan(), people: 2 };
  const approval = (digest: string, by: string) => ({
    ...{ choice: 'remove', digest, by, byName: by },
    ...{ reason: null, at: t0 },
  });
  const asked: Run = { ...runFrom(opened(), planned([two, keepPlan()])), approvals: [approval(two.digest, 'ada')] };

  test('stand for one plan only', () => {
    const approvals = [approval('one', 'ada'), approval('other', 'bob')];
    expect(approvalsOf({ approvals }, 'one').map(({ by }) => by)).toEqual(['ada']);
    expect(approvalsOf({ approvals }, null)).toEqual([]);
  });

  test('of a plan that needs more people are told, of others not', () => {
    expect(halfApproved(asked)).toEqual([{ choice: 'remove', approved: 1, people: 2 }]);
    expect(halfApproved({ ...asked, approvals: [] })).toEqual([]);
    expect(halfApproved({ ...asked, plans: null })).toEqual([]);
  });

  test('are of no interest any more once it is decided', () => {
    const { decision } = runFrom(opened(), planned(), decided(removePlan(), t0));
    expect(halfApproved({ ...asked, decision })).toEqual([]);
  });
});
