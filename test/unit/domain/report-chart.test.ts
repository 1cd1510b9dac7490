import { describe, expect, test } from 'vitest';
import { periodAt } from '../../../shared/domain/period.ts';
import { chartOf } from '../../../shared/domain/report-chart.ts';
import type { ReportRow } from '../../../shared/domain/report-columns.ts';

const week = periodAt('weekly', '2026-11-25T12:00:00.000Z');
const bars = { chart: 'Guards', form: 'bars', by: 'guard' } as const;
const guards = (...names: readonly (string | null)[]): readonly ReportRow[] => names.map((guard) => ({ guard }));

describe('a chart of what there is', () => {
  test('has the largest first, and of the same size by name', () => {
    const chart = chartOf(bars, guards('b', 'c', 'a', 'c', 'c', 'a', 'b'), week);
    expect(chart).toEqual({
      ...{ kind: 'chart', title: 'Guards', form: 'bars', categories: ['c', 'a', 'b'] },
      ...{ series: [{ name: 'Guards', values: [3, 2, 2] }], text: 'Guards: 7 in all, most at c (3).' },
    });
  });

  test('calls none what has no name', () => {
    expect(chartOf(bars, guards(null, '', 'a'), week).categories).toEqual(['none', 'a']);
  });

  test('has twelve bars, and from the thirteenth on the smaller ones are one', () => {
    const names = (count: number) => Array.from({ length: count }, (_, n) => `g${String(n).padStart(2, '0')}`);
    expect(chartOf(bars, guards(...names(12)), week).categories).toEqual(names(12));
    const many = chartOf(bars, guards(...names(14), 'g13'), week);
    expect(many.categories).toEqual(['g13', ...names(10), 'others']);
    expect(many.series[0]?.values.at(-1)).toBe(3);
  });

  test('adds up a column, and counts where it is asked for none', () => {
    const rows = [
      { guard: 'a', hours: 2 },
      { guard: 'a', hours: 3 },
      { guard: 'b', hours: null },
    ];
    expect(chartOf({ ...bars, sum: 'hours' }, rows, week).series[0]?.values).toEqual([5, 0]);
    expect(chartOf(bars, rows, week).series[0]?.values).toEqual([2, 1]);
  });

  test('of nothing says so', () => {
    expect(chartOf(bars, [], week)).toMatchObject({ categories: [], text: 'Guards: nothing.' });
    const none = chartOf({ ...bars, sum: 'hours' }, [{ guard: 'a', hours: 0 }], week);
    expect(none.text).toBe('Guards: nothing.');
  });
});

describe('a chart over time', () => {
  const over = { chart: 'Runs', form: 'columns', by: 'at' } as const;

  test('has the hours of a day or of an hour, and the days of anything longer', () => {
    const time = '2026-11-25T12:30:00.000Z';
    const count = (cadence: 'hourly' | 'daily' | 'weekly' | 'monthly') =>
      chartOf(over, [{ at: time }], periodAt(cadence, time)).categories;
    expect(count('hourly')).toEqual(['12:00']);
    expect(count('daily')).toHaveLength(24);
    expect(count('weekly')[0]).toBe('2026-11-23');
    expect(count('monthly')).toHaveLength(30);
  });

  test('leaves out what has no time', () => {
    const chart = chartOf(over, [{ at: '' }, { at: null }, { at: '2026-11-25T12:30:00.000Z' }], week);
    expect(chart.text).toBe('Runs: 1 in all, most at 2026-11-25 (1).');
  });

  test('is split into six series at most', () => {
    const rows = Array.from({ length: 8 }, (_, n) => ({ at: '2026-11-25T12:30:00.000Z', guard: `g${n}` }));
    const { series } = chartOf({ ...over, split: 'guard' }, rows, week);
    expect(series.map(({ name }) => name)).toEqual(['g0', 'g1', 'g2', 'g3', 'g4', 'others']);
    expect(series.at(-1)?.values).toEqual([0, 0, 3, 0, 0, 0, 0]);
  });
});
