import { describe, expect, test } from 'vitest';
import { actions } from '../../shared/actions/catalog.ts';
import { testPlaybooks } from '../../shared/domain/playbook-test.ts';
import { readPlaybooks } from '../../shared/playbook-folder.ts';

const { problems, playbooks, written } = readPlaybooks('playbooks', actions);

describe('the shipped playbooks', () => {
  test('are valid', () => {
    expect(problems).toEqual([]);
  });

  test.each(testPlaybooks(written, playbooks))('$playbook: $test', ({ failures }) => {
    expect(failures).toEqual([]);
  });

  test('only observe until somebody says otherwise', () => {
    expect(new Set(playbooks.map(({ mode }) => mode))).toEqual(new Set(['observe']));
  });
});
