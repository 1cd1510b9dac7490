import { expect, test } from 'vitest';
import { isOver, type Standing, standingOf } from '../../../shared/domain/standing.ts';
import {
  asked,
  decided,
  ended,
  opened,
  planned,
  removePlan,
  runFrom,
  type Told,
  undoDecided,
  undoEnded,
} from '../../support/domain-run.ts';
import { at, t0 } from '../../support/domain-time.ts';

const question = [opened(), planned(), asked(['remove'], at(9))];
const outcomes = ['done', 'failed', 'rejected', 'expired', 'refused'] as const;

test.each<readonly [string, readonly Told[], Standing, boolean]>([
  ['asked', question, 'asking', false],
  ['not asked any more', [opened(), planned()], 'superseded', false],
  ['decided', [...question, decided(removePlan(), t0)], 'decided', false],
  ...outcomes.map((outcome) => [outcome, [...question, ended(outcome)], outcome, true] as const),
  ['observed', [opened(), ended('observed')], 'ended', true],
  ['not confirmed', [opened(), ended('not-confirmed')], 'ended', true],
  ['taken back', [...question, undoDecided(t0)], 'undoing', false],
  ['taken back after its end', [...question, ended('done'), undoDecided(t0)], 'undoing', false],
  ['put back', [...question, ended('done'), undoDecided(t0), undoEnded('undone', t0)], 'undone', true],
])('a run that is %s stands so', (_what, told, standing, over) => {
  const run = runFrom(...told);
  expect(standingOf(run)).toBe(standing);
  expect(isOver(run)).toBe(over);
});

test('a run that is held stands so, whether decided or not', () => {
  const run = runFrom(...question);
  expect(standingOf({ ...run, held: { reason: 'x', at: t0 } })).toBe('held');
});
