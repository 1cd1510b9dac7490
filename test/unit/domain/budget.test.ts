import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Budget,
  budgetSchema,
  fullInWords,
  inCounts,
  mostReservations,
  type Reservation,
  roomLeft,
  takePlace,
  windows,
} from '../../../shared/domain/budget.ts';
import { at, t0 } from '../../support/domain-time.ts';

const budget: Budget = { hour: 2, day: 3, week: 4, month: 5 };
const start = Date.parse(t0);

/** Places taken so many milliseconds before t0. */
const taken = (...ages: number[]): readonly Reservation[] => ages.map((age, n) => ({ key: `k${n}`, at: start - age }));
const take = (standing: readonly Reservation[], key = 'new', now = t0) => takePlace(standing, { key, now, budget });

describe('a place', () => {
  test.each(windows.map(({ name, ms }) => [name, ms] as const))(
    'is free again in the %s when it has passed, to the millisecond',
    (name, ms) => {
      const one: Budget = { hour: 100, day: 100, week: 100, month: 100, [name]: 1 };
      const at = (age: number) => takePlace(taken(age), { key: 'new', now: t0, budget: one }).reserved;
      expect(at(ms - 1)).toEqual({ granted: false, window: name, used: 1, limit: 1 });
      expect(at(ms)).toEqual({ granted: true });
    },
  );

  test('is refused by the shortest window that is full, and nothing changes', () => {
    const standing = taken(0, 1, 2, 3, 4);
    expect(take(standing)).toEqual({ reserved: { granted: false, window: 'hour', used: 5, limit: 2 }, kept: standing });
    expect(take(taken(0)).reserved).toEqual({ granted: true });
  });

  test('of the same key counts once, at the later time', () => {
    const standing = [...taken(0), { key: 'same', at: start - 60_000 }];
    const { reserved, kept } = take(standing, 'same');
    expect(reserved).toEqual({ granted: true });
    expect(kept.filter(({ key }) => key === 'same')).toEqual([{ key: 'same', at: start }]);
    const early = takePlace(standing, { key: 'same', now: at(-120_000), budget });
    expect(early.kept.find(({ key }) => key === 'same')?.at).toBe(start - 60_000);
  });

  test('taken long ago is not a place now: a step that comes back later needs room again', () => {
    const standing = [{ key: 'same', at: start - 7_200_000 }, ...taken(0, 1)];
    expect(take(standing, 'same').reserved).toMatchObject({ granted: false, window: 'hour', used: 2 });
  });

  test('older than every window is forgotten', () => {
    expect(take(taken(30 * 86_400_000, 30 * 86_400_000 - 1)).kept.map(({ key }) => key)).toEqual(['k1', 'new']);
  });

  test('in the future counts everywhere: a clock that is ahead makes no room', () => {
    expect(take(taken(-1_000, -2_000)).reserved).toMatchObject({ granted: false, used: 2 });
  });

  test('is never granted on a limit or a time that is none', () => {
    for (const limit of [Number.NaN, 0, -1])
      expect(takePlace([], { key: 'a', now: t0, budget: { ...budget, week: limit } }).reserved.granted).toBe(false);
    expect(() => takePlace([], { key: 'a', now: 'later', budget })).toThrow(new RangeError('later is no time'));
    const wide = { hour: 5_000, day: 5_000, week: 5_000, month: 5_000 };
    const full = takePlace(taken(...Array.from({ length: mostReservations }, () => 0)), {
      key: 'a',
      now: t0,
      budget: wide,
    });
    expect(full.reserved.granted).toBe(false);
  });

  test('property: no window ever holds more than its budget, and a retry at once is always granted', () => {
    const step = fc.record({ wait: fc.integer({ min: 0, max: 40 * 3_600_000 }), key: fc.integer({ min: 0, max: 30 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let standing: readonly Reservation[] = [];
        const last = new Map<string, number>();
        let time = start;
        for (const { wait, key } of steps) {
          time += wait;
          const request = { key: `k${key}`, now: new Date(time).toISOString(), budget };
          const { reserved, kept } = takePlace(standing, request);
          standing = kept;
          if (!reserved.granted) continue;
          last.set(request.key, time);
          expect(takePlace(standing, request)).toEqual({ reserved: { granted: true }, kept: standing });
          for (const { name, ms } of windows)
            expect([...last.values()].filter((when) => when > time - ms).length).toBeLessThanOrEqual(budget[name]);
        }
      }),
    );
  });
});

describe('in percent', () => {
  const percent = { hour: 1, day: 0.5 };
  test.each([
    [100_000, { hour: 2, day: 3 }],
    [300, { hour: 2, day: 1 }],
    [199, { hour: 1, day: 1 }],
    [1, { hour: 1, day: 1 }],
  ])('of %i users: the smaller of count and share, and never less than one', (users, limits) => {
    expect(inCounts({ ...budget, percent }, users)).toEqual({ ...budget, ...limits });
  });

  test('rounds down, and leaves a count of none at none', () => {
    const wide = { hour: 100, day: 100, week: 100, month: 0 };
    const all = { ...wide, percent: { hour: 1, day: 1.5, month: 99 } };
    expect(inCounts(all, 599)).toEqual({ hour: 5, day: 8, week: 100, month: 0 });
  });

  test('without a percentage it is what it was', () => expect(inCounts(budget, 1)).toEqual(budget));

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('%d is no count of users', (users) =>
    expect(() => inCounts(budget, users)).toThrow(RangeError),
  );
});

describe('the room that is left', () => {
  const standing: readonly Reservation[] = taken(0, 2 * 3_600_000, 30 * 3_600_000);

  test('is that of the fullest window, and never less than none', () => {
    const wide = { hour: 50, day: 60, week: 70, month: 80 };
    expect(roomLeft(standing, { now: t0, budget: wide })).toBe(49);
    expect(roomLeft(standing, { now: t0, budget: { ...wide, week: 5 } })).toBe(2);
    expect(roomLeft(standing, { now: t0, budget: { ...wide, day: 1 } })).toBe(0);
    expect(roomLeft(standing, { now: t0, budget: { ...wide, month: 2 } })).toBe(0);
    expect(roomLeft([], { now: t0, budget: { hour: 5_000, day: 5_000, week: 5_000, month: 5_000 } })).toBe(
      mostReservations,
    );
  });

  test('ends where a window begins', () => {
    const at = (ms: number) => new Date(start + ms).toISOString();
    const narrow = { hour: 1, day: 9, week: 9, month: 9 };
    expect(roomLeft(taken(0), { now: at(3_599_999), budget: narrow })).toBe(0);
    expect(roomLeft(taken(0), { now: at(3_600_000), budget: narrow })).toBe(1);
  });
});

describe('a setting', () => {
  test('takes as many as a store can hold, and says what is wrong', () => {
    expect(budgetSchema.parse('10/h,25/d,60/w,1000/m').month).toBe(1000);
    const wrong = budgetSchema.safeParse('10/h');
    expect(wrong.error?.issues.map(({ message }) => message)).toEqual([
      expect.stringContaining('is written like 10/h,25/d,60/w,120/m,1%/d'),
    ]);
  });

  test('names each window once, in any order', () => {
    const wanted = { hour: 10, day: 25, week: 60, month: 120 };
    expect(budgetSchema.parse('10/h,25/d,60/w,120/m')).toEqual(wanted);
    expect(budgetSchema.parse('120/m, 60/w, 25/d, 10/h')).toEqual(wanted);
    expect(budgetSchema.parse('10/h,1%/d,25/d,60/w,0.25%/w,120/m')).toEqual({
      ...wanted,
      percent: { day: 1, week: 0.25 },
    });
  });

  test.each([
    '',
    '10/h',
    '10/h,25/d,60/w',
    '10/h,25/d,60/w,120/m,1/h',
    '10/h,10/h,60/w,120/m',
    '10/h,25/d,60/w,1001/m',
    '-1/h,25/d,60/w,120/m',
    '10/h,25/d,60/w,1e3/m',
    '10/x,25/d,60/w,120/m',
    '10 per hour',
    '10/h,1%/d,60/w,120/m',
    '10/h,25/d,60/w,120/m,1%/d,1%/d',
    '10/h,25/d,60/w,120/m,0%/d',
    '10/h,25/d,60/w,120/m,-1%/d',
    '10/h,25/d,60/w,120/m,100%/d',
    '10/h,25/d,60/w,120/m,1%',
    '10/h,25/d,60/w,120/m,1.234%/d',
    '10/h,25/d,60/w,120/m,',
  ])('%j is none', (text) => expect(budgetSchema.safeParse(text).success).toBe(false));
});

test('what is full is said with its numbers', () => {
  const what = { class: 'destructive', system: 'azure 1' } as const;
  expect(fullInWords(what, { granted: false, window: 'month', used: 30, limit: 30 })).toBe(
    'budget of destructive changes in azure 1 is used up: 30 of 30 in the last 30 days',
  );
});
