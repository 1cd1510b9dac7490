import type { Json } from './json.ts';

/** What to do about an error. One table, handled in one place: `shared/edge.ts`. */
export type Disposition = 'reject' | 'refuse' | 'conflict' | 'retry' | 'uncertain' | 'halt';

/** What the receiver of a queue message does with it. */
export type Settlement = 'complete' | 'give-back' | 'schedule' | 'dead-letter';

interface DispositionRow {
  readonly meaning: string;
  readonly queue: Settlement;
  readonly status: number;
}

/** The six dispositions, and nothing else. */
export const dispositions: Readonly<Record<Disposition, DispositionRow>> = {
  reject: { meaning: 'the input is wrong', queue: 'complete', status: 400 },
  refuse: { meaning: 'policy says no', queue: 'complete', status: 403 },
  conflict: { meaning: 'someone was faster', queue: 'give-back', status: 409 },
  retry: { meaning: 'not now', queue: 'schedule', status: 503 },
  uncertain: { meaning: 'it may have happened', queue: 'give-back', status: 503 },
  halt: { meaning: 'an invariant is broken', queue: 'dead-letter', status: 500 },
};

interface FaultOptions {
  /** Facts for the log and the sender. Never secrets. */
  readonly detail?: Json;
  /** HTTP status where the disposition's own is not exact enough (401, 404, 413, 415 …). */
  readonly status?: number;
  /** Milliseconds the far side asked us to wait. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** An error that says what to do about it. `code` is stable and machine-readable; `message` is one sentence for a person. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly disposition: Disposition;
  readonly code: string;
  readonly status: number;
  readonly detail: Json | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(disposition: Disposition, code: string, message: string, options: FaultOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.disposition = disposition;
    this.code = code;
    this.status = options.status ?? dispositions[disposition].status;
    this.detail = options.detail;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/**
 * Anything thrown, as a Fault. What nobody foresaw breaks an invariant, so it is a `halt`;
 * its message stays in `cause`, for the log, and never reaches a caller.
 */
export function toFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  return new Fault('halt', 'unforeseen', 'Something unforeseen went wrong; it was logged and a person is needed.', {
    cause: error,
  });
}
