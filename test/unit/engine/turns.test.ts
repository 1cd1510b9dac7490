import { expect, test } from 'vitest';
import { turnsOf } from '../../../shared/engine/turns.ts';

test('the turns of a process are counted from 1, those of another by themselves', () => {
  const [turns, others] = [turnsOf(), turnsOf()];
  expect([turns(), turns(), turns(), others()]).toEqual([1, 2, 3, 1]);
});
