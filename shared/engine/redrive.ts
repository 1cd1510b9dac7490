import { alertEntryOf } from '../domain/alert-entry.ts';
import { later } from '../domain/duration.ts';
import { Fault, toFault } from '../domain/fault.ts';
import { toJson } from '../domain/json.ts';
import type { Entry } from '../domain/ledger.ts';
import { checkRight } from '../domain/right.ts';
import type { Run } from '../domain/run.ts';
import type { Caller } from '../ports.ts';
import { notOwnCase } from './decide.ts';
import type { Engine } from './engine.ts';
import { openJournal } from './journal.ts';
import { noteBefore } from './place.ts';

/** What a person wants to go on, and why. */
export interface Redrive {
  readonly journal: string;
  readonly reason: string;
  readonly caller: Caller;
}

/**
 * Lets a failed run go on from the step it failed at, or has an alert answered again that nothing came of. A run that has
 * not ended is only woken: its message may lie among the dead letters. What ended otherwise stays as it is.
 * @throws Fault `refuse` for who may not, `conflict` where there is nothing to redrive, `reject` (404) where there is no such thing
 */
export async function redrive(engine: Engine, wanted: Redrive): Promise<void> {
  checkRight(wanted.caller, 'redrive');
  await (wanted.journal.startsWith('run-') ? redriveRun : redriveAlert)(engine, wanted);
}

/** Why a run cannot be redriven; null where it can. */
export function notRedrivable({ ended, undo }: Run): string | null {
  if (undo) return 'it is taken back';
  return ended && ended.outcome !== 'failed' ? `it ended as ${ended.outcome}, and that stays so` : null;
}

async function redriveRun(engine: Engine, { journal: id, reason, caller }: Redrive): Promise<void> {
  const journal = await openJournal(engine, id);
  const run = journal.run();
  notOwnCase(run, caller);
  const problem = notRedrivable(run);
  if (problem !== null) throw new Fault('conflict', 'not-failed', `${id} cannot be redriven: ${problem}.`);
  const session = run.opened.identity.id;
  await noteBefore(engine, journal);
  const data = { by: caller.id, byName: caller.name, reason };
  if (run.ended) await moving(id, journal.append('redriven', data, `person:${caller.id}`));
  await engine.bus.run(id, session, { reason: 'redriven' });
  engine.log.info({ run: id, by: caller.id }, 'redriven');
}

async function redriveAlert(engine: Engine, { journal: id, reason, caller }: Redrive): Promise<void> {
  const entries = await engine.ledger.read(id);
  const last = entries.at(-1);
  if (!last) throw new Fault('reject', 'unknown-alert', `There is no alert ${id}.`, { status: 404 });
  const problem = notRedrivableAlert(last);
  if (problem !== null) throw new Fault('conflict', 'not-failed', `${id} cannot be redriven: ${problem}.`);
  const time = engine.clock();
  await engine.index.open({ journal: id, kind: 'alert', session: id, due: later(time, engine.limits.hintGraceMs) });
  const data = toJson({ by: caller.id, byName: caller.name, reason });
  const body = { time, type: 'alert-redriven', actor: `person:${caller.id}`, data };
  if (last.type === 'alert-answered') await moving(id, engine.ledger.append(id, last, body));
  await engine.bus.alert(id, { reason: `redriven ${time}` });
  engine.log.info({ alert: id, by: caller.id }, 'redriven');
}

function notRedrivableAlert(last: Entry): string | null {
  const entry = alertEntryOf(last);
  if (entry.type === 'alert-refused') return 'it was refused; send it again';
  return entry.type === 'alert-answered' && entry.data.runs.length > 0 ? 'it has runs; redrive those' : null;
}

async function moving(id: string, write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (toFault(error).disposition !== 'conflict') throw error;
    throw new Fault('conflict', 'run-moved', `${id} moved while you decided; look at it again.`);
  }
}
