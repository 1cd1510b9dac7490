import type { Entry } from '../domain/ledger.ts';
import type { BacklogItem, BacklogReader } from '../ports-custody.ts';
import type { Custody } from './custody.ts';
import { noteKeptMs } from './noted-ledger.ts';

/** An append is over long before this, in milliseconds; what was noted and not written by then never will be. */
const neverMs = 24 * 60 * 60_000;

/** One journal of the backlog with everything in it. */
export interface Waiting {
  readonly journal: string;
  /** The first entry that was noted. */
  readonly first: number;
  readonly entries: readonly Entry[];
}

/** What one reader has to do. */
export interface Work {
  readonly waiting: readonly Waiting[];
  /** Items that are over once that is done: their entries are there, or never will be. */
  readonly over: readonly BacklogItem[];
}

/** Is nothing more to come of a note: its entries are there and it stood long enough, or they never will be? */
function isOver({ sequence, at }: BacklogItem, entries: number, now: string): boolean {
  const age = Date.parse(now) - Date.parse(at);
  return entries >= sequence ? age > noteKeptMs : age > neverMs;
}

/** Opens the journals that one reader has to look at. @param limit of items */
export async function workOf({ backlog, ledger, clock }: Custody, reader: BacklogReader, limit: number): Promise<Work> {
  const items = await backlog.open(reader, limit);
  const waiting: Waiting[] = [];
  const over: BacklogItem[] = [];
  for (const [journal, noted] of Map.groupBy(items, (item) => item.journal)) {
    const entries = await ledger.read(journal);
    const first = Math.min(...noted.map(({ sequence }) => sequence));
    if (entries.length >= first) waiting.push({ journal, first, entries });
    over.push(...noted.filter((item) => isOver(item, entries.length, clock())));
  }
  return { waiting, over };
}
