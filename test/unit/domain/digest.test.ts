import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digestOf, idOf, sha256, uuidOf } from '../../../shared/domain/digest.ts';

describe('fixed vectors: what is in a ledger or a cloud today must be found tomorrow', () => {
  test.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ])('sha256 of "%s" (FIPS 180-4)', (text, hex) => {
    expect(sha256(text)).toBe(hex);
    expect(sha256(Buffer.from(text))).toBe(hex);
  });

  test('digestOf is of the canonical text', () => {
    expect(digestOf({ b: [1], a: null })).toBe(sha256('{"a":null,"b":[1]}'));
  });

  test('idOf is the prefix and the first 128 bits', () => {
    expect(idOf('alert', 'abc')).toBe(`alert-${sha256('"abc"').slice(0, 32)}`);
    expect(idOf('alert', 'abc')).toBe('alert-6cc43f858fbb763301637b5af970e2a4');
  });

  test.each([
    ['', '9d958c43-834e-5e6f-99f9-23086ce2bf3f'],
    ['abc', '972104a3-d61a-5f6e-a64f-195d941ba50c'],
    ['\u20ac', '3ab88c1b-34cd-5a7e-b48e-0429519b17b6'],
  ])('uuidOf("%s")', (text, uuid) => expect(uuidOf(text)).toBe(uuid));
});

test('every derived UUID is a valid version 5 of the RFC 4122 variant', () =>
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(uuidOf(text)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(uuidOf(text)).toBe(uuidOf(text));
    }),
  ));

test('different texts give different UUIDs', () =>
  fc.assert(fc.property(fc.string(), fc.string(), (one, other) => one === other || uuidOf(one) !== uuidOf(other))));
