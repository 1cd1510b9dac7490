import { expect, test } from 'vitest';
import { picksOf } from '../../../shared/domain/choice-id.ts';
import { asked, keepPlan, opened, planned, removePlan, runFrom } from '../../support/domain-run.ts';
import { at, day } from '../../support/domain-time.ts';

const both = [removePlan(), keepPlan()];
const questionOf = (choices: readonly string[], until = at(day)) =>
  picksOf(runFrom(opened(), planned(both), asked(choices, until)));

test('what is not asked cannot be picked', () => {
  expect(picksOf(runFrom(opened(), planned(both)))).toEqual([]);
  expect(picksOf({ ...runFrom(opened(), asked(['remove'])), plans: null }).map(({ choice }) => choice)).toEqual([null]);
});

test('each choice that is asked about can be picked, and rejecting', () => {
  expect(questionOf(['remove', 'keep']).map(({ choice, digest }) => [choice, digest])).toEqual([
    ...both.map(({ choice, digest }) => [choice, digest]),
    [null, null],
  ]);
  expect(questionOf(['keep']).map(({ choice }) => choice)).toEqual(['keep', null]);
});

test('the id is of the run, the question, its plans and the choice: none stands for another', () => {
  const ids = [questionOf(['remove', 'keep']), questionOf(['keep']), questionOf(['remove', 'keep'], at(2 * day))]
    .flat()
    .map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(questionOf(['remove', 'keep'])).toEqual(questionOf(['remove', 'keep']));
});
