import { auditRecords } from '../domain/audit-record.ts';
import { toFault } from '../domain/fault.ts';
import { type Entry, firstBreak } from '../domain/ledger.ts';
import type { Custody } from './custody.ts';

/** Entries at a time: a million are gone through in a day and a half, at a time every five minutes. */
const atOnce = 2500;

/**
 * Goes along all journals, some at a time, and repairs what was lost: rows of the trail are entered again, what no seal
 * has is put in the backlog again, and a question is shown again. What is broken is reported, and left as it is.
 * @param show shows a run in the channels; it converges, so showing what is shown costs one look
 * @returns how many journals were looked at
 */
export async function patrol(custody: Custody, show: (run: string) => Promise<void>): Promise<number> {
  const { journals, backlog, log } = custody;
  const entries = await journals.after(await backlog.walkedTo('patrol'), atOnce);
  const found = Map.groupBy(entries, ({ journal }) => journal);
  for (const [journal, of] of found) {
    const broken = firstBreak(of);
    if (broken) log.error({ journal, ...broken }, 'a journal is broken');
    else await repair(custody, journal, of);
    if (!broken && asks(of)) await show(journal).catch((error: unknown) => notShown(log, journal, error));
  }
  await backlog.setWalkedTo('patrol', entries.at(-1)?.journal ?? null);
  return found.size;
}

/** A run that has asked somebody, and has not ended: whoever died between asking and showing left no card. */
function asks(entries: readonly Entry[]): boolean {
  return entries.some(({ type }) => type === 'asked') && !entries.some(({ type }) => type === 'run-ended');
}

function notShown(log: Custody['log'], run: string, error: unknown): void {
  const { code, message } = toFault(error);
  log.warn({ run, code }, message);
}

async function repair({ trail, backlog, signer, clock }: Custody, journal: string, entries: readonly Entry[]) {
  await trail.put(auditRecords(entries));
  const sealed = await backlog.sealedUpTo(journal);
  if (signer && entries.length > sealed) await backlog.add({ journal, sequence: sealed + 1, at: clock() });
}
