import { later } from '../domain/duration.ts';
import { Fault } from '../domain/fault.ts';
import { cursorOf, placeOf } from '../domain/page.ts';
import { type Run, runOf } from '../domain/run.ts';
import { type Selection, selects } from '../domain/selection.ts';
import { type Summary, summaryOf } from '../domain/summary.ts';
import type { Clock, Index, Ledger, ListPlace } from '../ports.ts';

/** What selecting reads. */
export interface SelectParts {
  readonly ledger: Pick<Ledger, 'read'>;
  readonly index: Pick<Index, 'runs'>;
  readonly clock: Clock;
}

/** One run that is meant. */
export interface Selected {
  readonly run: Run;
  readonly summary: Summary;
}

/** Some of the runs that are meant, newest first. */
export interface SelectedPage {
  readonly runs: readonly Selected[];
  /** Where to go on; null where there is no more. */
  readonly next: string | null;
  /** How many runs of the list were looked at. */
  readonly looked: number;
}

/** How many runs of the list one page looks at: the work of one call is bounded, whatever is meant. */
export const mostLooked = 50;

/** The next runs that are meant, after the cursor. @throws Fault `reject` for a cursor that is none */
export async function select(
  parts: SelectParts,
  selection: Selection,
  cursor: string | null,
  limit = mostLooked,
): Promise<SelectedPage> {
  const listed = await parts.index.runs({ limit, ...within(selection), ...startOf(cursor), ...ofIdentity(selection) });
  const now = parts.clock();
  const runs: Selected[] = [];
  for (const { run: id } of listed) {
    const entries = await parts.ledger.read(id);
    // The list is written before the journal: a run that was never opened is in it and nowhere else.
    if (entries.length === 0) continue;
    const run = runOf(id, entries);
    const summary = summaryOf(run, now);
    if (selects(selection, summary)) runs.push({ run, summary });
  }
  const last = listed.at(-1);
  return { runs, next: last && listed.length === limit ? cursorOf(last) : null, looked: listed.length };
}

/** `until` belongs to it, and the list ends before a time. */
function within({ since, until }: Selection): { from?: string; before?: string } {
  return {
    ...(since === undefined ? {} : { from: since }),
    ...(until === undefined ? {} : { before: later(until, 1) }),
  };
}

function startOf(cursor: string | null): { after?: ListPlace } {
  if (cursor === null) return {};
  const after = placeOf(cursor);
  if (!after) throw new Fault('reject', 'wrong-cursor', `${cursor.slice(0, 100)} is no place to go on from.`);
  return { after };
}

/** The list of one identity is by object id; a name has to be looked for. */
function ofIdentity({ identity }: Selection): { identity?: string } {
  return identity !== undefined && /^[0-9a-f-]{36}$/i.test(identity) ? { identity } : {};
}
