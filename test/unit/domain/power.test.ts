import { expect, test } from 'vitest';
import { powerOf } from '../../../shared/domain/power.ts';

test.each([
  ['notify', 'changer'],
  ['annotate', 'changer'],
  ['reversible', 'changer'],
  ['destructive', 'deleter'],
] as const)('%s needs the power of the %s, and no more', (risk, power) => {
  expect(powerOf(risk)).toBe(power);
});
