import { describe, expect, test } from 'vitest';
import { periodNamed } from '../../../shared/domain/period.ts';
import { reportOf } from '../../../shared/domain/report.ts';
import { budgetRows } from '../../../shared/domain/report-budgets.ts';
import { chartOf } from '../../../shared/domain/report-chart.ts';
import type { ReportRow } from '../../../shared/domain/report-columns.ts';
import { type ReportDefinition, reportSchema } from '../../../shared/domain/report-definition.ts';
import { figureOf } from '../../../shared/domain/report-figure.ts';
import { loadReports } from '../../../shared/domain/report-file.ts';

function period(name: string) {
  const found = periodNamed(name);
  if (!found) throw new Error(`${name} is no period`);
  return found;
}

const week = period('2026-W48');
const row = (at: string, guard: string, more: ReportRow = {}): ReportRow => ({
  at: `${at}T10:00:00.000Z`,
  guard,
  ...more,
});
const rows = [row('2026-11-23', 'privileged'), row('2026-11-29', 'synced'), row('2026-11-29', 'privileged')];

function definition(show: object[], query: object = { rows: 'refusals' }): ReportDefinition {
  const about = { report: 'x', title: 'X', about: 'x', audience: ['iam'], cadence: ['weekly'] };
  return reportSchema.parse({ ...about, query, show });
}

describe('figures', () => {
  const hours = [1, 2, 3, 4, 10].map((value, index) => ({ at: '', hours: value, by: index < 2 ? 'a' : 'b' }));
  test.each([
    [{ of: 'count' }, '5'],
    [{ of: 'count', where: { by: ['a'] } }, '2'],
    [{ of: 'share', where: { by: ['a'] } }, '40 %'],
    [{ of: 'distinct', column: 'by' }, '2'],
    [{ of: 'sum', column: 'hours', unit: 'h' }, '20 h'],
    [{ of: 'median', column: 'hours', unit: 'h' }, '3 h'],
    [{ of: 'p90', column: 'hours' }, '7.6'],
    [{ of: 'most', column: 'hours' }, '10'],
    [{ of: 'median', column: 'hours', where: { by: ['c'] } }, '–'],
  ] as const)('%j is %s', (figure, value) => {
    expect(figureOf({ label: 'x', ...figure } as never, hours)).toBe(value);
  });
});

describe('charts', () => {
  test('over time have every day, also those without anything', () => {
    const chart = chartOf({ chart: 'Refusals', form: 'columns', by: 'at', split: 'guard' }, rows, week);
    expect(chart.categories).toHaveLength(7);
    expect(chart.series).toEqual([
      { name: 'privileged', values: [1, 0, 0, 0, 0, 0, 1] },
      { name: 'synced', values: [0, 0, 0, 0, 0, 0, 1] },
    ]);
    expect(chart.text).toBe('Refusals: 3 in all, most at 2026-11-29 (2).');
  });

  test('of a day have its hours', () => {
    const chart = chartOf({ chart: 'Refusals', form: 'columns', by: 'at' }, rows, period('2026-11-23'));
    expect([chart.categories.length, chart.categories[10], chart.series[0]?.values[10]]).toEqual([24, '10:00', 3]);
  });

  test('put small categories together, and lose none', () => {
    const many = Array.from({ length: 40 }, (_, n) => row('2026-11-23', `guard ${n % 20}`));
    const chart = chartOf({ chart: 'x', form: 'bars', by: 'guard' }, many, week);
    expect([chart.categories.length, chart.categories.at(-1)]).toEqual([12, 'others']);
    expect(chart.series[0]?.values.reduce((sum, one) => sum + one, 0)).toBe(40);
  });
});

describe('a report', () => {
  const shown = [
    { figures: [{ label: 'All' }] },
    { table: 'Refusals', columns: ['at', 'guard'], order: '-at', limit: 2 },
  ];

  test('is a function of its rows, in whatever order they come', () => {
    const made = '2026-12-01T00:00:00.000Z';
    const one = reportOf(definition(shown), { rows, cut: false }, week, made);
    expect(reportOf(definition(shown), { rows: rows.toReversed(), cut: false }, week, made)).toEqual(one);
    expect(one.sections).toMatchObject([
      { figures: [{ label: 'All', value: '3' }] },
      { left: 1, rows: [[expect.stringContaining('2026-11-29'), expect.anything()], expect.anything()] },
    ]);
    expect(one.all.rows).toHaveLength(3);
    expect(one.notes).toHaveLength(1);
  });

  test('says where it is early, and where there was more', () => {
    const { notes } = reportOf(definition(shown), { rows, cut: true }, week, '2026-11-25T00:00:00.000Z');
    expect(notes.join(' ')).toMatch(/not ended yet.*more than a report can hold/);
  });

  test('has only rows that the query asks for', () => {
    const only = definition(shown, { rows: 'refusals', where: { guard: ['synced'] } });
    expect(reportOf(only, { rows, cut: false }, week, week.to).all.rows).toHaveLength(1);
  });
});

test('budgets show the fullest moment of each window, with places from before the period', () => {
  const at = (time: string) => ({ class: 'destructive' as const, system: 'azure x', at: `2026-11-${time}:00.000Z` });
  const places = ['22T23:30', '23T00:10', '23T00:20', '25T10:00', '25T10:59', '25T11:00'].map(at);
  const limits = { hour: 4, day: 10, week: 20, month: 0 };
  const found = budgetRows(places, { reversible: limits, destructive: limits }, week);
  expect(found.map(({ window, used, limit, percent, at: when }) => [window, used, limit, percent, when])).toEqual([
    ['hour', 3, 4, 75, '2026-11-23T00:20:00.000Z'],
    ['day', 3, 10, 30, '2026-11-23T00:20:00.000Z'],
    ['week', 6, 20, 30, '2026-11-25T11:00:00.000Z'],
    ['month', 6, 0, null, '2026-11-25T11:00:00.000Z'],
  ]);
  expect(budgetRows(places.slice(0, 1), { reversible: limits, destructive: limits }, week)).toEqual([]);
  // A place that is a window old no longer counts, and what was fuller before the period is not of it.
  const before = ['22T20:00', '22T20:01', '22T20:02', '24T10:00', '24T11:00'].map(at);
  const [hourly] = budgetRows(before, { reversible: limits, destructive: limits }, week);
  expect(hourly).toMatchObject({ window: 'hour', used: 1, at: '2026-11-24T10:00:00.000Z' });
});

describe('a report file', () => {
  const good = 'report: x\ntitle: X\nabout: x\naudience: [iam]\ncadence: [daily]\n';
  test.each([
    ['a: [', 1, /./],
    [`${good}missing: no data\naudiance: [iam]\n`, 1, /audiance/],
    [`${good}`, 1, /either a query or says what is missing/],
    [`${good}missing: x\nquery: {rows: runs}\nshow: [{table: T, columns: [at]}]\n`, 7, /either a query or/],
    [`${good}query: {rows: runs}\n`, 1, /shows something/],
    [`${good}query: {rows: users}\nshow: [{table: T, columns: [at]}]\n`, 6, /query.rows/],
    [
      `${good}query: {rows: runs}\nshow:\n  - table: T\n    columns: [at, guard]\n`,
      8,
      /rows of runs have no column guard/,
    ],
    [`${good}query: {rows: runs, where: {gaurd: [x]}}\nshow: [{table: T, columns: [at]}]\n`, 6, /no column gaurd/],
    [`${good}query: {rows: runs}\nshow: [{figures: [{label: A, of: median}]}]\n`, 7, /median needs a column/],
    [`${good}query: {rows: runs}\nshow: [{figures: [{label: A, of: sum, column: why}]}]\n`, 7, /why is no number/],
    [`${good}query: {rows: runs}\nshow: [{chart: C, form: bars, by: state, sum: why}]\n`, 7, /why is no number/],
    [`${good.replace('daily', 'yearly')}missing: x\n`, 5, /cadence/],
    [`${good.replace('[iam]', '&a [iam]')}missing: *a\n`, 1, /./],
  ])('%j is told with its line', (text, line, message) => {
    const { reports, problems } = loadReports([{ name: 'x.yaml', text }]);
    expect(reports).toEqual([]);
    expect(problems[0]).toMatchObject({ file: 'x.yaml', line });
    expect(problems.map((one) => one.message).join('\n')).toMatch(message);
  });

  test('cannot have the name of another', () => {
    const text = `${good}missing: x\n`;
    const { problems } = loadReports([
      { name: 'a.yaml', text },
      { name: 'b.yaml', text },
    ]);
    expect(problems).toEqual([{ file: 'b.yaml', line: 1, column: 1, message: 'there is another report x' }]);
  });
});
