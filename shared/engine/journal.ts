import type { JsonObject } from '../domain/json.ts';
import { toJson } from '../domain/json.ts';
import type { Entry } from '../domain/ledger.ts';
import { type Run, runOf } from '../domain/run.ts';
import type { RunEntry } from '../domain/run-entry.ts';
import type { Clock, Ledger } from '../ports.ts';

/** The journal of one run while somebody works on it: what is in it, and the way to write the next entry. */
export interface Journal {
  readonly run: () => Run;
  /** Number of its last entry. */
  readonly sequence: () => number;
  /** @throws Fault `conflict` where somebody else wrote first */
  readonly append: <T extends RunEntry['type']>(
    type: T,
    data: Extract<RunEntry, { type: T }>['data'],
    actor?: string,
  ) => Promise<void>;
}

/** Who writes what no person decided. */
export const quell = 'quell';

/** Opens the journal of a run. @throws Fault `reject` (404) where there is no such run */
export async function openJournal(parts: { ledger: Ledger; clock: Clock }, id: string): Promise<Journal> {
  const entries: Entry[] = [...(await parts.ledger.read(id))];
  runOf(id, entries);
  return {
    run: () => runOf(id, entries),
    sequence: () => entries.length,
    append: async (type, data, actor = quell) => {
      const body = { time: parts.clock(), type, actor, data: toJson(data) satisfies JsonObject };
      entries.push(await parts.ledger.append(id, entries.at(-1) ?? null, body));
    },
  };
}
