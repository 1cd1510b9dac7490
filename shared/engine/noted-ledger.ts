import type { Entry } from '../domain/ledger.ts';
import type { Clock, Ledger } from '../ports.ts';
import type { Backlog } from '../ports-custody.ts';

/** How long one note stands for every entry of its journal, in milliseconds: then the next entry is noted again. */
export const noteStandsMs = 5_000;

/**
 * How long a note is kept at least, in milliseconds, however often it was worked through: an entry written at the end of
 * `noteStandsMs` has arrived by then, since a call to storage takes ten seconds at most.
 */
export const noteKeptMs = 20_000;

/** What this process remembers; forgetting costs a note. */
const mostRemembered = 10_000;

/**
 * The same ledger, which notes in the backlog what it is about to write. The note comes first: a process that dies between
 * the two leaves a note without an entry, which is found to be one, and never an entry that no seal and no search finds.
 * Where a process was asleep for longer than a note is kept, the patrol finds what it wrote.
 */
export function notedLedger(ledger: Ledger, backlog: Backlog, clock: Clock): Ledger {
  const noted = new Map<string, number>();
  const note = async (journal: string, previous: Entry | null) => {
    const at = clock();
    if (Date.parse(at) - (noted.get(journal) ?? 0) < noteStandsMs) return;
    await backlog.add({ journal, sequence: (previous?.sequence ?? 0) + 1, at });
    if (noted.size >= mostRemembered) noted.clear();
    noted.set(journal, Date.parse(at));
  };
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
