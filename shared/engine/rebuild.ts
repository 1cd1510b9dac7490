import { alertEntryOf } from '../domain/alert-entry.ts';
import { auditRecords } from '../domain/audit-record.ts';
import type { Entry } from '../domain/ledger.ts';
import { next } from '../domain/move.ts';
import { type Run, runOf } from '../domain/run.ts';
import type { OpenItem } from '../ports.ts';
import type { Custody } from './custody.ts';

/** What one step of the rebuilding did, and whether it was the last. */
export interface Rebuilt {
  readonly removed: number;
  readonly journals: number;
  readonly entries: number;
  readonly done: boolean;
}

/** What one step takes on: some seconds of work. */
const rowsAtOnce = 5000;
const entriesAtOnce = 1000;

/** Before the journals, while rows are removed: no journal has such a name. */
const clearing = ' ';

/**
 * One step of building everything derived again from the ledger: removes the lists and the trail, then enters journal after
 * journal. It goes on where the step before ended, whoever made that; until it is done, searches are answered with "later".
 * What is open is replaced as it is met and never removed, so that no run is forgotten meanwhile.
 */
export async function rebuildStep(custody: Custody): Promise<Rebuilt> {
  const { backlog, index, trail, journals } = custody;
  const at = (await backlog.walkedTo('rebuild')) ?? clearing;
  if (at === clearing) {
    await backlog.setWalkedTo('rebuild', clearing);
    const removed = (await index.clear(rowsAtOnce)) || (await trail.clear(rowsAtOnce));
    if (removed > 0) return { removed, journals: 0, entries: 0, done: false };
  }
  const entries = await journals.after(at === clearing ? null : at, entriesAtOnce);
  const found = Map.groupBy(entries, ({ journal }) => journal);
  for (const [journal, of] of found) await enterJournal(custody, journal, of);
  await backlog.setWalkedTo('rebuild', entries.at(-1)?.journal ?? null);
  return { removed: 0, journals: found.size, entries: entries.length, done: entries.length === 0 };
}

async function enterJournal(custody: Custody, journal: string, entries: readonly Entry[]): Promise<void> {
  await custody.trail.put(auditRecords(entries));
  if (journal.startsWith('run-')) await enterRun(custody, journal, entries);
  if (journal.startsWith('alert-')) await enterAlert(custody, journal, entries);
}

/** A run that is not over is looked at now: whoever looks sees what is to be done, and when to look again. */
async function enterRun({ index, ledger, clock }: Custody, id: string, entries: readonly Entry[]): Promise<void> {
  const run = runOf(id, entries);
  const { alert, identity } = run.opened;
  const now = clock();
  const over = isOver(run, now);
  const item: OpenItem = { journal: id, kind: 'run', session: identity.id, due: now };
  const receivedAt = receivedAtOf(await ledger.read(alert)) ?? run.openedAt;
  await index.list({ run: id, alert, identity: identity.id, receivedAt }, over ? { close: id } : { open: item });
}

function receivedAtOf([first]: readonly Entry[]): string | null {
  const received = first ? alertEntryOf(first) : null;
  return received?.type === 'alert-received' ? received.data.alert.receivedAt : null;
}

/**
 * An alert is looked at now where it is not answered, or a run was announced there and has not begun. It is forgotten where all
 * its runs are over; while one is not, what is noted of the alert may be all that is noted of the run.
 */
async function enterAlert({ index, ledger, clock }: Custody, id: string, entries: readonly Entry[]): Promise<void> {
  const all = entries.map(alertEntryOf);
  const announced = all.flatMap((one) => (one.type === 'alert-answered' ? one.data.runs : []));
  const runs = await Promise.all(announced.map(async ({ run }) => ({ run, entries: await ledger.read(run) })));
  const now = clock();
  if (all.at(-1)?.type !== 'alert-answered' || runs.some((one) => one.entries.length === 0))
    return index.open({ journal: id, kind: 'alert', session: id, due: now });
  if (runs.every((one) => isOver(runOf(one.run, one.entries), now))) await index.close(id);
}

function isOver(run: Run, now: string): boolean {
  return next(run, now).move === 'none';
}
