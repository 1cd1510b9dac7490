import { describe, expect, test } from 'vitest';
import { exclusionSchema, inForce, markInForce, markOf } from '../../../shared/domain/exclusion.ts';

const exclusion = { system: 's', identity: 'i', reason: 'needed', expiresAt: '2026-05-30T08:00:00.000Z', run: 'run-1' };

test.each([
  ['before its end', '2026-05-30T07:59:59.999Z', true],
  ['at its end', '2026-05-30T08:00:00.000Z', false],
  ['at its end, in another zone', '2026-05-30T10:00:00+02:00', false],
])('an exclusion is in force %s (%s): %s', (_when, now, expected) => expect(inForce(exclusion, now)).toBe(expected));

describe('the mark beside the user', () => {
  test('names the day', () => expect(markOf(exclusion.expiresAt)).toBe('until 2026-05-30'));

  test.each([
    ['until 2026-05-30', '2026-05-30T23:59:59.999Z', true],
    ['until 2026-05-30', '2026-05-31T00:00:00.000Z', false],
    ['until 2026-05-30', '2026-05-29T00:00:00.000Z', true],
    ['until 2025-12-31', '2026-01-01T00:00:00.000Z', false],
    ['Until 2020-01-01', '2026-01-01T00:00:00.000Z', true],
    ['until 2020-01-01 at least', '2026-01-01T00:00:00.000Z', true],
    ['until 2020-01-01\n', '2026-01-01T00:00:00.000Z', true],
    ['ask Maria', '2026-01-01T00:00:00.000Z', true],
    ['', '2026-01-01T00:00:00.000Z', true],
  ])('"%s" at %s: in force %s', (mark, now, expected) => expect(markInForce(mark, now)).toBe(expected));
});

test.each([
  ['no end', { expiresAt: '' }],
  ['a day without a time', { expiresAt: '2026-05-30' }],
  ['no reason', { reason: '' }],
  ['nobody', { identity: '' }],
  ['a field too many', { for: 'ever' }],
])('an exclusion with %s is none', (_what, differs) => {
  expect(exclusionSchema.safeParse({ ...exclusion, ...differs }).success).toBe(false);
});
