import type { HttpRequest } from '@azure/functions';
import { z } from 'zod';
import { Fault } from '../domain/fault.ts';
import type { Answer } from '../engine/decide.ts';
import { read } from './input.ts';

/** What somebody sent with the form of the page. */
export interface Form {
  readonly token: string;
  readonly answer: Answer;
}

const token = z.string().max(100);
const formSchema = z.union([
  z.strictObject({ token, choice: z.string().min(1).max(60), digest: z.string().regex(/^[0-9a-f]{64}$/) }),
  z.strictObject({ token, reason: z.string().trim().max(500) }),
]);

/** Most that a form of ours has, in characters. */
const mostForm = 8 * 1024;

/**
 * The form of the page, if it comes from the page. Where the browser says whose page it comes from, it has to be ours.
 * @throws Fault `refuse` or `reject`
 */
export async function decisionForm(request: HttpRequest, origin: string): Promise<Form> {
  const [from, site] = [request.headers.get('origin'), request.headers.get('sec-fetch-site')];
  if ((from !== null && from !== origin) || (site !== null && site !== 'same-origin'))
    throw new Fault('refuse', 'form-of-others', 'This came from another page. Nothing was decided.');
  if (!request.headers.get('content-type')?.toLowerCase().startsWith('application/x-www-form-urlencoded'))
    throw new Fault('reject', 'wrong-content-type', 'This is not the form of the page.', { status: 415 });
  const text = await request.text();
  if (text.length > mostForm)
    throw new Fault('reject', 'too-large', 'This is more than the form has.', { status: 413 });
  const pairs = [...new URLSearchParams(text)];
  if (new Set(pairs.map(([name]) => name)).size !== pairs.length)
    throw new Fault('reject', 'wrong-request', 'A field of the form was sent twice.');
  const form = read(formSchema, Object.fromEntries(pairs));
  const answer =
    'choice' in form
      ? { choice: form.choice, digest: form.digest, reason: null }
      : { choice: null, digest: null, reason: form.reason === '' ? null : form.reason };
  return { token: form.token, answer };
}

/** A cookie of the request; null where it has none of that name. */
export function cookieOf(request: HttpRequest, name: string): string | null {
  const found = (request.headers.get('cookie') ?? '')
    .split(';')
    .map((one) => one.trim())
    .find((one) => one.startsWith(`${name}=`));
  return found ? found.slice(name.length + 1) : null;
}
