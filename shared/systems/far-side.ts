import { type Disposition, Fault } from '../domain/fault.ts';

/** An answer of a far side that is not success. */
export interface Refused {
  /** What was asked, for the log: `GET graph/users/…`. */
  readonly what: string;
  readonly status: number;
  /** The far side's own code, such as `Authorization_RequestDenied`. */
  readonly code: string;
  readonly message: string;
  /** Its `Retry-After` and `Date` headers. */
  readonly retryAfter: string | null;
  readonly date: string | null;
  /** Was something to be changed? Then an error may still have changed it. */
  readonly writes: boolean;
}

/** How long one call may take, in milliseconds. */
export const callMs = 10_000;

interface Meaning {
  readonly disposition: Disposition;
  readonly code: string;
}

/** What each status means, whatever was asked. */
const meanings: Readonly<Record<number, Meaning>> = {
  400: { disposition: 'reject', code: 'far-side-rejects' },
  // Comes before anything is done, and passes: a rolled key, a clock, an access taken back and given again.
  401: { disposition: 'retry', code: 'not-authenticated' },
  403: { disposition: 'refuse', code: 'forbidden' },
  404: { disposition: 'halt', code: 'not-found' },
  409: { disposition: 'conflict', code: 'far-side-conflict' },
  // We send no `If-Match`, so no version has changed: it is a rule, such as "the last RBAC admin assignment".
  412: { disposition: 'refuse', code: 'forbidden' },
  423: { disposition: 'retry', code: 'busy' },
  429: { disposition: 'retry', code: 'busy' },
};

/** Codes that say more than their status: a rule stands against the call, and coming again does not help. */
const ruledOut: ReadonlySet<string> = new Set([
  'ScopeLocked',
  'RoleAssignmentLimitExceeded',
  'RoleAssignmentUpdateNotPermitted',
]);

/** What a far side's refusal means for us. */
export function faultOf(refused: Refused): Fault {
  const { what, status, code: said, message } = refused;
  const wait = retryAfterMs(refused.retryAfter, refused.date);
  const { disposition, code } = meaningOf(refused, wait);
  return new Fault(disposition, code, `${what} answered ${status} ${said}: ${message.slice(0, 300)}`, {
    detail: { what, status, code: said },
    ...(disposition === 'retry' ? { retryAfterMs: wait ?? (status === 401 ? unauthenticatedMs : unsaidMs) } : {}),
    ...(disposition === 'uncertain' && wait !== null ? { retryAfterMs: wait } : {}),
    // What the far side rejects is ours: nobody who called us sent it.
    ...(disposition === 'reject' ? { status: 500 } : {}),
  });
}

function meaningOf({ status, code, writes }: Refused, wait: number | null): Meaning {
  if (ruledOut.has(code)) return { disposition: 'refuse', code };
  const known = meanings[status];
  if (known) return known.disposition === 'refuse' && code !== 'unknown' ? { ...known, code } : known;
  if (status !== 408 && status < 500) return { disposition: 'halt', code: 'unexpected-status' };
  // A far side that names a time to come again has not begun; any other failure may have happened after the change.
  const notBegun = status === 503 && wait !== null;
  return notBegun || !writes
    ? { disposition: 'retry', code: status === 503 ? 'busy' : 'far-side-failed' }
    : { disposition: 'uncertain', code: 'far-side-failed' };
}

/** Codes of connections that were never made: nothing was sent, so nothing happened. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** What it means that no answer came. */
export function silence(what: string, writes: boolean, cause: unknown): Fault {
  const happened = writes && !codesOf(cause).some((code) => neverSent.has(code));
  return happened
    ? new Fault('uncertain', 'no-answer', `${what} gave no answer; it may have happened.`, { cause })
    : new Fault('retry', 'not-reached', `${what} could not be reached.`, { cause });
}

function codesOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [];
  const code = 'code' in error && typeof error.code === 'string' ? [error.code] : [];
  return [...code, ...codesOf(error.cause)];
}

/** A day: whoever names a longer time is not to be believed, and coming back once a day does no harm. */
const longestMs = 86_400_000;
const unsaidMs = 5000;
/** The managed identity credential gives the same token until it renews it; asking more often asks nothing new. */
const unauthenticatedMs = 60_000;

/** `Sun, 06 Nov 1994 08:49:37 GMT`, the only form a sender may use (RFC 9110 §5.6.7); `Date.parse` alone takes `-5` for a date. */
const httpDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * `Retry-After` in milliseconds, from seconds or an HTTP date (RFC 9110 §10.2.3), a date against the far side's own
 * clock; at most a day, and null where it says nothing usable.
 */
export function retryAfterMs(retryAfter: string | null, date: string | null): number | null {
  const text = retryAfter?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, longestMs);
  if (!httpDate.test(text) || !httpDate.test(date ?? '')) return null;
  const wait = Date.parse(text) - Date.parse(date ?? '');
  return Number.isNaN(wait) ? null : Math.min(Math.max(wait, 0), longestMs);
}

/** An object id, lower case. @throws Fault `reject` before anything is asked: nothing else goes into a path */
export function guid(id: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return id.toLowerCase();
  throw new Fault('reject', 'not-an-id', `${JSON.stringify(id.slice(0, 80))} is not an object id.`);
}
