import { canaryOf, signedInSince } from '../domain/canary.ts';
import { Fault } from '../domain/fault.ts';
import { asOf } from '../domain/ledger.ts';
import type { Move } from '../domain/move.ts';
import { type Run, runOf } from '../domain/run.ts';
import { modeNow } from './autonomy.ts';
import type { Engine } from './engine.ts';
import { lookAgainMs } from './hold.ts';
import type { Journal } from './journal.ts';

/**
 * Before a playbook acts alone: may it still, and do those of the same alert stand that came before? Where not, a person
 * is asked; where that cannot be said yet, the run is held and looks again.
 */
export async function canary(
  engine: Engine,
  journal: Journal,
  { earlier, pastWait }: Extract<Move, { move: 'canary' }>,
): Promise<void> {
  const { mode, modeNote } = await modeNow(engine, journal.run().opened.playbook);
  if (mode !== 'enforce') return lower(journal, modeNote ?? `the mode is ${mode} now`);
  const now = engine.clock();
  const runs = await Promise.all(earlier.map((id) => runAt(engine, id, now)));
  const { canarySoakMs, localWaitMs } = engine.limits;
  const soakMs = Math.min(canarySoakMs, localWaitMs ?? canarySoakMs);
  const found = canaryOf(runs, now, soakMs, pastWait);
  if (found.verdict === 'stop') return lower(journal, found.reason);
  for (const run of runs) {
    const at = signedInSince(run, await engine.world.directory.presence(run.opened.identity.id));
    if (at) return lower(journal, `${run.opened.identity.displayName}, of the same alert, tried to sign in at ${at}`);
  }
  const { reason } = found;
  if (found.verdict === 'go') return journal.note('canary-passed', { reason });
  if (found.until !== null) return journal.append('canary-waiting', { reason, until: found.until });
  if (journal.run().held?.reason !== reason) await journal.append('held', { reason });
}

/** @throws Fault `retry` where the clock here is behind that of whoever opened it */
async function runAt({ ledger }: Engine, id: string, now: string): Promise<Run> {
  const written = await ledger.read(id);
  const entries = asOf(written, now);
  if (entries.length > 0) return runOf(id, entries);
  const aheadMs = Date.parse(written[0]?.time ?? now) - Date.parse(now);
  const message = `By the clock here ${id}, of the same alert, is not opened yet.`;
  throw new Fault('retry', 'clock-behind', message, { retryAfterMs: Math.min(aheadMs, lookAgainMs) });
}

/** What the playbook decided itself no longer stands then: a person decides on a new plan. */
async function lower(journal: Journal, reason: string): Promise<void> {
  if (journal.run().decision) await journal.note('plan-voided', { reason });
  return journal.append('mode-lowered', { to: 'approve', reason: `asks although it might act: ${reason}` });
}
