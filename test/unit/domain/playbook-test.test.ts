import { describe, expect, test } from 'vitest';
import { actions } from '../../../shared/actions/catalog.ts';
import { loadPlaybooks } from '../../../shared/domain/playbook-file.ts';
import { testPlaybooks } from '../../../shared/domain/playbook-test.ts';
import { playbookYaml } from '../../support/domain-playbooks.ts';

/** What comes of a playbook's only test, written as `given` and `expect`. */
function failures(given: string, expected: string, head: readonly string[] = [], others: readonly string[] = []) {
  const text = playbookYaml({ head })
    .replace('given: { rule: inactive-users }', `given: ${given}`)
    .replace('expect: { answers: true }', `expect: ${expected}`);
  const files = [text, ...others].map((one, index) => ({ name: `${index}.yaml`, text: one }));
  const { playbooks, written, problems } = loadPlaybooks(files, actions);
  expect(problems).toEqual([]);
  return testPlaybooks(written, playbooks)[0]?.failures;
}

const inactive = '{ rule: inactive-users, lastSignInDaysAgo: 120 }';

describe('a test that passes', () => {
  test.each([
    ['on whether it answers', '{ rule: inactive-users }', '{ answers: true }'],
    ['on why it does not', '{ rule: other }', '{ answers: false, because: not other }'],
    ['on the proof', inactive, "{ answers: true, proof: 'true' }"],
    ['on the steps', inactive, '{ answers: true, steps: { go: [disable-user] } }'],
  ])('%s has no failures', (_what, given, expected) => expect(failures(given, expected)).toEqual([]));
});

describe('a test that fails says why', () => {
  test.each<readonly [string, string, string, readonly string[]]>([
    ['it answers', '{ rule: inactive-users }', '{ answers: false }', ['answers, and should not']],
    ['it does not', '{ rule: other }', '{ answers: true }', ['does not answer: answers inactive-users, not other']],
    [
      'for another reason',
      '{ rule: other }',
      '{ answers: false, because: tags }',
      ['does not say "tags" but "answers inactive-users, not other"'],
    ],
    [
      'the proof',
      '{ rule: inactive-users, lastSignInDaysAgo: 91 }',
      "{ answers: true, proof: 'true' }",
      [expect.stringMatching(/^proof is false \(signed in 91 days ago; .*\), and should be true$/)],
    ],
    [
      'the steps',
      inactive,
      '{ answers: true, steps: { go: [delete-user] } }',
      ['go takes disable-user, and should take delete-user'],
    ],
    ['fewer steps', inactive, '{ answers: true, steps: { go: [] } }', ['go takes disable-user, and should take ']],
    ['a choice there is not', inactive, '{ answers: true, steps: { stop: [disable-user] } }', ['has no choice stop']],
    [
      'a choice named like a member of every object',
      inactive,
      '{ answers: true, steps: { toString: [disable-user] } }',
      ['has no choice toString'],
    ],
    [
      'everything at once',
      '{ rule: other, lastSignInDaysAgo: null }',
      "{ answers: true, because: x, proof: 'false', steps: { stop: [] } }",
      [
        'does not answer: answers inactive-users, not other',
        expect.stringContaining('does not say "x"'),
        expect.stringContaining('proof is unknown'),
        'has no choice stop',
      ],
    ],
  ])('%s', (_what, given, expected, reasons) => expect(failures(given, expected)).toEqual(reasons));

  test('steps that begin or end as they should, and are not they', () => {
    const both = playbookYaml({ steps: ['action: disable-user', 'wait: P1D'] });
    const told = (steps: string) => {
      const text = both
        .replace('given: { rule: inactive-users }', `given: ${inactive}`)
        .replace('expect: { answers: true }', `expect: { answers: true, steps: { go: [${steps}] } }`);
      const { playbooks, written, problems } = loadPlaybooks([{ name: 'a.yaml', text }], actions);
      expect(problems).toEqual([]);
      return testPlaybooks(written, playbooks)[0]?.failures;
    };
    expect(told('disable-user, wait P1D')).toEqual([]);
    for (const [wanted, words] of [
      ['disable-user', 'disable-user'],
      ['disable-user, wait P2D', 'disable-user, wait P2D'],
      ['wait P1D, disable-user', 'wait P1D, disable-user'],
      ['disable-user, wait P1D, delete-user', 'disable-user, wait P1D, delete-user'],
    ] as const)
      expect(told(wanted)).toEqual([`go takes disable-user, wait P1D, and should take ${words}`]);
  });

  test('a proof of what sign-ins cannot prove', () => {
    const text = playbookYaml()
      .replace('claim: inactive', 'claim: super')
      .replace('expect: { answers: true }', "expect: { answers: true, proof: 'true' }");
    const { playbooks, written } = loadPlaybooks([{ name: 'a.yaml', text }], actions);
    expect(testPlaybooks(written, playbooks)).toEqual([
      { playbook: 'one', test: 'answers', failures: ['expects a proof, but super is not proved by sign-ins'] },
    ]);
  });

  test('a playbook that is not among those loaded', () => {
    const { written } = loadPlaybooks([{ name: 'a.yaml', text: playbookYaml() }], actions);
    expect(testPlaybooks(written, [])).toMatchObject([{ failures: ['there is no playbook one'] }]);
  });
});

test('whether a playbook answers depends on the others', () => {
  const other = playbookYaml({ name: 'before', head: ['priority: 1'] });
  expect(failures(inactive, '{ answers: true }', [], [other])).toEqual([
    'does not answer: before comes before it (priority 1 before 100)',
  ]);
  expect(failures(inactive, '{ answers: false, because: before comes before it }', [], [other])).toEqual([]);
});

test('a condition reads what is given', () => {
  const head = ['when: system.tags.environment == "sandbox" && alert.identityCount == 3'];
  const given = '{ rule: inactive-users, identityCount: 3, system: { tags: { environment: sandbox } } }';
  expect(failures(given, '{ answers: true }', head)).toEqual([]);
  expect(
    failures('{ rule: inactive-users, identityCount: 3 }', '{ answers: false, because: cannot be decided }', head),
  ).toEqual([]);
});
