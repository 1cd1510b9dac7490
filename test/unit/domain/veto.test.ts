import { describe, expect, test } from 'vitest';
import { carriedOutBy, changedAt, vetoOf } from '../../../shared/domain/veto.ts';
import {
  decided,
  ended,
  guarded,
  keepPlan,
  opened,
  planFor,
  planned,
  proved,
  removePlan,
  runFrom,
  stepOf,
  type Told,
  undoDecided,
  verified,
  voided,
  waiting,
} from '../../support/domain-run.ts';
import { at, day, minute } from '../../support/domain-time.ts';

const before = [opened('enforce'), proved(), planned(), guarded()];
const chosen = [...before, decided()];
const alreadySo = (step: string): Told => ({
  type: 'step-verified',
  time: at(minute),
  data: { step, observed: null, by: 'already so' },
});

describe('what speaks against a run', () => {
  test.each<readonly [string, readonly Told[], string | null, string | null]>([
    ['nothing where it goes on', chosen, null, null],
    ['nothing where it is done', [...chosen, verified('1.1'), ended('done')], null, null],
    ['an undo', [...chosen, undoDecided(at(day))], 'Ria took it back: was needed', at(day)],
    ['a rejection', [...before, decided(null, at(minute), 'is on leave')], 'Pat rejected it: is on leave', at(minute)],
    [
      'a rejection without a word',
      [...before, decided(null, at(minute))],
      'Pat rejected it: without a reason',
      at(minute),
    ],
    ['a failure', [...chosen, ended('failed', at(day))], 'it failed: because', at(day)],
    ['somebody who came back', [...chosen, verified('1.1'), ended('not-confirmed', at(day))], 'because', at(day)],
    ['nobody, where nothing was done', [...chosen, ended('not-confirmed', at(day))], null, null],
    ['nobody, where it was so before', [...chosen, alreadySo('1.1'), ended('not-confirmed', at(day))], null, null],
    [
      'a change back',
      [...chosen, verified('1.1'), voided('put back', at(day)), proved('true', at(2 * day))],
      'it was changed back: put back',
      at(2 * day),
    ],
    [
      'a change back of what has ended',
      [...chosen, verified('1.1'), voided('one'), voided('two'), ended('expired', at(day))],
      'it was changed back: one; two',
      at(day),
    ],
    ['no change before anything was done', [...chosen, voided('a new role')], null, null],
    ['no refusal', [...chosen, verified('1.1'), ended('refused', at(day))], null, null],
  ])('%s', (_what, told, reason, when) => {
    expect(vetoOf(runFrom(...told))).toEqual(reason === null ? null : { reason, at: when });
  });

  test('an undo before anything else', () => {
    expect(vetoOf(runFrom(...before, decided(null), undoDecided(at(day))))?.reason).toContain('took it back');
  });
});

test('carried out is what the run itself changed, of every plan', () => {
  const told = [...chosen, verified('1.1'), voided('x'), planned([removePlan(2)]), decided(removePlan(2))];
  expect(carriedOutBy(runFrom(...told, alreadySo('2.1')))).toEqual(['disable-user']);
  expect(carriedOutBy(runFrom(...told, verified('2.4')))).toEqual(['disable-user', 'delete-user']);
  expect(carriedOutBy(runFrom(...chosen, waiting('1.2', at(day))))).toEqual([]);
});

describe('the first stage', () => {
  test('has not taken hold before a plan is chosen, nor before every step of it is verified', () => {
    expect(changedAt(runFrom(...before))).toBeNull();
    expect(changedAt(runFrom(...chosen))).toBeNull();
  });

  test('ends at the first wait', () => {
    expect(changedAt(runFrom(...chosen, verified('1.1', at(minute)), waiting('1.2', at(day))))).toBe(at(minute));
  });

  test('is everything where nothing is waited for, and as late as its last step', () => {
    const plan = planFor('all', [
      stepOf('1.1', 'disable-user', 'reversible'),
      stepOf('1.2', 'revoke-sessions', 'reversible'),
    ]);
    const both = [opened(), proved(), planned([plan]), guarded([plan]), decided(plan)];
    expect(changedAt(runFrom(...both, verified('1.1', at(2 * minute))))).toBeNull();
    expect(changedAt(runFrom(...both, verified('1.1', at(2 * minute)), verified('1.2', at(minute))))).toBe(
      at(2 * minute),
    );
  });

  test('begins with the first action, where a plan begins with a wait', () => {
    const wait = { key: '1.1', wait: 'P1D', ms: day };
    const plan = planFor('late', [
      wait,
      stepOf('1.2', 'disable-user', 'reversible'),
      { ...wait, key: '1.3' },
      stepOf('1.4', 'delete-user', 'destructive'),
    ]);
    const late = [opened(), proved(), planned([plan]), guarded([plan]), decided(plan), waiting('1.1', at(day))];
    expect(changedAt(runFrom(...late))).toBeNull();
    expect(changedAt(runFrom(...late, verified('1.2', at(2 * day))))).toBe(at(2 * day));
  });

  test('of the plan that was chosen, not of another', () => {
    const plans = [removePlan(), keepPlan()];
    const kept = [opened(), proved(), planned(plans), guarded(plans), decided(keepPlan())];
    expect(changedAt(runFrom(...kept, verified('1.1', at(minute))))).toBeNull();
    expect(changedAt(runFrom(...kept, verified('1.5', at(minute))))).toBe(at(minute));
  });
});
