import { later } from '../domain/duration.ts';
import { Fault, toFault } from '../domain/fault.ts';
import { checkRight } from '../domain/right.ts';
import type { Run } from '../domain/run.ts';
import type { Caller } from '../ports.ts';
import type { Engine } from './engine.ts';
import { type Journal, openJournal } from './journal.ts';

/** What a person decided. */
export interface Answer {
  /** The choice, or null to reject. */
  readonly choice: string | null;
  /** Digest of the plan the person saw; null to reject. */
  readonly digest: string | null;
  readonly reason: string | null;
}

/**
 * Records a person's decision on one plan digest, and wakes the run. The same decision by the same person again is quiet.
 * @returns the run with the decision
 * @throws Fault `refuse` for who may not, `reject` for what cannot be decided, `conflict` where it is decided already
 */
export async function decide(engine: Engine, id: string, answer: Answer, caller: Caller): Promise<Run> {
  const journal = await openJournal(engine, id);
  mayDecide(engine, journal.run(), caller);
  const { identity } = journal.run().opened;
  // The run rests until the question expires; without this, a lost message would leave the decision lying until then.
  const due = later(engine.clock(), engine.limits.hintGraceMs);
  await engine.index.open({ journal: id, kind: 'run', session: identity.id, due });
  if (!decidedSame(journal.run(), answer, caller)) await record(engine, journal, answer, caller);
  await engine.bus.run(id, identity.id, { reason: 'decided' });
  engine.log.info({ run: id, by: caller.id, choice: answer.choice }, 'decided');
  return journal.run();
}

/** May this caller decide about this run? @throws Fault `refuse` */
export function mayDecide({ safety }: Engine, run: Run, caller: Caller): void {
  checkRight(caller, 'decide');
  if (!safety.approvers.some((approver) => approver.toLowerCase() === caller.id.toLowerCase()))
    throw new Fault('refuse', 'not-an-approver', 'You are not on the list of approvers.');
  notOwnCase(run, caller);
}

/** @throws Fault `refuse` */
export function notOwnCase(run: Run, caller: Caller): void {
  if (caller.id.toLowerCase() === run.opened.identity.id.toLowerCase())
    throw new Fault('refuse', 'own-case', 'Nobody decides about themselves.');
}

async function record(engine: Engine, journal: Journal, answer: Answer, caller: Caller): Promise<void> {
  const run = journal.run();
  checkDecision(run, answer, engine.clock());
  const data = { ...answer, by: caller.id, byName: caller.name };
  try {
    await journal.append('decided', data, `person:${caller.id}`);
  } catch (error) {
    throw toFault(error).disposition === 'conflict' ? alreadyMoved(run.id) : error;
  }
}

/** Can this be decided now? @throws Fault `conflict`, or `reject` where the answer is wrong */
export function checkDecision(run: Run, answer: Answer, now: string): void {
  if (run.ended) throw new Fault('conflict', 'run-ended', `${run.id} has ended: ${run.ended.outcome}.`);
  if (run.decision) throw new Fault('conflict', 'already-decided', `${run.decision.byName} has decided this already.`);
  if (!run.asked) throw new Fault('conflict', 'not-asked', `${run.id} is not waiting for a decision.`);
  if (now >= run.asked.expiresAt)
    throw new Fault('conflict', 'expired', `The question stood until ${run.asked.expiresAt}.`);
  if (answer.choice === null) {
    needsReason(answer.reason);
    return;
  }
  if (!run.asked.choices.includes(answer.choice))
    throw new Fault('reject', 'unknown-choice', `${answer.choice} is not one of: ${run.asked.choices.join(', ')}.`);
  const plan = run.plans?.find(({ choice }) => choice === answer.choice);
  if (plan?.digest !== answer.digest)
    throw new Fault('conflict', 'plan-changed', 'The plan is no longer the one you saw; look at it again.');
}

function needsReason(reason: string | null): void {
  if (!reason) throw new Fault('reject', 'reason-missing', 'Rejecting needs a reason.');
}

function alreadyMoved(id: string): Fault {
  return new Fault('conflict', 'run-moved', `${id} moved while you decided; look at it again.`);
}

function decidedSame(run: Run, answer: Answer, caller: Caller): boolean {
  const { decision } = run;
  return (
    decision !== null &&
    decision.by === caller.id &&
    decision.choice === answer.choice &&
    decision.digest === answer.digest
  );
}
