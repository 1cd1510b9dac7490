import { z } from 'zod';

/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json };

/**
 * Canonical JSON: keys sorted by UTF-16 code unit, no white space, numbers and strings as ECMAScript writes them
 * (RFC 8785). Equal values give equal text, so a digest of it is a digest of the value.
 * @throws TypeError on a number that JSON cannot hold (NaN, Infinity).
 */
export function canonical(value: Json): string {
  const sorted = inOrder(value);
  return sorted === unordered ? written(value) : JSON.stringify(sorted);
}

/** What stands for a value whose keys no object of this language holds in order. */
const unordered = Symbol('unordered');

/**
 * The value with the keys of its objects in order, for one native call to write; the value itself where they are in order
 * already, as they are in all that was stored.
 */
function inOrder(value: Json): Json | typeof unordered {
  if (value === null || typeof value !== 'object') return finite(value);
  return isList(value) ? listInOrder(value) : objectInOrder(value);
}

function listInOrder(list: readonly Json[]): readonly Json[] | typeof unordered {
  let copy: Json[] | null = null;
  for (let index = 0; index < list.length; index += 1) {
    const item = list[index] ?? null;
    const sorted = inOrder(item);
    if (sorted === unordered) return unordered;
    if (sorted !== item) copy ??= list.slice(0, index);
    copy?.push(sorted);
  }
  return copy ?? list;
}

function objectInOrder(object: JsonObject): JsonObject | typeof unordered {
  const keys = Object.keys(object);
  let same = true;
  for (let index = 1; same && index < keys.length; index += 1) same = (keys[index - 1] ?? '') < (keys[index] ?? '');
  if (!same) keys.sort();
  const members: (Json | undefined)[] = [];
  for (const key of keys) {
    if (keepsItsPlace(key)) return unordered;
    const sorted = inOrder(object[key] ?? null);
    if (sorted === unordered) return unordered;
    same &&= sorted === object[key];
    members.push(sorted);
  }
  if (same) return object;
  const copy: { [key: string]: Json } = {};
  for (const [index, key] of keys.entries()) copy[key] = members[index] ?? null;
  return copy;
}

function finite(value: string | number | boolean | null): string | number | boolean | null {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`${value} is not a JSON number`);
  return value;
}

/** A key that looks like an index stands before all others, and `__proto__` is no member where it is assigned. */
function keepsItsPlace(key: string): boolean {
  const first = key.charCodeAt(0);
  return (first >= 48 && first <= 57) || key === '__proto__';
}

/** Canonical JSON, written key by key. */
function written(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(finite(value));
  if (isList(value)) return `[${value.map(written).join(',')}]`;
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${written(value[key] ?? null)}`);
  return `{${members.join(',')}}`;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** Any JSON value, checked. */
export const jsonSchema: z.ZodType<Json> = z.json();

/** A plain data object as JSON: what `undefined` stood for is left out. */
export function toJson(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value));
}
