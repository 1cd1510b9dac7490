import {
  type AuditEntry,
  auditEntryOf,
  auditJournalFor,
  auditJournals,
  type Channel,
  unknownShard,
} from '../domain/audit-entry.ts';
import { type Fault, toFault } from '../domain/fault.ts';
import { type JsonObject, toJson } from '../domain/json.ts';
import { type Entry, type EntryBody, firstBreak } from '../domain/ledger.ts';
import type { Clock, Ledger, Log } from '../ports.ts';
import { quell } from './actor.ts';

interface Parts {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The last entry of each journal as this process knows it, so that an entry costs one write and not a reading of the
 * whole day. One after the other: two that are alike to the millisecond would else be taken for one.
 */
const queues = new WeakMap<Ledger, Map<string, Promise<Entry | null>>>();

/** How often an entry is written again where somebody else was faster. */
const attempts = 30;

/** What those who are not known may leave behind in a day; the rest is in the log only. */
const mostUnknown = 1000;

/**
 * Writes an entry outside of every run, into the journal of the day. Never throws: whoever is refused stays refused,
 * also where that cannot be written down; then the log has it.
 */
export async function audit(parts: Parts, { type, data }: AuditEntry): Promise<void> {
  const { ledger, clock, log } = parts;
  const time = clock();
  const journal = auditJournalFor(time, data.by);
  log.warn({ ...data, journal }, `audit: ${type}`);
  const actor = data.by === null ? quell : `person:${data.by}`;
  try {
    await append(ledger, journal, { time, type, actor, data: toJson(data) });
  } catch (error) {
    const { code, cause } = toFault(error);
    log.error({ journal, code, cause }, 'an audit entry could not be written');
  }
}

async function append(ledger: Ledger, journal: string, body: EntryBody): Promise<void> {
  const queue = queues.get(ledger) ?? new Map<string, Promise<Entry | null>>();
  queues.set(ledger, queue);
  const written = (queue.get(journal) ?? Promise.resolve(null)).then((last) => write(ledger, journal, last, body));
  const last = written.catch(() => null);
  queue.set(journal, last);
  await written;
}

async function write(ledger: Ledger, journal: string, known: Entry | null, body: EntryBody): Promise<Entry | null> {
  let previous = known;
  for (let attempt = 1; ; attempt += 1) {
    previous ??= (await ledger.read(journal)).at(-1) ?? null;
    if (journal.endsWith(unknownShard) && (previous?.sequence ?? 0) >= mostUnknown) return previous;
    try {
      return await ledger.append(journal, previous, body);
    } catch (error) {
      if (toFault(error).disposition !== 'conflict' || attempt === attempts) throw error;
      previous = null;
    }
  }
}

/** Who tried what, as far as it is known. */
export interface Attempt {
  readonly what: 'decision' | 'undo' | 'execution';
  readonly channel: Channel | 'engine';
  readonly run: string | null;
  readonly by: string | null;
  readonly byName: string | null;
}

/** Does the work; where it is refused, for whatever reason, exactly one audit entry says so before the fault goes on. */
export async function withAudit<T>(parts: Parts, attempt: Attempt, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const fault = toFault(error);
    await auditRefusal(parts, attempt, fault);
    throw fault;
  }
}

/** One entry that says that this was refused. */
export function auditRefusal(
  parts: Parts,
  attempt: Attempt,
  { code, message }: Pick<Fault, 'code' | 'message'>,
): Promise<void> {
  return audit(parts, { type: 'refused', data: { ...attempt, code, reason: message.slice(0, 500) } });
}

/** Everything in the audit journals of a day (`2026-11-28`), oldest first, and where a chain is broken. */
export async function readAudit({ ledger }: Pick<Parts, 'ledger'>, day: string): Promise<JsonObject> {
  const journals = await Promise.all(auditJournals(day).map((journal) => ledger.read(journal)));
  const entries = journals.flat().sort((a, b) => a.time.localeCompare(b.time) || a.sequence - b.sequence);
  for (const entry of entries) auditEntryOf(entry);
  const breaks = journals.flatMap((all) => {
    const found = firstBreak(all);
    return found === null ? [] : [{ journal: all[0]?.journal ?? '', ...found }];
  });
  return toJson({ day, entries, breaks });
}
