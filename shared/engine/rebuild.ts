import { alertEntryOf } from '../domain/alert-entry.ts';
import { auditRecords } from '../domain/audit-record.ts';
import type { Entry } from '../domain/ledger.ts';
import { next } from '../domain/move.ts';
import { runOf } from '../domain/run.ts';
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
  const over = next(run, now).move === 'none';
  const item: OpenItem = { journal: id, kind: 'run', session: identity.id, due: now };
  const receivedAt = receivedAtOf(await ledger.read(alert)) ?? run.openedAt;
  await index.list({ run: id, alert, identity: identity.id, receivedAt }, over ? { close: id } : { open: item });
}

function receivedAtOf([first]: readonly Entry[]): string | null {
  const received = first ? alertEntryOf(first) : null;
  return received?.type === 'alert-received' ? received.data.alert.receivedAt : null;
}

/** An alert is over when it is answered and every run announced there has begun. */
async function enterAlert({ index, ledger, clock }: Custody, id: string, entries: readonly Entry[]): Promise<void> {
  const answers = entries.map(alertEntryOf).filter((one) => one.type === 'alert-answered');
  const announced = answers.flatMap(({ data }) => data.runs);
  const begun = await Promise.all(announced.map(async ({ run }) => (await ledger.read(run)).length > 0));
  if (answers.length > 0 && begun.every(Boolean)) return index.close(id);
  await index.open({ journal: id, kind: 'alert', session: id, due: clock() });
}
