import { expect, test } from 'vitest';
import { csvOf } from '../../../shared/domain/csv.ts';

test('lines end as RFC 4180 has it; what would end a field is quoted', () => {
  expect(
    csvOf(
      ['a', 'b'],
      [
        ['x,y', 'say "hi"'],
        ['two\nlines', ' edge '],
      ],
    ),
  ).toBe('a,b\r\n"x,y","say ""hi"""\r\n"two\nlines"," edge "\r\n');
});

test('numbers stay numbers, below zero too; nothing is nothing', () => {
  expect(csvOf(['n'], [[-1.5], [0], [null], ['']])).toBe('n\r\n-1.5\r\n0\r\n\r\n\r\n');
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', '＋1', '－1', '＠x'])(
  '%j is text to a spreadsheet',
  (text) => {
    const cell = csvOf(['t'], [[text]]).split('t\r\n')[1] ?? '';
    expect(cell.replace(/^"/, '').startsWith("'")).toBe(true);
  },
);

test('a quote or a separator does not lead out of the field into a formula', () => {
  expect(csvOf(['t'], [['x",=cmd|calc']])).toBe('t\r\n"x"",=cmd|calc"\r\n');
});
