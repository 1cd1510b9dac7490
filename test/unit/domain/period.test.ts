import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cadences, isIn, periodAt, periodBefore, periodNamed } from '../../../shared/domain/period.ts';

const times = fc
  .date({ min: new Date('1969-06-01'), max: new Date('2199-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString());

describe.each(cadences)('%s periods', (cadence) => {
  test('have every time in exactly one, and its name leads back to it', () => {
    fc.assert(
      fc.property(times, (time) => {
        const period = periodAt(cadence, time);
        expect(isIn(time, period)).toBe(true);
        expect(periodNamed(period.name)).toEqual(period);
        expect(periodAt(cadence, period.from)).toEqual(period);
        const before = periodBefore(period);
        expect(before.to).toBe(period.from);
        expect(isIn(period.from, before)).toBe(false);
      }),
      { numRuns: 200 },
    );
  });
});

test.each([
  ['hourly', '2026-11-28T13:59:59.999Z', '2026-11-28T13', '2026-11-28T13:00:00.000Z', '2026-11-28T14:00:00.000Z'],
  ['daily', '2026-02-28T00:00:00.000Z', '2026-02-28', '2026-02-28T00:00:00.000Z', '2026-03-01T00:00:00.000Z'],
  ['weekly', '2027-01-01T12:00:00.000Z', '2026-W53', '2026-12-28T00:00:00.000Z', '2027-01-04T00:00:00.000Z'],
  ['weekly', '2024-12-30T00:00:00.000Z', '2025-W01', '2024-12-30T00:00:00.000Z', '2025-01-06T00:00:00.000Z'],
  ['biweekly', '2026-11-28T00:00:00.000Z', '2026-W48-W49', '2026-11-23T00:00:00.000Z', '2026-12-07T00:00:00.000Z'],
  ['monthly', '2028-02-29T23:00:00.000Z', '2028-02', '2028-02-01T00:00:00.000Z', '2028-03-01T00:00:00.000Z'],
] as const)('%s at %s is %s', (cadence, time, name, from, to) => {
  expect(periodAt(cadence, time)).toEqual({ cadence, name, from, to });
});

test.each([
  '',
  '2026',
  '2026-13',
  '2026-02-30',
  '2026-11-28T24',
  '2026-W00',
  '2026-W54',
  '2025-W53',
  '2026-W49-W50',
  '2026-W48-W50',
  '../2026-11',
  '2026-11-28T13:00',
])('%j names no period', (name) => {
  expect(periodNamed(name)).toBeNull();
});

test('what is no time has no period', () => {
  expect(() => periodAt('daily', 'soon')).toThrow(RangeError);
});
