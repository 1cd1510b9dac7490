import type { HttpRequest } from '@azure/functions';
import type { z } from 'zod';
import { Fault } from '../domain/fault.ts';
import { checkSize } from '../engine/ingest.ts';

/** The id of the route, which begins with `prefix` (a regular expression). @throws Fault `reject` (404) */
export function idOf(request: HttpRequest, prefix: string): string {
  const id = request.params.id ?? '';
  if (new RegExp(`^${prefix}-[0-9a-f]{32}$`).test(id)) return id;
  throw new Fault('reject', 'unknown-id', `${id} is not the id of anything here.`, { status: 404 });
}

/** The body as JSON. @throws Fault `reject` */
export async function jsonOf(request: HttpRequest): Promise<unknown> {
  const text = await request.text();
  checkSize(text.length);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Fault('reject', 'not-json', 'The body is not JSON.', { cause: error });
  }
}

/** A value in the shape it has to have. @throws Fault `reject` that names every problem */
export function read<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(
    ({ path, message }) => `${path.map(String).join('.') || 'body'}: ${message}`,
  );
  throw new Fault('reject', 'wrong-request', problems.join('; '));
}
