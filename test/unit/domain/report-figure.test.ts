import { describe, expect, test } from 'vitest';
import type { ReportRow } from '../../../shared/domain/report-columns.ts';
import { figureOf, keep } from '../../../shared/domain/report-figure.ts';

const rows = (...values: readonly (string | number | null)[]): readonly ReportRow[] =>
  values.map((value) => ({ hours: value, outcome: value === null ? 'failed' : 'done' }));
const figure = (of: string, values: readonly (string | number | null)[], more: object = {}) =>
  figureOf({ label: 'x', of, column: 'hours', ...more } as Parameters<typeof figureOf>[0], rows(...values));

describe('a figure', () => {
  test.each<readonly [string, readonly (string | number | null)[], object, string]>([
    ['count', [1, 2, null], {}, '3'],
    ['count', [1, 2, null], { where: { outcome: ['done'] } }, '2'],
    ['share', [1, null, null, null], { where: { outcome: ['done'] } }, '25 %'],
    ['share', [1, null, null], { where: { outcome: ['done'] } }, '33 %'],
    ['share', [], { where: { outcome: ['done'] } }, '–'],
    ['distinct', ['a', 'b', 'a', null], {}, '2'],
    ['sum', [1, 2, null, 4], {}, '7'],
    ['sum', [], {}, '0'],
    ['most', [3, 20, 100], {}, '100'],
    ['most', [null], {}, '–'],
    ['median', [30, 4, 100], {}, '30'],
    ['median', [1, 2], { unit: 'h' }, '1.5 h'],
    ['median', [], { unit: 'h' }, '–'],
    ['median', [9.96], {}, '10'],
    ['median', [10.4], {}, '10'],
    ['median', [-3.25], {}, '-3.3'],
    ['p90', [100, 10, 20, 30, 40, 50, 60, 70, 80, 90], { unit: 'h' }, '91 h'],
    ['sum', [1_234_567.8], {}, '1,234,568'],
  ])('%s of %j with %j is %s', (of, values, more, text) => {
    expect(figure(of, values, more)).toBe(text);
  });
});

test('rows are kept that have one of the values of every column', () => {
  const all = [
    { a: 'x', b: 1 },
    { a: 'y', b: 1 },
    { a: 'x', b: 2 },
    { a: null, b: 1 },
  ];
  expect(keep(all, undefined)).toEqual(all);
  expect(keep(all, { a: ['x', 'y'], b: [1] })).toEqual(all.slice(0, 2));
  expect(keep(all, { c: ['x'] })).toEqual([]);
});
