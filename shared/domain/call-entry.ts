import { z } from 'zod';
import { Fault } from './fault.ts';
import type { Entry } from './ledger.ts';
import { rights } from './right.ts';

/** How a call ended, in the words of the audit trail. */
export const callOutcomes = ['success', 'refused', 'authorization-failure', 'error'] as const;

const call = {
  /** Name of the caller; the entry's actor has the object id. */
  byName: z.string(),
  right: z.enum(rights),
  method: z.string(),
  /** Path and query. Bodies are never here: what a call changed stands in the journal it changed. */
  path: z.string(),
  /** The same in a line, for the trail. */
  summary: z.string(),
};

/** Every entry that a journal of calls can have. What changes something is written down before and after, reading only after. */
export const callEntrySchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('call-begun'), data: z.strictObject(call) }),
  z.strictObject({
    type: z.literal('call-ended'),
    data: z.strictObject({ ...call, status: z.int(), outcome: z.enum(callOutcomes) }),
  }),
]);
export type CallEntry = z.infer<typeof callEntrySchema>;

/** A call to the API: who, with which right, and what. */
export interface ApiCall {
  readonly by: string;
  readonly byName: string;
  readonly right: (typeof rights)[number];
  readonly method: string;
  readonly path: string;
}

/** What is written down of a call: that it began (null), or how it ended. */
export function callEntry({ byName, right, method, path }: ApiCall, status: number | null): CallEntry {
  const about = { byName, right, method, path };
  if (status === null) return { type: 'call-begun', data: { ...about, summary: `${method} ${path}` } };
  const summary = `${status} ${method} ${path}`;
  return { type: 'call-ended', data: { ...about, summary, status, outcome: outcomeOf(status) } };
}

function outcomeOf(status: number): (typeof callOutcomes)[number] {
  if (status < 400) return 'success';
  if (status === 401 || status === 403) return 'authorization-failure';
  return status < 500 ? 'refused' : 'error';
}

const secret = /([?&][^=&]*(?:code|key|token|secret|sig|password)[^=&]*=)[^&]*/gi;

/** Path and query of an address, without what looks like a secret, at most 300 characters. */
export function pathOf(address: string): string {
  const { pathname, search } = new URL(address, 'http://localhost');
  return `${pathname}${search.replace(secret, '$1…')}`.slice(0, 300);
}

/** Journal of the calls that one process took in one hour: no two write to the same, and none grows for ever. */
export function callJournal(now: string, worker: string): string {
  return `calls-${now.slice(0, 13)}-${worker.slice(0, 8)}`;
}

/** An entry of a journal of calls, checked. @throws Fault `halt` where the ledger holds something else */
export function callEntryOf(entry: Entry): CallEntry {
  const parsed = callEntrySchema.safeParse({ type: entry.type, data: entry.data });
  if (parsed.success) return parsed.data;
  const message = `Entry ${entry.sequence} of ${entry.journal} is not one a journal of calls can have.`;
  throw new Fault('halt', 'ledger-unreadable', message);
}
