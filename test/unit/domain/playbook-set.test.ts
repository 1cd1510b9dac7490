import { expect, test } from 'vitest';
import { bytesOfPlaybooks, playbooksOfBytes } from '../../../shared/domain/playbook-set.ts';
import { playbook } from '../../support/engine.ts';

const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

test('a set comes back as it was, and is the same bytes each time', () => {
  const set = [playbook('inactive-user-delete'), playbook('inactive-user-review')];
  expect(playbooksOfBytes(bytesOfPlaybooks(set))).toEqual(set);
  expect(bytesOfPlaybooks(set)).toEqual(bytesOfPlaybooks(playbooksOfBytes(bytesOfPlaybooks(set))));
});

test.each([
  ['no list', {}],
  ['nothing', [null]],
  ['a text', ['inactive-user-delete']],
  ['one without a digest', [{ on: {} }]],
  ['one that answers nothing', [{ digest: 'x' }]],
])('%s is no set of playbooks', (_what, value) => {
  expect(() => playbooksOfBytes(bytesOf(value))).toThrow();
});
