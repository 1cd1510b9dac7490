import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseNcrontab } from '../../local/host/ncrontab.ts';
import { parseSchedule } from '../../local/host/timer.ts';
import { parseTimeSpan } from '../../local/host/timespan.ts';
import { eventually, type TestHost, testHost } from '../support/host.ts';

describe('NCRONTAB', () => {
  test.each([
    ['*/1 * * * * *', '2026-03-01T10:00:00Z', '2026-03-01T10:00:01Z'],
    ['0 */5 * * * *', '2026-03-01T10:00:00Z', '2026-03-01T10:05:00Z'],
    ['*/5 * * * *', '2026-03-01T10:04:59Z', '2026-03-01T10:05:00Z'],
    ['5,8,10 * * * * *', '2026-03-01T10:00:08Z', '2026-03-01T10:00:10Z'],
    ['0 30 9-17 * * 1-5', '2026-02-27T17:30:00Z', '2026-03-02T09:30:00Z'],
    ['0 0 0 1 Jan,Jul *', '2026-03-01T00:00:00Z', '2026-07-01T00:00:00Z'],
    ['0 0 0 * * Sun', '2026-03-01T00:00:00Z', '2026-03-08T00:00:00Z'],
    ['0 0 0 13 * friday', '2026-03-14T00:00:00Z', '2026-11-13T00:00:00Z'],
    ['0 0 0 29 2 *', '2026-03-01T00:00:00Z', '2028-02-29T00:00:00Z'],
    ['0 0 0 31 * *', '2026-03-31T00:00:00Z', '2026-05-31T00:00:00Z'],
    ['59 59 23 31 12 *', '2026-12-31T23:59:58.500Z', '2026-12-31T23:59:59Z'],
    ['10/20 * * * * *', '2026-12-31T23:59:55Z', '2027-01-01T00:00:10Z'],
  ])('%s after %s is %s', (expression, after, expected) => {
    expect(parseNcrontab(expression)(new Date(after))).toEqual(new Date(expected));
  });

  test('a date that never comes has no next occurrence', () => {
    expect(parseNcrontab('0 0 0 30 2 *')(new Date())).toBeUndefined();
  });

  test.each([
    '* * * *',
    '60 * * * * *',
    '0 0 0 0 * *',
    '5-1 * * * * *',
    '*/0 * * * * *',
    '0 0 0 * * 7',
    'x * * * * *',
    '1-2-3x * * * * *',
    '1,,2 * * * * *',
  ])('"%s" is refused', (expression) => {
    expect(() => parseNcrontab(expression)).toThrow();
  });
});

test.each([
  ['00:05:00', 300_000],
  ['1.02:03:04.5', 93_784_500],
  ['00:01', 60_000],
])('the TimeSpan %s is %i ms', (text, ms) => {
  expect(parseTimeSpan(text)).toBe(ms);
});

test.each(['5', '00:00:00', '1:2:3:4', ''])('the schedule "%s" is refused', (text) => {
  expect(() => parseSchedule(text)).toThrow();
});

describe('running timers', () => {
  interface Ticks {
    second: { isPastDue: boolean; schedule: unknown; scheduleStatus: unknown }[];
    slow: unknown[];
    startup: unknown[];
    overlapped: boolean;
  }

  let host: TestHost;
  const ticks = async (): Promise<Ticks> => (await host.get('/api/ticks')) as Ticks;

  beforeAll(async () => {
    host = await testHost('http.ts', { settings: { EVERY_SECOND: '*/1 * * * * *' } });
  });

  afterAll(() => host.close());

  test('%Setting% names the schedule, and a failed run does not end the timer', async () => {
    const second = await eventually(async () => {
      const seen = (await ticks()).second;
      return seen.length >= 2 ? seen : undefined;
    });
    // The host keeps no status for schedules shorter than a minute.
    expect(second[0]).toEqual({ schedule: { adjustForDST: true }, scheduleStatus: null, isPastDue: false });
  });

  test('a run that outlasts its interval is not overlapped', async () => {
    const { slow, overlapped } = await eventually(async () => {
      const seen = await ticks();
      return seen.slow.length >= 3 ? seen : undefined;
    });
    expect([slow.length >= 3, overlapped]).toEqual([true, false]);
  });

  test('runOnStartup runs once at start', async () => {
    expect((await ticks()).startup).toHaveLength(1);
  });
});
