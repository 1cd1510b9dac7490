import { Fault } from '../../domain/fault.ts';
import { canonical } from '../../domain/json.ts';
import { type Entry, type EntryBody, entriesAfter } from '../../domain/ledger.ts';
import type { Ledger } from '../../ports.ts';
import type { Journals } from '../../ports-custody.ts';
import { checkAppendAll } from '../keys.ts';

/** A ledger that lasts as long as the process. */
export function memoryLedger(): Ledger & Journals {
  const journals = new Map<string, Map<number, Entry>>();
  const appendAll = (journal: string, previous: Entry | null, bodies: readonly EntryBody[]): readonly Entry[] => {
    checkAppendAll(journal, previous, bodies);
    // A copy, as any other ledger would make: what the caller does to its object later is not in the log.
    const entries = entriesAfter(journal, previous, bodies).map(kept);
    const standing = journals.get(journal) ?? new Map<number, Entry>();
    for (const { sequence, hash } of entries)
      if ((standing.get(sequence)?.hash ?? hash) !== hash)
        throw new Fault('conflict', 'ledger-conflict', `Entry ${sequence} of ${journal} is somebody else's.`);
    for (const entry of entries) standing.set(entry.sequence, entry);
    if (entries.length > 0) journals.set(journal, standing);
    return entries;
  };
  const read = async (journal: string) =>
    [...(journals.get(journal)?.values() ?? [])].sort((one, other) => one.sequence - other.sequence);
  return {
    read,
    append: async (journal, previous, body) => {
      const [entry] = appendAll(journal, previous, [body]);
      if (!entry) throw new Fault('halt', 'ledger-entry', 'An entry was to be written, and none was.');
      return entry;
    },
    appendAll: async (journal, previous, bodies) => appendAll(journal, previous, bodies),
    after: async (journal, limit) => {
      const names = [...journals.keys()].filter((name) => name > (journal ?? '')).sort();
      const found: Entry[] = [];
      for (const name of names) {
        const entries = await read(name);
        if (found.length > 0 && found.length + entries.length > limit) break;
        found.push(...entries);
      }
      return found;
    },
  };
}

/** An entry as a table would hold it: its data as canonical text, read back. */
function kept(entry: Entry): Entry {
  return { ...entry, data: JSON.parse(canonical(entry.data)) };
}
