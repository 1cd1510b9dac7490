import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonical, type Json, toJson } from '../../../shared/domain/json.ts';

/** JSON values without -0, which JSON text cannot tell from 0. */
const json = fc.jsonValue({ noUnicodeString: false }).map((value): Json => JSON.parse(JSON.stringify(value)));

/** The same value, its members put in the other way round. */
function turned(value: Json): Json {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(turned);
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, turned(inner)]),
  );
}

/** The same text, put together key by key. */
function plainly(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(plainly).join(',')}]`;
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([key, inner]) => `${JSON.stringify(key)}:${plainly(inner)}`).join(',')}}`;
}

describe('canonical JSON', () => {
  test.each<readonly [string, Json, string]>([
    ['keys are sorted', { b: 1, a: 2 }, '{"a":2,"b":1}'],
    ['at every depth', { z: [{ d: 1, c: 2 }], a: { f: 1, e: 2 } }, '{"a":{"e":2,"f":1},"z":[{"c":2,"d":1}]}'],
    ['upper case comes before lower case', { a: 1, B: 2 }, '{"B":2,"a":1}'],
    [
      'keys sort by UTF-16 code unit (RFC 8785 §3.2.3)',
      { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, '\u00f6': 7 },
      '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\u{1f600}":5,"\ufb33":3}',
    ],
    ['lists keep their order', [3, 1, 2], '[3,1,2]'],
    ['empty things', [{}, [], '', null, false], '[{},[],"",null,false]'],
    ['numbers as ECMAScript writes them', [1e21, 1e-7, 1.0, -0, 0.1], '[1e+21,1e-7,1,0,0.1]'],
    ['strings escape no more than they must', '\u0000"\\/\u20ac\n', '"\\u0000\\"\\\\/\u20ac\\n"'],
    ['a key called __proto__ is a key', JSON.parse('{"__proto__":{"a":1},"b":2}'), '{"__proto__":{"a":1},"b":2}'],
    [
      'also where it is not in its place, or deep inside',
      JSON.parse('{"b":2,"a":[{"c":3,"__proto__":{"z":1,"y":2}}],"__proto__":{"a":1}}'),
      '{"__proto__":{"a":1},"a":[{"__proto__":{"y":2,"z":1},"c":3}],"b":2}',
    ],
    [
      'keys that look like an index sort as texts',
      { '9': 1, '10': 2, a: [{ b: 1, '2': 2, '11': 3 }] },
      '{"10":2,"9":1,"a":[{"11":3,"2":2,"b":1}]}',
    ],
  ])('%s', (_rule, value, text) => expect(canonical(value)).toBe(text));

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('%s is no JSON number', (value) => {
    expect(() => canonical(value)).toThrow(new TypeError(`${value} is not a JSON number`));
    expect(() => canonical({ deep: [{ inside: value }] })).toThrow(TypeError);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])(
    '%s is none beside a key that looks like an index either',
    (value) => {
      expect(() => canonical({ '1': { inside: value } })).toThrow(TypeError);
    },
  );

  test('is the same whether its keys are in order already or not', () =>
    fc.assert(
      fc.property(json, fc.dictionary(fc.stringMatching(/^[0-9a-c_]{0,3}$/), json), (value, keyed) => {
        for (const one of [value, { ...keyed }, [keyed, value], { keyed, a: value }]) {
          expect(canonical(one)).toBe(plainly(one));
          const stored: Json = JSON.parse(canonical(one));
          expect(canonical(stored)).toBe(plainly(one));
        }
      }),
    ));

  test('the value itself stays as it was', () => {
    const value = { b: { d: 1, c: [{ f: 1, e: 2 }] }, a: 1 };
    canonical(value);
    expect(JSON.stringify(value)).toBe('{"b":{"d":1,"c":[{"f":1,"e":2}]},"a":1}');
  });

  test('equal values give equal text, in whatever order they were put together', () =>
    fc.assert(fc.property(json, (value) => canonical(turned(value)) === canonical(value))));

  test('different values give different text', () =>
    fc.assert(
      fc.property(json, json, (one, other) => {
        const same = canonical(one) === canonical(other);
        if (same) expect(one).toEqual(other);
        else expect(one).not.toEqual(other);
      }),
    ));

  test('JSON.parse gives the value back', () =>
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(canonical(value))).toEqual(value);
      }),
    ));
});

test('toJson leaves out what is undefined and keeps null', () => {
  expect(toJson({ a: undefined, b: null, c: { d: undefined } })).toStrictEqual({ b: null, c: {} });
});
