import { later } from '../../domain/duration.ts';
import type { Period } from '../../domain/period.ts';
import type { History } from '../../domain/report-rows.ts';
import { runOf } from '../../domain/run.ts';
import { runEntryOf } from '../../domain/run-entry.ts';
import type { Index, Ledger, ListedRun } from '../../ports.ts';

/**
 * How long before a period a run may have begun to be looked at: a question stands for days, a staged deletion for a month,
 * and each may be put off. What is older and still not ended is not found by reports.
 */
export const lookBackMs = 120 * 86_400_000;

/** Runs that are listed with one request, and journals that are read at the same time. */
const page = 200;
const atOnce = 8;

/** The most runs a report looks at; the newest come first. */
export const mostRuns = 20_000;

/**
 * The runs that may have an entry in the period, newest first, each up to the end of the period: what happened later is
 * not in it, so that a report says the same whenever it is made. One page of runs is held at a time.
 * @returns whether there were more than `most`
 */
export async function* historiesIn(
  { index, ledger }: { index: Index; ledger: Ledger },
  period: Pick<Period, 'from' | 'to'>,
  most: number = mostRuns,
): AsyncGenerator<History, boolean> {
  let seen = 0;
  for await (const listed of listedIn(index, period)) {
    const some = listed.slice(0, most - seen);
    seen += some.length;
    const read = await Promise.all(some.map(({ run }) => historyOf(ledger, run, period.to)));
    for (const history of read) if (history) yield history;
    if (some.length < listed.length) return true;
  }
  return false;
}

/** Runs in portions that are read at the same time. */
async function* listedIn(
  index: Index,
  { from, to }: Pick<Period, 'from' | 'to'>,
): AsyncGenerator<readonly ListedRun[], void> {
  const query = { from: later(from, -lookBackMs), before: to, limit: page };
  let after: ListedRun | undefined;
  do {
    const listed = await index.runs(after ? { ...query, after } : query);
    for (let first = 0; first < listed.length; first += atOnce) yield listed.slice(first, first + atOnce);
    after = listed.length < page ? undefined : listed.at(-1);
  } while (after);
}

/** A run as it stood at that time; null where it had not been opened, or was listed and never opened. */
async function historyOf(ledger: Ledger, id: string, to: string): Promise<History | null> {
  const entries = (await ledger.read(id)).filter(({ time }) => time < to);
  return entries.length === 0 ? null : { run: runOf(id, entries), entries: entries.map(runEntryOf) };
}
