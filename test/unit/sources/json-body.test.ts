import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Fault } from '../../../shared/domain/fault.ts';
import { readJson } from '../../../shared/sources/json-body.ts';
import { jsonProblem } from '../../../shared/sources/json-problem.ts';

const read = (text: string) => readJson(Buffer.from(text), z.unknown());
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

describe('what is not taken', () => {
  test.each([
    ['', 'line 1, column 1: a value expected, the end found'],
    ['  \n ', 'line 2, column 2: a value expected, the end found'],
    ['{', 'line 1, column 2: a key in double quotes expected, the end found'],
    ['{"a":1,}', "line 1, column 8: a key in double quotes expected, '}' found"],
    ['{"a" 1}', "line 1, column 6: ':' expected, '1' found"],
    ['{\n  "a": 1\n  "b": 2\n}', "line 3, column 3: ',' or '}' expected, '\"' found"],
    ['[1,]', "line 1, column 4: a value expected, ']' found"],
    ['[1 2]', "line 1, column 4: ',' or ']' expected, '2' found"],
    ['{"a":tru}', "line 1, column 6: a value expected, 't' found"],
    ['01', "line 1, column 1: a value expected, '0' found"],
    ['NaN', "line 1, column 1: a value expected, 'N' found"],
    ["{'a':1}", "line 1, column 2: a key in double quotes expected, ''' found"],
    ['"open', "line 1, column 1: a value expected, '\"' found"],
    ['"bad \\x"', "line 1, column 1: a value expected, '\"' found"],
    ['{} {}', "line 1, column 4: the end expected, '{' found"],
    ['{"a":1,"a":2}', 'line 1, column 8: the key "a" is there twice'],
    ['{"a":1,"\\u0061":2}', 'line 1, column 8: the key "a" is there twice'],
    ['{"__proto__":{}}', 'line 1, column 2: the key "__proto__" is not allowed'],
    ['{"a":{"constructor":1}}', 'the key "constructor" is not allowed'],
    ['[{"proto\\u0074ype":1}]', 'the key "prototype" is not allowed'],
    [nested(33), 'line 1, column 34: more than 32 levels of nesting'],
    [nested(100_000), 'more than 32 levels of nesting'],
  ])('%.40s', (text, message) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'not-json', disposition: 'reject', status: 400 }));
    expect(() => read(text)).toThrow(message);
  });

  test('bytes that are not UTF-8', () => {
    const bytes = Uint8Array.from([0x22, 0xff, 0x22]);
    expect(() => readJson(bytes, z.unknown())).toThrow(expect.objectContaining({ code: 'not-utf8' }));
  });

  test('fields that do not fit, all at once, with their places', () => {
    const schema = z.strictObject({ a: z.string(), b: z.array(z.number()) });
    expect(() => readJson(Buffer.from('{"b":[1,"2"],"c":3}'), schema)).toThrow(
      /a: .*expected string.*; b\.1: .*expected number.*; the whole: Unrecognized key: "c"/,
    );
  });
});

test.each(['null', ' [ ] ', '{"a":{"b":[1,-2.5e3,"\\"\\\\",true]}}', nested(32), '\ufeff{}'])(
  '%.40s is taken',
  (text) => {
    expect(read(text)).toEqual(JSON.parse(text.replace('\ufeff', '')));
  },
);

test('JSON is taken exactly where JSON.parse takes it, apart from what is refused on purpose', () => {
  const text = fc.oneof(fc.json({ maxDepth: 4 }), fc.string({ unit: fc.constantFrom(...'{}[]",:1.e-tru\\ \n') }));
  fc.assert(
    fc.property(text, (candidate) => {
      const problem = jsonProblem(candidate);
      if (problem && /twice|not allowed/.test(problem.message)) return;
      expect(problem === null).toBe(isJson(candidate));
    }),
    { numRuns: 2_000 },
  );
});

test('whatever the bytes, only a fault is thrown', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      try {
        readJson(bytes, z.unknown());
      } catch (error) {
        expect(error).toBeInstanceOf(Fault);
      }
    }),
  );
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
