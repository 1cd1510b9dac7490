import { expect, test } from 'vitest';
import { atomsOf } from '../../../shared/domain/condition.ts';

test.each<readonly [string, readonly object[]]>([
  ['alert.rule == "x"', [{ path: 'alert.rule', values: ['x'] }]],
  ['"x" == alert.rule', [{ path: 'alert.rule', values: ['x'] }]],
  [
    'alert.rule == alert.title',
    [
      { path: 'alert.rule', values: [] },
      { path: 'alert.title', values: [] },
    ],
  ],
  ['alert.rule == x', [{ path: 'alert.rule', values: [] }]],
  ['system.tags.a == true', [{ path: 'system.tags.a', values: [] }]],
  ['alert.names > 1.5', [{ path: 'alert.names', values: [] }]],
  ['alert.names > 1 || alert.names > 2 || alert.names > 1', [{ path: 'alert.names', values: [1n, 2n] }]],
  ['alert.title in ["a", ["b"]]', [{ path: 'alert.title', values: ['a', 'b'] }]],
  ['["a"][0] == "b"', []],
  ['!(alert.rule == "x")', [{ path: 'alert.rule', values: ['x'] }]],
])('%s compares with what it compares with, and nothing else', (expression, atoms) => {
  expect(atomsOf(expression)).toEqual(atoms);
});

test('a tag whose name is worked out is no tag of that name', () => {
  const paths = atomsOf('system.tags[alert.title] == "x"').map(({ path }) => path);
  expect(paths).not.toContain('system.tags.undefined');
  expect(paths).toContain('alert.title');
});
