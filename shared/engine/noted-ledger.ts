import type { Entry } from '../domain/ledger.ts';
import type { Backlog, Clock, Ledger } from '../ports.ts';

/**
 * The same ledger, which notes in the backlog what it is about to write. The note comes first: a process that dies between
 * the two leaves a note without an entry, which is found to be one, and never an entry that no seal and no search finds.
 */
export function notedLedger(ledger: Ledger, backlog: Backlog, clock: Clock): Ledger {
  const note = (journal: string, previous: Entry | null) =>
    backlog.add({ journal, sequence: (previous?.sequence ?? 0) + 1, at: clock() });
  return {
    ...ledger,
    append: async (journal, previous, body) => {
      await note(journal, previous);
      return ledger.append(journal, previous, body);
    },
    appendAll: async (journal, previous, bodies) => {
      if (bodies.length > 0) await note(journal, previous);
      return ledger.appendAll(journal, previous, bodies);
    },
  };
}
