import { Fault } from '../domain/fault.ts';

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

/** What a far side's refusal means for us. */
export function faultOf(refused: Refused): Fault {
  const { what, status, code, message, writes } = refused;
  const detail = { what, status, code };
  const text = `${what} answered ${status} ${code}: ${message}`;
  if (status === 429 || status === 503 || status === 423)
    return new Fault('retry', 'busy', text, { detail, retryAfterMs: retryAfterMs(refused.retryAfter, refused.date) });
  if (status >= 500) return new Fault(writes ? 'uncertain' : 'retry', 'far-side-failed', text, { detail });
  if (status === 409) return new Fault('conflict', 'far-side-conflict', text, { detail });
  if (status === 403 || status === 412) return new Fault('refuse', 'forbidden', text, { detail });
  if (status === 400) return new Fault('reject', 'far-side-rejects', text, { detail, status: 500 });
  return new Fault('halt', status === 401 ? 'not-authenticated' : 'unexpected-status', text, { detail });
}

/** Codes of connections that were never made: nothing was sent, so nothing happened. */
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

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

const longestMs = 300_000;

/**
 * `Retry-After` in milliseconds, from seconds or an HTTP date (RFC 9110 §10.2.3), a date against the far side's own
 * clock; at most 5 minutes, and 5 seconds where it says nothing usable.
 */
export function retryAfterMs(retryAfter: string | null, date: string | null): number {
  const seconds = /^\s*\d+\s*$/.test(retryAfter ?? '');
  const ms = seconds ? Number(retryAfter) * 1000 : Date.parse(retryAfter ?? '') - Date.parse(date ?? '');
  return Number.isFinite(ms) && ms >= 0 ? Math.min(ms, longestMs) : 5000;
}

/** An object id, lower case. @throws Fault `reject` before anything is asked: nothing else goes into a path */
export function guid(id: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return id.toLowerCase();
  throw new Fault('reject', 'not-an-id', `${JSON.stringify(id.slice(0, 80))} is not an object id.`);
}
