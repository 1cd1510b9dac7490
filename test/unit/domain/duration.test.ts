import { describe, expect, test } from 'vitest';
import { daysBetween, durationSchema, later, milliseconds } from '../../../shared/domain/duration.ts';

const hour = 3_600_000;

test.each([
  ['PT0S', 0],
  ['PT15M', 15 * 60_000],
  ['PT1H30M', 1.5 * hour],
  ['PT90S', 90_000],
  ['PT1H1M1S', hour + 61_000],
  ['P1D', 24 * hour],
  ['P30D', 720 * hour],
  ['P2W', 336 * hour],
  ['P1W2DT3H', (9 * 24 + 3) * hour],
])('%s is %d ms', (duration, ms) => {
  expect(durationSchema.safeParse(duration).success).toBe(true);
  expect(milliseconds(duration)).toBe(ms);
});

test.each([
  '',
  'P',
  'PT',
  'P1DT',
  'P1Y',
  'P1M',
  '1D',
  'P-1D',
  'P1.5D',
  'p1d',
  'P1D ',
  ' P1D',
  'P1D\n',
  'P1DT1D',
  'PT1D',
  'P99999D',
])('"%s" is not a duration', (text) => {
  expect(durationSchema.safeParse(text).success).toBe(false);
  expect(() => milliseconds(text)).toThrow(RangeError);
  expect(() => milliseconds(text)).toThrow(`${text} is not an ISO 8601 duration without years and months`);
});

describe('times', () => {
  test('later moves a time over the end of a month, in UTC', () => {
    expect(later('2026-02-28T23:59:59.999Z', 1)).toBe('2026-03-01T00:00:00.000Z');
    expect(later('2026-03-01T01:00:00+01:00', -1)).toBe('2026-02-28T23:59:59.999Z');
  });

  test.each([
    ['2026-03-01T00:00:00Z', '2026-03-01T23:59:59Z', 0],
    ['2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z', 1],
    ['2026-03-02T00:00:00Z', '2026-03-01T00:00:01Z', -1],
  ])('from %s to %s are %d whole days', (from, to, days) => expect(daysBetween(from, to)).toBe(days));
});
