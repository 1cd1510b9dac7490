import { describe, expect, test } from 'vitest';
import type { AuthorizationSystem } from '../../../shared/domain/access.ts';
import type { Claims } from '../../../shared/domain/alert.ts';
import { conditionProblems, holds } from '../../../shared/domain/condition.ts';

const claims: Claims & { source: string } = {
  source: 'generic',
  rule: 'inactive-users',
  ruleName: 'Inactive Users',
  title: 'Stale accounts',
  system: { type: 'azure', id: 'claimed' },
  nominations: [{ kind: 'user', by: 'id', value: 'u-1' }],
  identityCount: 7,
  occurredAt: '2026-03-01T07:00:00Z',
  dedupeKey: null,
};
const system: AuthorizationSystem = { type: 'azure', id: 'real', name: 'Sandbox', tags: { environment: 'sandbox' } };

describe('can be a condition', () => {
  test.each([
    'true',
    'alert.identityCount > 5',
    'system.tags.environment == "sandbox"',
    '"environment" in system.tags && system.tags.environment in ["sandbox", "test"]',
    'alert.title.startsWith("Stale") || alert.title.endsWith("x") || alert.title.contains("y")',
    '"matches" == alert.title',
    'has(system.tags.environment)',
  ])('%s', (expression) => expect(conditionProblems(expression)).toEqual([]));
});

describe('cannot be a condition, and why, and where', () => {
  test.each<readonly [string, string, number]>([
    ['alert.title.matches("x")', 'matches() is not allowed', 0],
    ['matches(alert.title, "x")', 'matches() is not allowed', 0],
    ['["a"].exists(x, x.matches("b"))', 'matches() is not allowed', 16],
    ['alert.rule == "b" && !alert.title.matches("c")', 'matches() is not allowed', 22],
    ['{"a": alert.title.matches("x")}["a"]', 'matches() is not allowed', 6],
    ['alert.rule == "a" ? alert.title.matches("y") : false', 'matches() is not allowed', 20],
    ['[[alert.title.matches("y")]][0][0]', 'matches() is not allowed', 2],
    ['alert.title', 'gives string, not true or false', 0],
    ['alert.identityCount + 1', 'gives int, not true or false', 0],
    ['dyn(true)', 'gives dyn, not true or false', 0],
    ['alert.identityCount > "a"', 'no such overload: int > string', 0],
    ['alert.nominations == 1', 'No such key: nominations', 6],
    ['identity.id == "x"', 'Unknown variable: identity', 0],
    ['timestamp("2020-01-01T00:00:00Z") < now()', "no matching overload for 'now()'", 36],
    ['alert.title ==', 'Unexpected token', 14],
    ['', 'Unexpected token', 0],
  ])('%s', (expression, message, offset) => {
    const problems = conditionProblems(expression);
    expect(problems).toEqual([{ message: expect.stringContaining(message), offset }]);
    expect(problems[0]?.message).not.toContain('\n');
  });

  test('two forbidden calls are two problems', () => {
    expect(conditionProblems('alert.title.matches("x") || alert.rule.matches("y")')).toHaveLength(2);
  });

  test.each<readonly [string, string]>([
    ['too long', Array(120).fill('true').join(' && ')],
    ['too deep', `${'('.repeat(40)}true${')'.repeat(40)}`],
    ['too long a list', `1 in [${Array(65).fill(1).join()}]`],
  ])('%s', (_what, expression) => {
    expect(conditionProblems(expression)).toEqual([
      { message: expect.stringContaining('Exceeded max'), offset: expect.any(Number) },
    ]);
  });
});

describe('holds', () => {
  test.each([
    'alert.source == "generic" && alert.rule == "inactive-users" && alert.title == "Stale accounts"',
    'alert.identityCount == 7 && alert.names == 1',
    'system.type == "azure" && system.name == "Sandbox"',
    'system.tags.environment == "sandbox"',
  ])('%s', (expression) => expect(holds(expression, claims, system)).toBe(true));

  test('the system is what it is, not what the alert claims', () => {
    expect(holds('system.id == "real"', claims, system)).toBe(true);
    expect(holds('system.id == "claimed"', claims, system)).toBe('when: system.id == "claimed" is not true');
  });

  test('a count that the alert does not say is -1', () => {
    expect(holds('alert.identityCount == -1', { ...claims, identityCount: null }, system)).toBe(true);
  });

  test.each<readonly [string, string]>([
    ['system.tags.owner == "x"', 'cannot be decided: No such key: owner'],
    ['alert.identityCount / 0 == 1', 'cannot be decided: division by zero'],
    ['alert.title', 'is not true'],
    ['dyn(1)', 'is not true'],
    ['alert.title ==', 'cannot be decided: Unexpected token'],
    ['alert.identityCount > "a"', 'cannot be decided: no such overload'],
  ])('%s is not true, with a reason, and nothing is thrown', (expression, reason) => {
    expect(holds(expression, claims, system)).toContain(`when: ${expression} ${reason}`);
  });

  test('a tag named like a member of every object is only there where it is set', () => {
    expect(holds('"constructor" in system.tags', claims, system)).not.toBe(true);
    expect(holds('system.tags.toString == "x"', claims, system)).toContain('cannot be decided');
  });
});
