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
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`${value} is not a JSON number`);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonical).join(',')}]`;
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key] ?? null)}`);
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
