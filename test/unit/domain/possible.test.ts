import { describe, expect, test } from 'vitest';
import { mostTried, possibleAlerts } from '../../../shared/domain/possible.ts';
import { playbookOf } from '../../support/domain-run.ts';

const of = (...conditions: readonly (string | null)[]) =>
  possibleAlerts(
    conditions.map((when, index) => playbookOf({ name: `p${index}`, when })),
    'inactive-users',
    'azure',
  );

describe('alerts that could come', () => {
  test('where nothing is asked are one', () => {
    expect(of(null)).toMatchObject([
      {
        system: { type: 'azure', id: '–', name: '–', tags: {} },
        alert: { rule: 'inactive-users', source: '–', title: '–', identityCount: null, nominations: [] },
      },
    ]);
  });

  test('have each text that is compared with, what begins or ends with it, and another', () => {
    expect(of('alert.title == "x"').map(({ alert }) => alert.title)).toEqual(['x', '–', 'x–', '–x']);
    expect(of('alert.source == "x"').map(({ alert }) => alert.source)).toContain('x');
    expect(of('system.id == "x" || system.name == "y"').map(({ system }) => `${system.id} ${system.name}`)).toContain(
      'x y',
    );
  });

  test('have each number that is compared with, and those beside it', () => {
    expect(of('alert.names > 2').map(({ alert }) => alert.nominations.length)).toEqual([1, 2, 3]);
    expect(of('alert.names > 0').map(({ alert }) => alert.nominations.length)).toEqual([0, 0, 1]);
    expect(of('alert.names > 500').map(({ alert }) => alert.nominations.length)).toEqual([200, 200, 200]);
    expect(of('alert.identityCount == 0').map(({ alert }) => alert.identityCount)).toEqual([null, 0, 1]);
  });

  test('have tags, or have them not', () => {
    expect(of('system.tags.a == "x"').map(({ system }) => system.tags.a)).toEqual([undefined, '–', 'x', 'x–', '–x']);
    expect(of('"a" in system.tags').map(({ system }) => system.tags.a)).toEqual([undefined, '–']);
  });

  test('differ by what any of the playbooks asks, and only those for the rule and the system', () => {
    expect(of('alert.title == "x"', 'alert.source == "y"')).toHaveLength(16);
    const other = playbookOf({ name: 'o', when: 'alert.title == "x"', on: { rules: ['others'], systems: ['azure'] } });
    const aws = playbookOf({
      name: 'o',
      when: 'alert.title == "x"',
      on: { rules: ['inactive-users'], systems: ['aws'] },
    });
    expect(possibleAlerts([playbookOf(), other, aws], 'inactive-users', 'azure')).toHaveLength(1);
  });

  test('are no more than can be tried, all different, and lie all over', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const tried = of(names.map((name) => `system.tags.${name} == "x"`).join(' && '));
    expect(tried).toHaveLength(mostTried);
    const texts = tried.map(({ system }) => JSON.stringify(system.tags));
    expect(new Set(texts).size).toBe(mostTried);
    for (const name of names)
      for (const value of [undefined, '–', 'x', 'x–', '–x'])
        expect(tried.some(({ system }) => system.tags[name] === value)).toBe(true);
  });
});
