import { describe, expect, test } from 'vitest';
import { actions } from '../../../shared/actions/catalog.ts';
import { undoableBySpecimen } from '../../../shared/actions/specimen.ts';
import { type AnalysedAction, analyse } from '../../../shared/domain/analysis.ts';
import { atomsOf } from '../../../shared/domain/condition.ts';
import type { Playbook, Step } from '../../../shared/domain/playbook.ts';
import { playbookOf } from '../../support/domain-run.ts';

const known = new Map<string, AnalysedAction>([
  ['disable-user', { risk: 'reversible', changesAccount: true, undoable: true }],
  ['delete-user', { risk: 'destructive', changesAccount: true, undoable: true }],
  ['purge', { risk: 'destructive', changesAccount: true, undoable: false }],
  ['odd', { risk: 'reversible', changesAccount: true, undoable: null }],
  ['assign-read-only', { risk: 'reversible', changesAccount: false, undoable: true }],
  ['exclude-from-reports', { risk: 'annotate', changesAccount: false, undoable: true }],
  ['notify', { risk: 'notify', changesAccount: false, undoable: false }],
]);

const step = (action: string): Step => ({ action, with: {} });
const one = (name: string, differs: Partial<Playbook> = {}, actionNames: readonly string[] = ['notify']): Playbook =>
  playbookOf({ name, choices: { go: { label: 'Go', steps: actionNames.map(step) } }, ...differs });

const remarks = (...playbooks: readonly Playbook[]) =>
  analyse(playbooks, known).map(({ level, code, playbook, message }) => `${level} ${code} ${playbook}: ${message}`);

describe('what cannot be reached', () => {
  test.each([
    ['the same rule, nothing asked', one('a', { priority: 1 }), one('b', { priority: 2 })],
    [
      'a wider condition',
      one('a', { priority: 1, when: '"env" in system.tags' }),
      one('b', { when: '"env" in system.tags && system.tags.env == "x"' }),
    ],
    [
      'the same, said otherwise',
      one('a', { priority: 1, when: 'alert.identityCount > 4' }),
      one('b', { when: '!(alert.identityCount <= 4)' }),
    ],
    [
      'everything by parts',
      one('a', { priority: 1, when: 'alert.title.startsWith("x")' }),
      one('b', { when: 'alert.title.startsWith("x") && alert.names > 2' }),
    ],
  ])('%s', (_how, first, second) => {
    expect(remarks(first, second)).toEqual(['error unreachable b: never answers: a comes before it']);
  });

  test('by two others together', () => {
    const tagged = one('a', { priority: 1, when: '"env" in system.tags' });
    const rest = one('b', { priority: 1, when: '!("env" in system.tags)' });
    expect(remarks(tagged, rest, one('c'))).toEqual(['error unreachable c: never answers: a, b comes before it']);
  });

  test('a condition that contradicts itself, or its own rule', () => {
    expect(remarks(one('a', { when: 'alert.source == "x" && alert.source == "y"' }))).toEqual([
      'error unreachable a: never answers: its condition is never true',
    ]);
    expect(remarks(one('a', { when: 'alert.rule == "other"' }))).toHaveLength(1);
    expect(
      remarks(one('a', { priority: 1 }), one('b', { when: 'alert.source == "x" && alert.source == "y"' })),
    ).toEqual(['error unreachable b: never answers: its condition is never true']);
    expect(remarks(one('a', { when: 'alert.identityCount > 4 && alert.identityCount < 5' }))).toHaveLength(1);
  });

  test('for one of its rules only', () => {
    const wide = one('b', { on: { rules: ['inactive-users', 'others'], systems: ['azure'] } });
    expect(remarks(one('a', { priority: 1 }), wide)).toEqual([
      'warning shadowed b: never answers inactive-users on azure: a comes before it',
    ]);
  });
});

test.each([
  ['other tags', one('a', { priority: 1, when: '"env" in system.tags && system.tags.env == "x"' }), one('b')],
  ['a later priority', one('a', { priority: 200 }), one('b', { priority: 100, when: 'alert.identityCount >= 5' })],
  ['other rules', one('a', { priority: 1 }), one('b', { on: { rules: ['others'], systems: ['azure'] } })],
  ['other systems', one('a', { priority: 1 }), one('b', { on: { rules: ['inactive-users'], systems: ['aws'] } })],
  [
    'the end of a title',
    one('a', { priority: 1, when: 'alert.title.endsWith("!")' }),
    one('b', { when: 'alert.title.contains("x")' }),
  ],
  [
    'one of a list',
    one('a', { priority: 1, when: 'alert.source in ["x", "y"]' }),
    one('b', { when: 'alert.source != "x"' }),
  ],
])('nothing is said against playbooks that differ by %s', (_what, first, second) => {
  expect(remarks(first, second)).toEqual([]);
});

describe('harm', () => {
  test('deleting without asking anybody is an error, and asking is not', () => {
    const steps = ['disable-user', 'delete-user'];
    expect(remarks(one('a', { mode: 'enforce' }, steps))).toEqual([
      'error deletes-alone a: go: delete-user without asking anybody',
    ]);
    expect(remarks(one('a', { mode: 'approve' }, steps))).toEqual([]);
    expect(remarks(one('a', { mode: 'enforce' }, ['disable-user']))).toEqual([]);
  });

  test('where there is a choice, somebody is asked', () => {
    const choices = Object.fromEntries(
      ['go', 'stay'].map((name) => [name, { label: name, steps: [step('delete-user')] }]),
    );
    expect(remarks(one('a', { mode: 'enforce', choices }))).toEqual([]);
  });

  test('waits, and actions that nobody knows, do none', () => {
    const steps: readonly Step[] = [{ wait: 'P1D' }, step('unheard-of'), step('disable-user')];
    expect(remarks(one('a', { choices: { go: { label: 'Go', steps } } }))).toEqual([]);
  });

  test('what has no undo, or may have none; word needs none', () => {
    expect(remarks(one('a', {}, ['purge', 'odd', 'notify']))).toEqual([
      'warning no-undo a: go: purge cannot be undone',
      'warning unchecked a: go: odd may have no undo: that cannot be said beforehand',
    ]);
  });
});

describe('contradictions', () => {
  const leaves = one('keep', { on: { rules: ['others'], systems: ['azure'] } }, ['exclude-from-reports', 'notify']);

  test('one takes the account that another leaves alone on purpose', () => {
    expect(remarks(one('a', {}, ['delete-user']), leaves)).toEqual([
      'warning contradicting a: may take the account from somebody whom keep leaves alone on purpose',
    ]);
  });

  test('access counts in its own systems, an account everywhere', () => {
    const aws = { ...leaves, on: { rules: ['others'], systems: ['aws' as const] } };
    expect(remarks(one('a', {}, ['assign-read-only']), aws)).toEqual([]);
    expect(remarks(one('a', {}, ['assign-read-only']), leaves)).toEqual([
      'warning contradicting a: may take access from somebody whom keep leaves alone on purpose',
    ]);
    const wide = one('a', { on: { rules: ['inactive-users'], systems: ['gcp', 'azure'] } }, ['assign-read-only']);
    expect(remarks(wide, leaves)).toHaveLength(1);
    expect(remarks(one('a', {}, ['delete-user']), aws)).toHaveLength(1);
  });

  test('one of several actions is enough to take, and one of several choices to leave', () => {
    const aws = { ...leaves, on: { rules: ['others'], systems: ['aws' as const] } };
    const both = ['assign-read-only', 'disable-user'];
    expect(remarks(one('a', {}, both), aws)).toHaveLength(1);
    expect(remarks(one('a', {}, both.reverse()), leaves)).toHaveLength(1);
    expect(remarks(one('a', {}, ['assign-read-only', 'notify']), leaves)).toHaveLength(1);
    const choosing = one('keep', {
      on: { rules: ['others'], systems: ['azure'] },
      choices: {
        remove: { label: 'Remove', steps: [step('delete-user')] },
        keep: { label: 'Keep', steps: [step('exclude-from-reports')] },
      },
    });
    expect(remarks(one('a', {}, ['disable-user']), choosing)).toHaveLength(1);
  });

  test('not of a playbook with itself, nor where nothing is taken, or nobody left alone on purpose', () => {
    const choices = {
      remove: { label: 'Remove', steps: [step('delete-user')] },
      keep: { label: 'Keep', steps: [step('exclude-from-reports')] },
    };
    expect(remarks(one('a', { choices }))).toEqual([]);
    expect(remarks(one('a', {}, ['exclude-from-reports']), leaves)).toEqual([]);
    const telling = one('tell', { on: { rules: ['others'], systems: ['azure'] } }, ['notify']);
    expect(remarks(one('a', {}, ['delete-user']), telling)).toEqual([]);
  });

  test('not where the claims are different, or the mark comes with the change', () => {
    expect(remarks(one('a', { proof: { claim: 'super', days: 90 } }, ['delete-user']), leaves)).toEqual([]);
    const both = one('keep', { on: { rules: ['others'], systems: ['azure'] } }, [
      'assign-read-only',
      'exclude-from-reports',
    ]);
    expect(remarks(one('a', {}, ['delete-user']), both)).toEqual([]);
  });
});

test('conditions are read for what they compare', () => {
  const atoms = atomsOf(
    'system.tags["a b"] in ["x", "y"] && alert.names >= 3 && alert.title.contains("z") && "k" in system.tags',
  );
  expect(atoms).toEqual([
    { path: 'system.tags.a b', values: ['x', 'y'] },
    { path: 'alert.names', values: [3n] },
    { path: 'alert.title', values: ['z'] },
    { path: 'system.tags.k', values: [] },
  ]);
});

test('every action says by a specimen whether it has an undo', async () => {
  const rows = await Promise.all(
    [...actions.values()].map(async (action) => [action.name, await undoableBySpecimen(action)]),
  );
  expect(Object.fromEntries(rows)).toEqual({
    'assign-read-only': true,
    'delete-user': true,
    'disable-user': true,
    'exclude-from-reports': true,
    notify: false,
    'revoke-sessions': true,
  });
});
