import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { actions } from '../../../shared/actions/catalog.ts';
import { loadPlaybooks } from '../../../shared/domain/playbook-file.ts';
import { testPlaybooks } from '../../../shared/domain/playbook-test.ts';
import { readPlaybooks } from '../../../shared/playbook-folder.ts';
import { inOneLine, playbookYaml } from '../../support/domain-playbooks.ts';

const load = (...texts: readonly string[]) =>
  loadPlaybooks(
    texts.map((text, index) => ({ name: `${'abc'[index]}.yaml`, text })),
    actions,
  );
const problems = (...texts: readonly string[]) => load(...texts).problems.map(inOneLine);
const whole = playbookYaml();

describe('the shipped playbooks', () => {
  const {
    playbooks,
    written,
    problems: found,
  } = readPlaybooks(fileURLToPath(new URL('../../../playbooks', import.meta.url)), actions);
  test('load', () => {
    expect(found).toEqual([]);
    expect(playbooks.map(({ name }) => name)).toEqual([
      'inactive-user-delete',
      'inactive-user-review',
      'super-user-notify',
    ]);
  });
  test('pass their own tests', () => {
    expect(testPlaybooks(written, playbooks).filter(({ failures }) => failures.length > 0)).toEqual([]);
  });
  test('observe, until somebody says otherwise', () => {
    expect(new Set(playbooks.map(({ mode }) => mode))).toEqual(new Set(['observe']));
  });
});

describe('a whole playbook', () => {
  test('has its defaults, and null for no condition', () => {
    expect(load(whole).playbooks).toEqual([
      {
        name: 'one',
        version: 1,
        digest: expect.stringMatching(/^[0-9a-f]{64}$/),
        description: 'for tests',
        priority: 100,
        on: { rules: ['inactive-users'], systems: ['azure'] },
        when: null,
        proof: { claim: 'inactive', days: 90 },
        mode: 'observe',
        expires: 'P1D',
        people: 1,
        editors: [],
        choices: { go: { label: 'Go', steps: [{ action: 'disable-user', with: {} }] } },
      },
    ]);
  });

  const digestOf = (...texts: readonly string[]) => load(...texts).playbooks[0]?.digest;

  test.each([
    ['version', whole.replace('version: 1', 'version: 2')],
    ['description', whole.replace('for tests', 'for more tests')],
    ['priority', playbookYaml({ head: ['priority: 7'] })],
    ['rule', whole.replace('rules: [inactive-users]', 'rules: [inactive-users, x]')],
    ['condition', playbookYaml({ head: ['when: "true"'] })],
    ['days', whole.replace('claim: inactive', 'claim: inactive, days: 91')],
    ['mode', playbookYaml({ head: ['mode: enforce'] })],
    ['time to answer', playbookYaml({ head: ['approval: { expires: P2D }'] })],
    ['number of people', playbookYaml({ head: ['approval: { people: 2 }'] })],
    ['last editor', playbookYaml({ head: ['editedBy: 1b4c7a52-90de-4f3a-8c66-0f2d9b1e7a35'] })],
    ['label', whole.replace('label: Go', 'label: Go!')],
    ['step', playbookYaml({ steps: ['action: revoke-sessions'] })],
    [
      'settings',
      playbookYaml({
        steps: ['action: notify', 'action: disable-user'].map((step) =>
          step.replace('notify', 'notify\n        with: { text: x }'),
        ),
      }),
    ],
  ])('has another digest where its %s is another', (_what, text) => {
    expect(load(text).problems).toEqual([]);
    expect(digestOf(text)).not.toBe(digestOf(whole));
  });

  test('has the same digest whatever its tests, comments and spaces', () => {
    expect(digestOf(`# note\n${whole.replace('name: answers', 'name:   answers  # really')}`)).toBe(digestOf(whole));
  });

  test('that uses another has its steps, and another digest when the other changes', () => {
    const user = playbookYaml({ name: 'user', steps: ['use: used', 'action: revoke-sessions'] });
    const used = (step: string) => playbookYaml({ name: 'used', rules: '[x]', steps: [step] });
    expect(load(user, used('action: disable-user')).playbooks[0]?.choices.go?.steps).toEqual([
      { action: 'disable-user', with: {} },
      { action: 'revoke-sessions', with: {} },
    ]);
    expect(digestOf(user, used('action: disable-user'))).not.toBe(digestOf(user, used('action: assign-read-only')));
  });
});

describe('problems, where their author finds them', () => {
  test.each<readonly [string, string, string]>([
    ['an unknown key', `${whole}extra: 1\n`, 'a.yaml:15:8 unknown key extra'],
    ['a key twice', `${whole}version: 2\n`, 'a.yaml:15:1 Map keys must be unique'],
    [
      'an alias',
      whole.replace('rule: inactive-users', 'rule: *a').replace('[inactive-users]', '[&a inactive-users]'),
      'a.yaml:13:20 aliases are not allowed: *a',
    ],
    ['an alias without an anchor', whole.replace('for tests', '*a'), 'a.yaml:3:14 aliases are not allowed: *a'],
    ['a tag', whole.replace('for tests', '!secret x'), 'a.yaml:3:14 Unresolved tag: !secret'],
    ['__proto__ at the top', `${whole}__proto__: { mode: enforce }\n`, 'a.yaml:15:1 unknown key __proto__'],
    ['__proto__ as a choice', whole.replace('  go:', '  __proto__:'), 'a.yaml:7:3 unknown key __proto__'],
    [
      '__proto__ in settings',
      playbookYaml({ steps: ['action: disable-user\n        with: { __proto__: { a: 1 } }'] }),
      'a.yaml:11:17 unknown key __proto__',
    ],
    ['no version', whole.replace('version: 1\n', ''), 'a.yaml:1:1 version: Invalid input'],
    ['a version of 0', whole.replace('version: 1', 'version: 0'), 'a.yaml:2:10 version: Too small'],
    [
      'a name that is no slug',
      whole.replace('name: one', 'name: One'),
      'a.yaml:1:7 name: use lower-case words joined by -',
    ],
    ['an unknown claim', whole.replace('claim: inactive', 'claim: dead'), 'a.yaml:5:17 proof.claim: Invalid option'],
    ['an unknown mode', playbookYaml({ head: ['mode: delete'] }), 'a.yaml:6:7 mode: Invalid option'],
    [
      'a duration with months',
      playbookYaml({ head: ['approval: { expires: P1M }'] }),
      'a.yaml:6:22 approval.expires: write a duration',
    ],
    [
      'a forbidden condition',
      playbookYaml({ head: ['when: alert.title.matches("x")'] }),
      'a.yaml:6:7 when: matches() is not allowed',
    ],
    [
      'a misspelt condition',
      playbookYaml({ head: ['when: alert.titel == "x"'] }),
      'a.yaml:6:13 when: No such key: titel',
    ],
    [
      'no choice',
      playbookYaml().replace(/choices:[\s\S]*?tests:/, 'choices: {}\ntests:'),
      'a.yaml:6:1 choices: name at least one choice',
    ],
    [
      'no step',
      whole.replace('    steps:\n      - action: disable-user', '    steps: []'),
      'a.yaml:9:5 choices.go.steps: Too small',
    ],
    [
      'an unknown action',
      playbookYaml({ steps: ['action: purge-user'] }),
      'a.yaml:10:9 choices.go: there is no action purge-user; there are assign-read-only, delete-user',
    ],
    [
      'an action named like a member of every object',
      playbookYaml({ steps: ['action: constructor'] }),
      'a.yaml:10:9 choices.go: there is no action constructor',
    ],
    [
      'a setting there is not',
      playbookYaml({ steps: ['action: disable-user\n        with: { force: true }'] }),
      'a.yaml:10:9 choices.go: disable-user: Unrecognized key: "force"',
    ],
    [
      'a missing setting',
      playbookYaml({ steps: ['action: revoke-sessions', 'action: notify'] }),
      'a.yaml:11:9 choices.go: notify: text ',
    ],
    [
      'an unknown playbook',
      playbookYaml({ steps: ['use: other'] }),
      'a.yaml:10:9 choices.go: there is no playbook other',
    ],
    [
      'a playbook that uses itself',
      playbookYaml({ steps: ['use: one'] }),
      'a.yaml:10:9 choices.go: one itself uses a playbook',
    ],
    ['an empty file', '', 'a.yaml:1:1 Invalid input: expected object, received null'],
    ['a list', '- a\n', 'a.yaml:1:1 Invalid input: expected object, received array'],
    ['two documents', `${whole}---\nname: two\n`, 'a.yaml:15:1 Source contains multiple documents'],
    ['broken YAML', whole.replace('version: 1', 'version: 1: 2'), 'a.yaml:2:10 Nested mappings'],
  ])('%s', (_what, text, problem) => {
    const loaded = load(text);
    expect(loaded).toMatchObject({ playbooks: [], written: [] });
    expect(loaded.problems.map(inOneLine)).toEqual([expect.stringContaining(problem)]);
  });

  test('all at once, of all files', () => {
    const first = whole.replace('version: 1', 'version: 0').replace('claim: inactive', 'claim: dead');
    expect(problems(first, playbookYaml({ name: 'two', steps: ['action: purge-user', 'use: nothing'] }), '*a')).toEqual(
      [
        expect.stringContaining('a.yaml:2:10 version: '),
        expect.stringContaining('a.yaml:5:17 proof.claim: '),
        expect.stringContaining('c.yaml:1:1 aliases are not allowed'),
        expect.stringContaining('b.yaml:10:9 choices.go: there is no action purge-user'),
        expect.stringContaining('b.yaml:11:9 choices.go: there is no playbook nothing'),
      ],
    );
  });

  test('one broken playbook keeps the others out too', () => {
    expect(load(whole, 'x').playbooks).toEqual([]);
  });

  test('a name that another file has', () => {
    expect(problems(whole, whole)).toEqual(['b.yaml:1:7 name: a.yaml has the same name']);
  });

  test('the use of a playbook with several choices', () => {
    const two = playbookYaml({ name: 'two' }).replace(
      'tests:',
      '  stay:\n    label: Stay\n    steps: [{ action: disable-user }]\ntests:',
    );
    expect(problems(playbookYaml({ steps: ['use: two'] }), two)).toEqual([
      'a.yaml:10:9 choices.go: two has 2 choices; only a playbook with one can be used',
    ]);
  });

  test('the use of a playbook that itself uses one', () => {
    const texts = [
      ['one', 'use: two'],
      ['two', 'use: three'],
      ['three', 'action: disable-user'],
    ].map(([name, step]) => playbookYaml({ name: name ?? '', steps: [step ?? ''] }));
    expect(problems(...texts)).toEqual(['a.yaml:10:9 choices.go: two itself uses a playbook; one level is enough']);
  });

  test('a billion laughs end at once', () => {
    const laughs = Array.from(
      { length: 30 },
      (_, index) => `x${index}: &x${index} [*x${index - 1}, *x${index - 1}]`,
    ).join('\n');
    expect(problems(`${whole}${laughs}\n`)[0]).toContain('aliases are not allowed');
  });
});

describe('deleting is staged', () => {
  const disable = 'action: disable-user';
  const again = 'prove: again';
  const remove = 'action: delete-user';

  test.each<readonly [string, readonly string[]]>([
    ['in four stages', [disable, 'wait: P30D', again, remove]],
    ['after exactly a day', [disable, 'wait: P1D', again, remove]],
    ['after 24 hours', [disable, 'wait: PT24H', again, remove]],
    [
      'with more between',
      [disable, 'action: revoke-sessions', 'wait: P7D', again, 'action: exclude-from-reports', remove],
    ],
    ['with another wait after the proof, too short to be a stage', [disable, 'wait: P7D', again, 'wait: PT1H', remove]],
  ])('%s it is allowed', (_what, steps) => expect(problems(playbookYaml({ steps }))).toEqual([]));

  test.each<readonly [string, readonly string[]]>([
    ['alone', [remove]],
    ['first', [remove, disable, 'wait: P30D', again]],
    ['without a wait', [disable, again, remove]],
    ['after a wait that is too short', [disable, 'wait: PT23H59M59S', again, remove]],
    ['after two short waits', [disable, 'wait: PT12H', 'wait: PT12H', again, remove]],
    ['without a proof', [disable, 'wait: P30D', remove]],
    ['with the proof before the wait', [disable, again, 'wait: P30D', remove]],
    ['with the proof before a second long wait', [disable, 'wait: P30D', again, 'wait: P30D', remove]],
    ['without anything reversible before it', ['wait: P30D', again, remove]],
    ['with something reversible only after the wait', ['wait: P30D', again, disable, remove]],
    ['with only word sent before', ['action: notify\n        with: { text: x }', 'wait: P30D', again, remove]],
    ['with only an annotation before', ['action: exclude-from-reports', 'wait: P30D', again, remove]],
    ['with the proof after it', [disable, 'wait: P30D', remove, again]],
  ])('%s it is refused', (_what, steps) => {
    expect(problems(playbookYaml({ steps }))).toEqual([
      expect.stringMatching(/^a\.yaml:9:5 choices\.go: what cannot be put back comes last: /),
    ]);
  });

  test('the stages of a used playbook do not stand in for its own', () => {
    const staged = playbookYaml({ name: 'two', steps: [disable, 'wait: P30D', again] });
    expect(problems(playbookYaml({ steps: ['use: two', remove] }), staged)).toHaveLength(1);
  });
});
