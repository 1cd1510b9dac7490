import { describe, expect, test } from 'vitest';
import { loadQueries } from '../../shared/domain/audit-query-file.ts';
import { readQueries } from '../../shared/query-folder.ts';

test('the six queries of the operations guide are shipped, and those that lack data say so', () => {
  const { queries, problems } = readQueries('queries');
  expect(problems).toEqual([]);
  expect(queries.map(({ name, needs }) => [name, needs !== undefined])).toEqual([
    ['access-to-critical-resources', true],
    ['administrator-and-privileged-activity', true],
    ['high-risk-actions', false],
    ['key-usage', true],
    ['refusals-and-failures', false],
    ['remediation-activity', false],
  ]);
});

describe('a query that is wrong is named with its place', () => {
  const good = 'name: mine\ntitle: Mine\ndescription: For me.\nwhere: state is error\n';
  const problemOf = (text: string, name = 'queries/mine.yaml') => loadQueries([{ name, text }]).problems[0];

  test('a good one has no problem', () => {
    expect(loadQueries([{ name: 'queries/mine.yaml', text: good }])).toMatchObject({
      queries: [{ name: 'mine', last: 'P30D' }],
      problems: [],
    });
  });

  test.each([
    [good.replace('state is error', 'stat is error'), 4, /where, at character 1: stat is no attribute/],
    [good.replace('title: Mine\n', ''), 1, /title/],
    [`${good}colour: red\n`, 1, /colour/],
    [`${good}last: 30 days\n`, 5, /write a duration/],
    [`${good}name: mine\n`, 5, /unique/],
    [good.replace('Mine', '&a Mine').replace('For me.', '*a'), 3, /alias/i],
    [`${good}columns: [time, shoe-size]\n`, 5, /columns\.1/],
    [good.replace('name: mine', 'name: other'), 1, /has to be that of its file, mine\.yaml/],
    [good.replace('name: mine', 'name: queries'), 1, /a meaning of its own/],
    ['[', 1, /./],
  ])('%j', (text, line, message) => {
    expect(problemOf(text)).toMatchObject({ line, message: expect.stringMatching(message) });
  });
});
