import { Refusal } from '../refusal.ts';
import type { Answer } from '../wire.ts';
import type { ArmCall } from './call.ts';

/** The service chooses the size. A small one here means that nobody gets away with forgetting the next page. */
const SIZE = 10;

export function page(call: ArmCall, rows: readonly unknown[]): Answer {
  const token = call.query.get('$skipToken');
  const start = token === null ? 0 : Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isInteger(start)) throw new Refusal(400, 'InvalidSkipToken', 'The skip token is not valid.');
  const end = start + SIZE;
  const value = rows.slice(start, end);
  return { status: 200, body: end < rows.length ? { value, nextLink: nextLink(call.url, end) } : { value } };
}

function nextLink(url: URL, skip: number): string {
  const next = new URL(url);
  next.searchParams.set('$skipToken', Buffer.from(String(skip)).toString('base64url'));
  return next.href;
}
