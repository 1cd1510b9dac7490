import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  attributes,
  type Condition,
  conditionText,
  holds,
  readCondition,
} from '../../../shared/domain/audit-condition.ts';
import { daysOf, rangesOf } from '../../../shared/domain/audit-range.ts';
import type { AuditRecord } from '../../../shared/domain/audit-record.ts';
import { recordOf } from '../../support/adapters-trail.ts';

const names = Object.keys(attributes) as (keyof typeof attributes)[];
const values = fc.oneof(
  fc.constantFrom('id-1', 'ID-2', 'id-3', 'success', 'error', 'disable-user', 'azure'),
  fc.string(),
);

const comparison: fc.Arbitrary<Condition> = fc
  .record({
    attribute: fc.oneof(fc.constantFrom('identity' as const, 'state' as const), fc.constantFrom(...names)),
    operator: fc.constantFrom('is' as const, 'contains' as const, 'in' as const),
    negated: fc.boolean(),
    values: fc.array(values, { minLength: 1, maxLength: 3 }),
  })
  .map((one) => (one.operator === 'in' ? one : { ...one, values: one.values.slice(0, 1) }));
const condition = fc.letrec<{ any: Condition }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    comparison,
    fc.array(tie('any'), { minLength: 2, maxLength: 3 }).map((and) => ({ and })),
    fc.array(tie('any'), { minLength: 2, maxLength: 3 }).map((or) => ({ or })),
  ),
})).any;

const day = (n: number) => String(1 + n).padStart(2, '0');
const records: fc.Arbitrary<AuditRecord[]> = fc.array(
  fc
    .record({
      day: fc.nat(9),
      identity: fc.constantFrom('', 'id-1', 'id-2', 'id-3'),
      state: fc.constantFrom('', 'success', 'error', 'refused'),
      task: fc.constantFrom('disable-user', 'delete-user', 'guard'),
    })
    .map(({ day: n, ...of }) => recordOf('run-1', 1, `${day(n)}T08:00`, of)),
);

describe('a condition', () => {
  test('as text is read as the same condition', () =>
    fc.assert(
      fc.property(condition, (one) => {
        expect(readCondition(conditionText(one))).toEqual(one);
      }),
    ));

  test('"and" binds tighter than "or", parentheses tighter still, and case does not matter', () => {
    const [a, b, c] = ['task is a', 'task is b', 'task is c'].map(readCondition);
    expect(readCondition('task is a or task is b and task is c')).toEqual({ or: [a, { and: [b, c] }] });
    expect(readCondition('(TASK IS a OR task is b)AND task is c')).toEqual({ and: [{ or: [a, b] }, c] });
  });

  test.each([
    ['state in (error, refused)', { state: 'refused' }, true],
    ['state in (error, refused)', { state: 'success' }, false],
    ['state not in (error, refused)', { state: '' }, true],
    ['state is not Success', { state: 'success' }, false],
    ['task contains USER', { task: 'disable-user' }, true],
    ['task not contains user', { task: 'disable-user' }, false],
    ['task-name is "disable-user"', { task: 'disable-user' }, true],
    ['authorization-system is example', {}, true],
    ['authorization-system is sub-1', {}, true],
    ['system is sub', {}, false],
    ['says is "a \\"b\\" (c), d"', { says: 'a "b" (c), d' }, true],
    ['task is a or task is b', { task: 'b' }, true],
    ['task is a or task is b', { task: 'c' }, false],
    ['task in(a,b)', { task: 'b' }, true],
    ['username is dana@example.com and role contains owner', { role: 'Owner' }, true],
    ['username is dana@example.com and role contains owner', { role: 'Reader' }, false],
  ])('%s', (text, of, expected) => {
    expect(holds(readCondition(text), recordOf('run-1', 1, '01T08:00', of))).toBe(expected);
  });

  test.each([
    ['', /at character 1: an attribute is missing/],
    ['foo is x', /foo is no attribute; there are username, /],
    ['access-key-id is x', /Quell has no data on access-key-id/],
    ['task', /is, contains or in is missing/],
    ['task equals x', /at character 6: equals is no operator/],
    ['task is', /a value is missing/],
    ['task is not', /a value is missing/],
    ['task in x', /a list is in parentheses/],
    ['task in (', /a value is missing/],
    ['task in (a', /"\)" is missing/],
    ['task in (a b', /at character 12: "\)" is missing before b\.$/],
    ['task in (a ")"', /at character 12: "\)" is missing before "\)"\.$/],
    ['task in', /at character 8: "\(" is missing/],
    ['task is ,', /at character 9: a value is missing/],
    ['task is "\\q"', /at character 9: "\\q" cannot be read; write a quotation mark in it as \\"/],
    ['"task" is x', /"task" is no attribute/],
    ['task in ()', /a value is missing/],
    ['(task is a', /"\)" is missing/],
    ['task is a task is b', /at character 11: "task" is one too many/],
    ['task is "a', /a quotation mark is missing|is one too many/],
    ['task is a and', /an attribute is missing/],
    [`${'('.repeat(25)}task is a`, /more than 20 parentheses/],
    [`task is ${'x'.repeat(5000)}`, /4000 characters at most/],
  ])('%s is refused', (text, message) => {
    expect(() => readCondition(text)).toThrowError(message);
  });

  test('of the longest text is read, and signs are values where they are quoted or in a word', () => {
    expect(readCondition(`task is ${'x'.repeat(4000 - 'task is '.length)}`)).toMatchObject({ attribute: 'task' });
    expect(readCondition('task is ")"')).toMatchObject({ values: [')'] });
    expect(readCondition('task is x \n')).toMatchObject({ values: ['x'] });
  });

  test('no text brings the reader down: it is a condition or a refusal', () =>
    fc.assert(
      fc.property(
        fc.array(fc.oneof(values, fc.constantFrom('(', ')', ',', '"', 'and', 'or', 'not', 'in', 'is'))),
        (words) => {
          try {
            readCondition(words.join(' '));
          } catch (error) {
            expect(error).toMatchObject({ name: 'Fault', disposition: 'reject', code: 'wrong-query' });
          }
        },
      ),
    ));
});

describe('the ranges of a query', () => {
  const span = { from: '2026-03-02T00:00:00.000Z', to: '2026-03-07T12:00:00.000Z' };

  test('have every record in them that fits, once', () =>
    fc.assert(
      fc.property(condition, records, (where, all) => {
        const inSpan = (record: AuditRecord) => record.time >= span.from && record.time < span.to;
        const found = rangesOf({ where, ...span }).flatMap(({ by, from, to }) =>
          all.filter(
            (record) =>
              ('day' in by ? record.time.startsWith(by.day) : record.identity.toLowerCase() === by.identity) &&
              record.time >= from &&
              record.time < to,
          ),
        );
        const wanted = all.filter(inSpan).filter((record) => holds(where, record));
        expect(new Set(found.filter((record) => holds(where, record)))).toEqual(new Set(wanted));
        expect(found).toHaveLength(new Set(found).size);
      }),
      { numRuns: 500 },
    ));

  test.each([
    ['identity is A', ['a']],
    ['identity in (a, b) and state is error', ['a', 'b']],
    ['identity in (a, b) and identity in (b, c)', ['b']],
    ['identity is a or identity is b and task is x', ['a', 'b']],
    ['identity is a and identity is b', []],
  ])('%s looks at identities only', (text, identities) => {
    const ranges = rangesOf({ where: readCondition(text), ...span });
    expect(ranges.map(({ by }) => by)).toEqual(identities.map((identity) => ({ identity })));
  });

  test.each(['identity is a or task is x', 'identity is not a', 'identity contains a', 'task is x', 'identity is ""'])(
    '%s looks at days',
    (text) => {
      const days = ['02', '03', '04', '05', '06', '07'].map((n) => ({ day: `2026-03-${n}` }));
      expect(rangesOf({ where: readCondition(text), ...span }).map(({ by }) => by)).toEqual(days);
    },
  );

  test('of fifty identities looks at each, in order; of more at days', () => {
    const among = (count: number) => {
      const ids = Array.from({ length: count }, (_, n) => `id-${99 - n}`);
      return rangesOf({ where: readCondition(`identity in (${ids.join(', ')})`), ...span }).map(({ by }) => by);
    };
    expect(among(50)).toHaveLength(50);
    expect(among(50).slice(0, 2)).toEqual([{ identity: 'id-50' }, { identity: 'id-51' }]);
    expect(among(51)).toHaveLength(6);
  });

  test('a span up to midnight does not touch the day after', () => {
    expect(daysOf('2026-03-01T23:00:00.000Z', '2026-03-03T00:00:00.000Z')).toEqual(['2026-03-01', '2026-03-02']);
  });

  test('an empty span has none', () => {
    expect(rangesOf({ where: null, from: span.to, to: span.from })).toEqual([]);
    expect(rangesOf({ where: null, from: span.to, to: span.to })).toEqual([]);
  });
});
