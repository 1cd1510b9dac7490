import type { Answer } from '../wire.ts';
import { type GraphCall, METADATA } from './call.ts';
import { badRequest, badSyntax } from './refusals.ts';

const KNOWN = ['$select', '$filter', '$top', '$skiptoken', '$count', '$expand'];

const STANDARD_PAGE = 100;
const LARGEST_PAGE = 999;

/** One page of the rows, with the link to the next one. */
export function page(call: GraphCall, context: string, rows: readonly unknown[], most = LARGEST_PAGE): Answer {
  const start = skipped(call.query.get('$skiptoken'));
  const end = start + Math.min(asked(call.query.get('$top')), most);
  const next = end < rows.length && { '@odata.nextLink': nextLink(call.url, end) };
  const count = call.advanced && { '@odata.count': rows.length };
  const value = rows.slice(start, end);
  return { status: 200, body: { '@odata.context': `${METADATA}#${context}`, ...count, ...next, value } };
}

/** @throws Refusal for an option this stand-in would otherwise quietly ignore. */
export function refuseUnknownOptions(query: URLSearchParams): void {
  const unknown = [...query.keys()].find((name) => name.startsWith('$') && !KNOWN.includes(name));
  if (unknown) throw badSyntax(`The query option '${unknown}' is not supported.`);
}

function asked(top: string | null): number {
  if (top === null) return STANDARD_PAGE;
  const number = /^\d+$/.test(top) ? Number(top) : 0;
  if (number < 1 || number > LARGEST_PAGE) {
    throw badRequest(`Invalid page size specified: '${top}'. Must be between 1 and ${LARGEST_PAGE} inclusive.`);
  }
  return number;
}

function skipped(token: string | null): number {
  if (token === null) return 0;
  const number = Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isInteger(number)) throw badRequest('The specified skip token is invalid.');
  return number;
}

function nextLink(url: URL, skip: number): string {
  const next = new URL(url);
  next.searchParams.set('$skiptoken', Buffer.from(String(skip)).toString('base64url'));
  return next.href;
}
