import { describe, expect, test } from 'vitest';
import { actions } from '../../../shared/actions/catalog.ts';
import { readsOf } from '../../../shared/domain/condition.ts';
import { type Asked, asked, unaskedIn } from '../../../shared/domain/fact.ts';
import { loadPlaybooks } from '../../../shared/domain/playbook-file.ts';
import { inOneLine, playbookYaml } from '../../support/domain-playbooks.ts';

const proof = { claim: 'inactive', days: 90 } as const;
const on = (...systems: ('azure' | 'aws' | 'gcp')[]) => ({ rules: ['inactive-users'], systems });

describe('what a condition reads', () => {
  test.each([
    ['system.name == "a"', ['name']],
    ['"a" in system.tags && system.tags.environment == "b"', ['tags', 'tags']],
    ['has(system.tags.environment)', ['tags']],
    ['system["id"] == "a"', ['id']],
    ['!(alert.rule == "a" || (system.type == "azure" ? system.name : system.id) == "b")', ['type', 'name', 'id']],
    ['[system].exists(s, s.tags.a == "b")', [null]],
    ['alert.names > 1', []],
    ['alert.title == "system.name"', []],
  ] as const)('%s: %j', (expression, fields) => {
    expect(readsOf(expression, 'system').map(({ field }) => field)).toEqual(fields);
  });

  test('and where', () => {
    expect(readsOf('alert.names > 1 && system.name == "a"', 'system')).toEqual([{ field: 'name', offset: 26 }]);
  });
});

describe('what nobody asks for', () => {
  test.each([
    ['name', 'system.name == "a"'],
    ['tags', 'system.tags.environment == "a"'],
    ['everything', '[system].exists(s, s.name == "a")'],
  ])('%s, of a system that is not asked', (field, when) => {
    expect(unaskedIn({ on: on('aws'), when, proof })).toMatchObject([
      { at: 'when', message: `reads ${field} of the system, and no request asks aws for it` },
    ]);
  });

  test('is nothing where it is asked for, and the kind of system is known without', () => {
    expect(unaskedIn({ on: on('azure'), when: 'system.tags.a == system.name + system.id', proof })).toEqual([]);
    expect(unaskedIn({ on: on('aws', 'gcp'), when: 'system.type == "aws" && alert.names > 1', proof })).toEqual([]);
    expect(unaskedIn({ on: on('aws'), when: undefined, proof })).toEqual([]);
  });

  test('is said for each system and each place', () => {
    const found = unaskedIn({ on: on('azure', 'aws', 'gcp'), when: 'system.id == system.name', proof });
    expect(found.map(({ offset, message }) => `${offset} ${message}`)).toEqual(
      ['aws', 'gcp'].flatMap((type) => [
        `7 reads id of the system, and no request asks ${type} for it`,
        `20 reads name of the system, and no request asks ${type} for it`,
      ]),
    );
  });

  test('of a user, is what the claim needs and no more', () => {
    const declared: Asked = { ...asked, user: {} };
    expect(unaskedIn({ on: on('azure'), when: undefined, proof }, declared)).toMatchObject([{ at: 'proof' }]);
    expect(unaskedIn({ on: on('azure'), when: undefined, proof: { claim: 'super', days: 90 } }, declared)).toEqual([]);
  });
});

test('the author of a playbook is told file, line and column', () => {
  const when = 'when: \'alert.names > 1 && system.tags.environment == "sandbox"\'';
  const text = playbookYaml({ head: [when] }).replace('systems: [azure]', 'systems: [azure, aws]');
  const line = text.split('\n').indexOf(when) + 1;
  const { problems, playbooks } = loadPlaybooks([{ name: 'a.yaml', text }], actions);
  expect(playbooks).toEqual([]);
  expect(problems.map(inOneLine)).toEqual([
    `a.yaml:${line}:33 when: reads tags of the system, and no request asks aws for it`,
  ]);
});
