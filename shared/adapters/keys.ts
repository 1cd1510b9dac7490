import { Fault } from '../domain/fault.ts';
import type { Entry, EntryBody } from '../domain/ledger.ts';

const journalName = /^[\w.:@|-]{1,200}$/;

/** Could a journal have this name? What a table cannot hold as a key was never written. */
export function isJournalName(name: string): boolean {
  return journalName.test(name);
}

/**
 * Refuses what a ledger could not hand back exactly as it came.
 * @throws Fault `halt`
 */
export function checkAppend(journal: string, previous: Entry | null, body: EntryBody): void {
  const halt = (code: string, message: string) => new Fault('halt', code, message, { detail: { journal } });
  if (!isJournalName(journal)) throw halt('ledger-name', 'No journal can have this name.');
  if (previous && previous.journal !== journal)
    throw halt('ledger-chain', 'An entry cannot follow one of another journal.');
  for (const text of [body.time, body.type, body.actor])
    if (text.length > 1_000 || !text.isWellFormed())
      throw halt('ledger-entry', 'Time, type and actor of an entry are short, well-formed text.');
}

/** Most entries written together: an entity group transaction holds 100 (Performing entity group transactions). */
const mostTogether = 100;

/** The same for entries that are written together. @throws Fault `halt` */
export function checkAppendAll(journal: string, previous: Entry | null, bodies: readonly EntryBody[]): void {
  for (const body of bodies) checkAppend(journal, previous, body);
  if (bodies.length <= mostTogether) return;
  throw new Fault('halt', 'ledger-entry', `At most ${mostTogether} entries are written together.`, {
    detail: { journal, entries: bodies.length },
  });
}

/** RowKey of an entry: rows of a partition come in the order of this text. */
export function rowKeyOf(sequence: number): string {
  return String(sequence).padStart(10, '0');
}

/**
 * Any text as a legal table key, and never the same for two texts. Keys allow no `/ \ # ?` and no control characters
 * (Understanding the Table service data model); `%` is legal but decoded twice by some clients, so `=` stands for it.
 * @throws Fault `halt` where the text is empty, ill-formed or too long
 */
export function keyOf(text: string): string {
  const key = text.isWellFormed() ? encodeURIComponent(text).replaceAll('%', '=') : '';
  // A key has 1 KiB in UTF-16, which is 512 characters; what stands before and after it takes some of them.
  if (key === '' || key.length > 450)
    throw new Fault('halt', 'storage-key', 'This text cannot be a key in storage.', {
      detail: { text: text.slice(0, 100).toWellFormed(), length: text.length },
    });
  return key;
}

/**
 * One way to write a time, so that the order of the texts is the order of the times.
 * @throws Fault `halt` where it is no time
 */
export function instantOf(time: string): string {
  const ms = Date.parse(time);
  if (Number.isNaN(ms)) throw new Fault('halt', 'storage-time', 'This is no time.', { detail: { time } });
  return new Date(ms).toISOString();
}

/**
 * A message or session id, which has 128 characters at most (Service Bus quotas).
 * @throws Fault `halt` where it has more, or none
 */
export function messageKeyOf(text: string): string {
  if (text === '' || text.length > 128)
    throw new Fault('halt', 'bus-key', 'This text cannot be the id of a message or a session.', {
      detail: { text: text.slice(0, 100), length: text.length },
    });
  return text;
}
