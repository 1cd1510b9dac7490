import { callEntry, callJournal } from '../domain/call-entry.ts';
import { Fault, toFault } from '../domain/fault.ts';
import { toJson } from '../domain/json.ts';
import type { Entry, EntryBody } from '../domain/ledger.ts';
import type { Clock, Ledger, RecordCall } from '../ports.ts';

/** A call waits no longer than this to be written down, in milliseconds. */
const patienceMs = 3000;

/** What one transaction of the ledger takes. */
const atOnce = 100;

/** More than this many waiting, and the next are turned away: storage does not keep up. */
const mostWaiting = 1000;

interface Waiting {
  readonly body: EntryBody;
  readonly written: PromiseWithResolvers<void>;
}

/**
 * Writes calls into the ledger: one journal for this process and hour, so that nobody is ever faster. Calls that come while
 * others are being written are written together, in one transaction: under load, a call costs a small part of a write.
 */
export function callRecorder(parts: { ledger: Ledger; clock: Clock; worker: string }): RecordCall {
  const write = journalWriter(parts);
  const waiting: Waiting[] = [];
  let busy = false;
  const work = async () => {
    busy = true;
    while (waiting.length > 0) {
      const some = waiting.splice(0, atOnce);
      const failed = await write(some.map(({ body }) => body)).then(() => null, toFault);
      for (const { written } of some)
        if (failed) written.reject(failed);
        else written.resolve();
    }
    busy = false;
  };
  return async (call, status) => {
    if (waiting.length >= mostWaiting) throw unrecorded();
    const { type, data } = callEntry(call, status);
    const body = { time: parts.clock(), type, actor: `person:${call.by}`, data: toJson(data) };
    const written = Promise.withResolvers<void>();
    waiting.push({ body, written });
    if (!busy) void work();
    await inTime(written.promise).catch((error: unknown) => {
      throw unrecorded(error);
    });
  };
}

/** Appends to the journal of the hour after what this process wrote last; where that is not known, it is read. */
function journalWriter({ ledger, clock, worker }: { ledger: Ledger; clock: Clock; worker: string }) {
  let journal = '';
  let last: Entry | null | undefined;
  return async (bodies: readonly EntryBody[]): Promise<void> => {
    const current = callJournal(clock(), worker);
    // A journal of a new hour is empty, but for a worker with the same beginning of its name; then there is a conflict.
    if (current !== journal) last = null;
    journal = current;
    try {
      last ??= last === null ? null : ((await ledger.read(journal)).at(-1) ?? null);
      last = (await ledger.appendAll(journal, last, bodies)).at(-1) ?? last;
    } catch (error) {
      last = undefined;
      throw error;
    }
  };
}

async function inTime(written: Promise<void>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`not written in ${patienceMs} ms`)), patienceMs);
  return Promise.race([written, promise]).finally(() => clearTimeout(timer));
}

function unrecorded(cause?: unknown): Fault {
  const message = 'This call cannot be written down now, so it is not answered.';
  return new Fault('retry', 'call-unrecorded', message, { retryAfterMs: 5000, cause });
}
