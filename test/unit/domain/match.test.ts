import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AuthorizationSystem } from '../../../shared/domain/access.ts';
import { type Alert, alertOf } from '../../../shared/domain/alert.ts';
import { match, reasonsAgainst } from '../../../shared/domain/match.ts';
import { playbookOf } from '../../support/domain-run.ts';
import { t0 } from '../../support/domain-time.ts';

const alert: Alert = alertOf(
  {
    rule: 'inactive-users',
    ruleName: 'Inactive Users',
    title: 'Stale accounts',
    system: { type: 'azure', id: 'sub-1' },
    nominations: [],
    identityCount: null,
    occurredAt: t0,
    dedupeKey: null,
  },
  { source: 'generic', sender: 'app:1', receivedAt: t0, raw: { sha256: 'a'.repeat(64), contentType: 'x', bytes: 1 } },
);
const system: AuthorizationSystem = { type: 'azure', id: 'sub-1', name: 'One', tags: {} };
const named = (name: string, priority: number, differs = {}) => playbookOf({ name, priority, ...differs });

describe('which playbook answers', () => {
  test.each([
    ['the lowest number', [named('b', 20), named('a', 100), named('c', 10)], 'c'],
    ['by name where numbers are equal', [named('b', 10), named('a', 10), named('c', 10)], 'a'],
    ['numbers as numbers', [named('a', 100), named('b', 20)], 'b'],
    ['only one that can', [named('a', 1, { when: 'false' }), named('b', 2)], 'b'],
  ])('%s', (_rule, playbooks, name) => {
    expect(match(alert, system, playbooks).playbook?.name).toBe(name);
    expect(match(alert, system, playbooks.toReversed()).playbook?.name).toBe(name);
  });

  test('none where none can', () => {
    const { playbook, considered } = match(alert, system, [named('a', 1, { when: 'false' })]);
    expect(playbook).toBeNull();
    const which = { version: 1, digest: 'd'.repeat(64) };
    expect(considered).toEqual([{ playbook: 'a', ...which, answers: false, against: ['when: false is not true'] }]);
    expect(match(alert, system, [])).toEqual({ playbook: null, considered: [] });
  });

  test('why each does or does not, in order; those for other rules are not looked at', () => {
    const playbooks = [
      named('second', 20),
      named('first', 10),
      named('elsewhere', 5, { on: { rules: ['x', 'inactive-users'], systems: ['aws'] } }),
      named('other', 1, { on: { rules: ['x'], systems: ['azure'] } }),
    ];
    const considered = match(alert, system, playbooks).considered;
    expect(considered.map(({ version, digest }) => `${version} ${digest.length}`)).toEqual(['1 64', '1 64', '1 64']);
    expect(considered.map(({ playbook, answers, against }) => ({ playbook, answers, against }))).toEqual([
      { playbook: 'elsewhere', answers: false, against: ['is for aws, not azure'] },
      { playbook: 'first', answers: true, against: [] },
      { playbook: 'second', answers: false, against: ['first comes before it (priority 10 before 20)'] },
    ]);
  });

  test('the order of the given list does not matter, nor how many there are', () => {
    const rules = fc.uniqueArray(fc.constantFrom('inactive-users', 'x', 'y'), { minLength: 1 });
    const some = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), rules, fc.constantFrom(null, 'true', 'false')), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(some, (rows) => {
        const playbooks = rows.map(([priority, on, when], n) =>
          named(`p${n}`, priority, { when, on: { rules: on, systems: ['azure'] } }),
        );
        const could = playbooks.filter((one) => reasonsAgainst(alert, system, one).length === 0);
        const [best] = could.sort((a, b) => a.priority - b.priority || (a.name < b.name ? -1 : 1));
        const found = match(alert, system, playbooks);
        expect(found.playbook?.name).toBe(best?.name);
        expect(match(alert, system, playbooks.toReversed())).toEqual(found);
        expect(match(alert, system, playbooks)).toEqual(found);
      }),
    );
  });

  test('the order of the given list stays as it is', () => {
    const playbooks = [named('b', 2), named('a', 1)];
    match(alert, system, playbooks);
    expect(playbooks.map(({ name }) => name)).toEqual(['b', 'a']);
  });
});

test.each([
  ['nothing', {}, []],
  ['a condition that holds', { when: 'system.name == "One"' }, []],
  ['one of several rules and systems', { on: { rules: ['x', 'inactive-users'], systems: ['aws', 'azure'] } }, []],
  ['the rule', { on: { rules: ['x', 'y'], systems: ['azure'] } }, ['answers x, y, not inactive-users']],
  ['the kind of system', { on: { rules: ['inactive-users'], systems: ['aws'] } }, ['is for aws, not azure']],
  [
    'a condition that cannot be decided',
    { when: 'system.tags.x == "y"' },
    ['when: system.tags.x == "y" cannot be decided: No such key: x'],
  ],
] as const)('%s speaks against it', (_what, differs, against) => {
  const { on, ...rest } = { on: undefined, ...differs };
  const scoped = on ? { on: { rules: [...on.rules], systems: [...on.systems] } } : {};
  expect(reasonsAgainst(alert, system, playbookOf({ ...rest, ...scoped }))).toEqual(against);
});
