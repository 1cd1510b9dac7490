import type { Entry } from '../domain/ledger.ts';
import type { Clock, Ledger } from '../ports.ts';
import type { Backlog } from '../ports-custody.ts';

/** How long one note stands for every entry of its journal, in milliseconds: then the next entry is noted again. */
export const noteStandsMs = 5_000;

/**
 * How long a note is kept at least, in milliseconds, however often it was worked through: the second entry of a journal is
 * written up to `noteStandsMs` after the first, that one up to `noteStandsMs` after its note, and a call to storage takes ten
 * seconds at most. The rest is for clocks that differ.
 */
export const noteKeptMs = 30_000;

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
    if (Date.parse(at) - (noted.get(journal) ?? 0) < noteStandsMs || justBegun(previous, at)) return;
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

/** Was the first entry written a moment ago? Nobody writes one without a note, and it stands for the second. */
function justBegun(previous: Entry | null, at: string): boolean {
  if (previous?.sequence !== 1) return false;
  const age = Date.parse(at) - Date.parse(previous.time);
  return age >= 0 && age < noteStandsMs;
}
