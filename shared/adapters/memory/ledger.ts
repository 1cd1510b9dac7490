import { Fault } from '../../domain/fault.ts';
import { type Entry, entryAfter } from '../../domain/ledger.ts';
import type { Ledger } from '../../ports.ts';
import { checkAppend } from '../keys.ts';

/** A ledger that lasts as long as the process. */
export function memoryLedger(): Ledger {
  const journals = new Map<string, Map<number, Entry>>();
  return {
    read: async (journal) =>
      [...(journals.get(journal)?.values() ?? [])].sort((one, other) => one.sequence - other.sequence),
    append: async (journal, previous, body) => {
      checkAppend(journal, previous, body);
      // A copy, as any other ledger would make: what the caller does to its object later is not in the log.
      const entry = structuredClone(entryAfter(journal, previous, body));
      const entries = journals.get(journal) ?? new Map<number, Entry>();
      const standing = entries.get(entry.sequence);
      if (standing && standing.hash !== entry.hash)
        throw new Fault('conflict', 'ledger-conflict', `Entry ${entry.sequence} of ${journal} is somebody else's.`);
      journals.set(journal, entries.set(entry.sequence, entry));
      return entry;
    },
  };
}
