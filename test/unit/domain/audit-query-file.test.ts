import { describe, expect, test } from 'vitest';
import { loadQueries } from '../../../shared/domain/audit-query-file.ts';

const written = ['name: who', 'title: Who did it', 'description: All of it.', 'where: actor is x'].join('\n');
const problemsOf = (text: string, name = 'queries/who.yaml') =>
  loadQueries([{ name, text }]).problems.map(({ line, column, message }) => `${line}:${column} ${message}`);

describe('a saved query', () => {
  test('is read, from wherever its file lies', () => {
    for (const name of ['who.yaml', 'queries/who.yaml', 'C:\\queries\\who.yaml'])
      expect(loadQueries([{ name, text: written }])).toMatchObject({
        queries: [{ name: 'who', title: 'Who did it', where: 'actor is x' }],
        problems: [],
      });
  });

  test.each<readonly [string, string, readonly string[]]>([
    ['name: who', 'name: others', ['1:7 name: has to be that of its file, who.yaml']],
    [
      'title: Who did it',
      'colour: red',
      ['1:1 title: Invalid input: expected string, received undefined', '1:1 Unrecognized key: "colour"'],
    ],
    ['title: Who did it', 'title: 7', ['2:8 title: Invalid input: expected string, received number']],
    ['title: Who did it', 'title: Who did it\ntitle: Twice', ['3:1 Map keys must be unique at line 3, column 1:']],
    ['title: Who did it', 'title: !what Who', ['2:8 Unresolved tag: !what at line 2, column 8:']],
    ['title: Who did it', 'title: &who Who\nneeds: *who', ['3:8 write it out: an alias is not allowed']],
    [
      'actor is x',
      'actor was x',
      [
        '4:8 where: where, at character 7: was is no operator; there are is, is not, contains, not contains, in, not in.',
      ],
    ],
  ])('%s made to %j is refused, where it stands', (from, to, problems) => {
    expect(problemsOf(written.replace(from, to))).toEqual(problems);
  });

  test('that is no map at all is refused at its beginning', () => {
    expect(problemsOf('')).toEqual(['1:1 Invalid input: expected object, received null']);
  });
});

test('of several files all problems are told, and no query is read where there is one', () => {
  const files = ['who.yaml', 'else.yaml'].map((name) => ({ name, text: written }));
  expect(loadQueries(files)).toEqual({
    queries: [],
    problems: [{ file: 'else.yaml', line: 1, column: 7, message: 'name: has to be that of its file, else.yaml' }],
  });
});
