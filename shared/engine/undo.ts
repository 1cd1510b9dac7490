import { Fault, toFault } from '../domain/fault.ts';
import { type Move, maxAttempts } from '../domain/move.ts';
import { checkRight } from '../domain/right.ts';
import type { Run } from '../domain/run.ts';
import type { UndoOutcome } from '../domain/run-entry.ts';
import { undoPlan } from '../domain/undo.ts';
import type { Caller } from '../ports.ts';
import { isThere } from './act.ts';
import { type Attempt, withAudit } from './audit.ts';
import { notOwnCase } from './decide.ts';
import type { Engine } from './engine.ts';
import { type Journal, openJournal } from './journal.ts';
import { noteAfter, noteBefore } from './place.ts';
import { actionNamed, targetOf } from './plan.ts';

/**
 * Records a person's decision to take a run back, whether it has ended or not: from here on the run does nothing but
 * undo. It needs no place among the approvers: it only puts back what was there. Asking again is quiet.
 * What is refused leaves one audit entry.
 * @throws Fault `refuse` for who may not, `reject` where there is no reason or nothing to undo, `conflict` where the run moved
 */
export function undo(engine: Engine, id: string, reason: string, caller: Caller): Promise<Run> {
  const attempt: Attempt = { what: 'undo', channel: 'api', run: id, by: caller.id, byName: caller.name };
  return withAudit(engine, attempt, () => decided(engine, id, reason, caller));
}

async function decided(engine: Engine, id: string, reason: string, caller: Caller): Promise<Run> {
  const journal = await openJournal(engine, id);
  const run = journal.run();
  checkRight(caller, 'undo');
  notOwnCase(run, caller);
  const { identity } = run.opened;
  if (!run.undo) await record(engine, journal, reason, caller);
  await noteAfter(engine, journal);
  await engine.bus.run(id, identity.id, { reason: 'undo' });
  engine.log.info({ run: id, by: caller.id }, 'undo decided');
  return journal.run();
}

async function record(engine: Engine, journal: Journal, reason: string, caller: Caller): Promise<void> {
  const run = journal.run();
  const { steps, irreversible } = undoPlan(run);
  if (run.ended && steps.length === 0) {
    const why = irreversible.length > 0 ? `${irreversible.join(', ')} cannot be undone` : 'it changed nothing';
    throw new Fault('reject', 'nothing-to-undo', `${run.id} cannot be undone: ${why}.`);
  }
  await noteBefore(engine, journal);
  try {
    await journal.append('undo-decided', { by: caller.id, byName: caller.name, reason }, `person:${caller.id}`);
  } catch (error) {
    if (toFault(error).disposition !== 'conflict') throw error;
    throw new Fault('conflict', 'run-moved', `${run.id} moved while you decided; try again.`);
  }
}

/**
 * Looks once more at everything undone. What somebody did again meanwhile is undone again; who does so for ever, another
 * automation perhaps, is left to a person.
 */
export async function endUndo(
  engine: Engine,
  journal: Journal,
  move: Extract<Move, { move: 'undo-end' }>,
): Promise<void> {
  const run = journal.run();
  for (const step of move.steps) {
    const action = actionNamed(engine.actions, step.action);
    const observed = await action.observe(engine.world, targetOf(run));
    if (isThere(engine, action, { run, step, observed })) continue;
    if ((run.undo?.reopened ?? 0) < maxAttempts) return journal.note('undo-reopened', { step: step.key });
    const reason = `${step.action} did not stay undone, ${maxAttempts} times over: somebody does it again`;
    return ended(engine, journal, { outcome: 'partly-undone', reason });
  }
  await ended(engine, journal, move);
}

async function ended(
  engine: Engine,
  journal: Journal,
  { outcome, reason }: { outcome: UndoOutcome; reason: string },
): Promise<void> {
  await journal.append('undo-ended', { outcome, reason });
  engine.log.info({ run: journal.run().id, outcome }, 'undo ended');
}
