import { describe, expect, test } from 'vitest';
import { loadReports } from '../../../shared/domain/report-file.ts';

const lines = [
  'report: budgets',
  'title: Budgets',
  'about: How close it came.',
  'audience: [iam]',
  'cadence: [weekly]',
  'query:',
  '  rows: budgets',
  '  where: { class: [destructive] }',
  'show:',
  '  - figures:',
  '      - { label: Fullest, of: most, column: percent }',
  '      - { label: All }',
  '  - chart: Fullest',
  '    form: bars',
  '    by: system',
  '    sum: percent',
  '  - table: All of them',
  '    columns: [class, system]',
  '    order: -percent',
];
const written = lines.join('\n');
const problemsOf = (text: string) =>
  loadReports([{ name: 'budgets.yaml', text }]).problems.map(
    ({ file, line, column, message }) => `${file}:${line}:${column} ${message}`,
  );
const instead = (from: string, to: string) => problemsOf(written.replace(from, to));

describe('a report', () => {
  test('is read, with what it leaves out', () => {
    const { reports, problems } = loadReports([{ name: 'budgets.yaml', text: written }]);
    expect(problems).toEqual([]);
    expect(reports).toMatchObject([
      {
        report: 'budgets',
        format: ['html', 'csv', 'markdown'],
        show: [{ figures: [{ of: 'most' }, { of: 'count' }] }, {}, { limit: 100, empty: 'Nothing in this period.' }],
      },
    ]);
  });

  const columns = 'at, class, system, window, used, limit, percent';
  test.each<readonly [string, string, string]>([
    ['report: budgets', 'report: Budgets', '1:9 report: Invalid string: must match pattern /^[a-z][a-z0-9-]{0,59}$/'],
    ['title: Budgets', 'title: ""', '2:8 title: Too small: expected string to have >=1 characters'],
    ['audience: [iam]', 'audience: []', '4:11 audience: Too small: expected array to have >=1 items'],
    ['audience: [iam]', 'audience: &a [iam]\nformat: *a', '1:1 Invalid input: expected object, received null'],
    ['cadence: [weekly]', 'cadence: [weekly]\ncolour: red', '1:1 Unrecognized key: "colour"'],
    ['title: Budgets', 'title: Budgets\ntitle: Twice', '3:1 Map keys must be unique at line 3, column 1:'],
    ['title: Budgets', 'title: !what Budgets', '2:8 Unresolved tag: !what at line 2, column 8:'],
    [
      '{ class: [destructive] }',
      '{ colour: [red] }',
      `8:20 query.where.colour: rows of budgets have no column colour; they have ${columns}`,
    ],
    ['percent }', 'percentage }', `10:5 show.0: rows of budgets have no column percentage; they have ${columns}`],
    ['by: system', 'by: day', `13:5 show.1: rows of budgets have no column day; they have ${columns}`],
    ['sum: percent', 'sum: system', '16:10 show.1.sum: system is no number'],
    [
      'by: system',
      'by: system\n    split: week',
      `13:5 show.1: rows of budgets have no column week; they have ${columns}`,
    ],
    [
      'by: system',
      'by: system\n    where: { day: [x] }',
      `13:5 show.1: rows of budgets have no column day; they have ${columns}`,
    ],
    ['-percent', '-percents', `17:5 show.2: rows of budgets have no column percents; they have ${columns}`],
    [
      'label: All',
      'label: All, where: { day: [x] }',
      `10:5 show.0: rows of budgets have no column day; they have ${columns}`,
    ],
    ['label: All', 'label: All, of: sum', '12:9 show.0.figures.1: sum needs a column'],
    ['label: All', 'label: All, of: sum, column: system', '12:9 show.0.figures.1: system is no number'],
  ])('%s made to %s is refused, where it stands', (from, to, problem) => {
    expect(instead(from, to).map((one) => one.replace('budgets.yaml:', ''))).toContain(problem);
  });

  test.each([
    ['of: most, column: percent', 'of: distinct, column: system'],
    ['of: most, column: percent', 'of: share, where: { class: [destructive] }'],
    ['order: -percent', 'order: percent'],
    ['sum: percent', 'split: window'],
  ])('%s may be %s', (from, to) => expect(instead(from, to)).toEqual([]));

  test('has a query, or says what is missing, and shows something', () => {
    const head = lines.slice(0, 5).join('\n');
    const either = 'budgets.yaml:1:1 query: a report has either a query or says what is missing';
    expect(problemsOf(head)).toEqual([either]);
    expect(problemsOf(`${head}\nmissing: no data`)).toEqual([]);
    expect(problemsOf(`${written}\nmissing: no data`)).toEqual([either.replace('1:1', '7:3')]);
    expect(problemsOf(`${head}\nquery: { rows: budgets }`)).toEqual([
      'budgets.yaml:1:1 show: a report with a query shows something',
    ]);
  });

  test('that is no map at all is refused at its beginning', () => {
    expect(problemsOf('')).toEqual(['budgets.yaml:1:1 Invalid input: expected object, received null']);
    expect(problemsOf('a: [')[0]).toMatch(/^budgets\.yaml:1:5 Flow sequence in block collection must be/);
  });
});

test('of several files all problems are told, and no report is read where there is one', () => {
  const files = [
    { name: 'one.yaml', text: written },
    { name: 'two.yaml', text: written },
    { name: 'three.yaml', text: written.replace('report: budgets', 'report: Other') },
  ];
  const { reports, problems } = loadReports(files);
  expect(reports).toEqual([]);
  expect(problems.map(({ file, message }) => `${file} ${message}`)).toEqual([
    'three.yaml report: Invalid string: must match pattern /^[a-z][a-z0-9-]{0,59}$/',
    'two.yaml there is another report budgets',
  ]);
  expect(problems[1]).toMatchObject({ line: 1, column: 1 });
});
