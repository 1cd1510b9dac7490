import type { z } from 'zod';
import { Fault } from '../domain/fault.ts';
import { jsonProblem } from './json-problem.ts';

/**
 * The JSON body of a notification, as the schema wants it.
 * @throws Fault `reject` that says everything that is wrong: the place where it is no JSON, or each value that does not fit
 */
export function readJson<T extends z.ZodType>(bytes: Uint8Array, schema: T): z.infer<T> {
  const checked = schema.safeParse(parsed(bytes));
  if (checked.success) return checked.data;
  const issues = checked.error.issues.map(({ path, message }) => `${placeOf(path)}: ${message}`);
  throw new Fault('reject', 'wrong-fields', `The body does not fit: ${issues.join('; ')}.`, { detail: issues });
}

function parsed(bytes: Uint8Array): unknown {
  const text = decoded(bytes);
  const problem = jsonProblem(text);
  if (!problem) return JSON.parse(text);
  const before = text.slice(0, problem.offset).split('\n');
  const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
  throw new Fault('reject', 'not-json', `The body is not JSON that can be taken: ${place}: ${problem.message}.`);
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Fault('reject', 'not-utf8', 'The body is not UTF-8.', { cause });
  }
}

function placeOf(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'the whole' : path.map(String).join('.');
}
