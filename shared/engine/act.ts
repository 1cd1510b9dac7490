import { later } from '../domain/duration.ts';
import { Fault, toFault } from '../domain/fault.ts';
import { canonical, type Json } from '../domain/json.ts';
import { type Move, maxAttempts, mustProve } from '../domain/move.ts';
import { changedBeforeWait, type PlannedAction } from '../domain/plan.ts';
import { chosenPlan, type Run } from '../domain/run.ts';
import { undoneKey } from '../domain/undo.ts';
import type { Action } from '../ports.ts';
import { approvalLost } from './approver.ts';
import type { Engine } from './engine.ts';
import { canBeRefused, guardFacts, refusalsOf } from './guard.ts';
import { heldByBudget, heldByControls } from './hold.ts';
import type { Journal } from './journal.ts';
import { actionNamed, targetOf } from './plan.ts';
import { prove } from './prove.ts';

type Act = Extract<Move, { move: 'act' }>;

/**
 * Carries out one step: look first, ask the guards once more, write down the intent, send the calls, write down that
 * they were sent. A process may die between any two of these; whoever comes next looks first, too.
 */
export async function act(engine: Engine, journal: Journal, { step, attempt, before }: Act): Promise<void> {
  const run = journal.run();
  const action = actionNamed(engine.actions, step.action);
  // From the first look on, not from the intent: whoever was asleep in between decides on nothing that has grown old.
  const leaseUntil = later(engine.clock(), engine.limits.leaseMs);
  const observed = await action.observe(engine.world, targetOf(run));
  if (isThere(engine, action, { run, step, observed })) {
    const by = before === null ? 'already so' : 'recovered';
    return journal.note('step-verified', { step: step.key, observed, by });
  }
  // Where it is held already it looks first whether it still is: proof and guards for nothing would be taken at each look.
  if (run.held && (await heldByControls(engine, journal, step))) return;
  if (mustProve(run, step, engine.clock())) return prove(engine, journal, step.key);
  if (await approvalLost(engine, journal, step)) return;
  if (!run.undo && (await stopped(engine, journal, step))) return;
  const drift = run.undo || before !== null ? null : await driftOf(engine, run, step, observed);
  if (drift !== null) return journal.note('plan-voided', { reason: drift });
  if (attempt > maxAttempts)
    return journal.note('step-failed', {
      step: step.key,
      code: 'too-many-attempts',
      reason: `tried ${maxAttempts} times and it did not take hold`,
    });
  // Looked at as the very last thing: guards and proof take time, and a stop must not.
  if ((await heldByBudget(engine, journal, step)) || (await heldByControls(engine, journal, step))) return;
  stillOurs(engine, leaseUntil);
  await journal.append('step-intended', { step: step.key, worker: engine.worker, attempt, leaseUntil });
  await send(engine, journal, step, { attempt, leaseUntil });
}

/** Asks the guards again, just before acting; a refusal is recorded and ends the run. */
async function stopped(engine: Engine, journal: Journal, step: PlannedAction): Promise<boolean> {
  const run = journal.run();
  const plan = chosenPlan(run);
  if (!canBeRefused(step)) return false;
  const refusals = refusalsOf(engine, await guardFacts(engine, run), [step]);
  if (refusals.length === 0 || !plan) return false;
  const { choice, digest } = plan;
  await journal.note('guarded', { choices: [{ choice, digest, refusals: [...refusals] }] });
  return true;
}

interface Looked {
  readonly run: Run;
  readonly step: PlannedAction;
  readonly observed: Json;
}

/** Is it already as the step wants it? An undo wants what was before: what the action would plan from must be that again. */
export function isThere(engine: Engine, action: Action, { run, step, observed }: Looked): boolean {
  if (undoneKey(step.key) === null) return action.satisfied(observed, step);
  const { before } = action.plan(observed, targetOf(run), step.settings, engine.clock());
  return canonical(before) === canonical(step.after);
}

/** Why the world is no longer what was approved; null where it is. Compared where the action itself looks, so that nothing unrelated counts. */
async function driftOf(engine: Engine, run: Run, step: PlannedAction, observed: Json): Promise<string | null> {
  const change = actionNamed(engine.actions, step.action).plan(observed, targetOf(run), step.settings, engine.clock());
  if (canonical(change.before) !== canonical(step.before))
    return `${step.action}: what it is about changed after the plan`;
  const putBack = await putBackMeanwhile(engine, run, step);
  return putBack && `${putBack.action} no longer stands: somebody put it back`;
}

/**
 * After a wait: an earlier step of the plan that does not stand any more. Planned now, the plan would be another, and
 * whoever put it back had a reason.
 */
async function putBackMeanwhile(engine: Engine, run: Run, step: PlannedAction): Promise<PlannedAction | null> {
  const plan = chosenPlan(run);
  for (const earlier of plan ? changedBeforeWait(plan, step.key) : []) {
    const action = actionNamed(engine.actions, earlier.action);
    const observed = await action.observe(engine.world, targetOf(run));
    if (!action.satisfied(observed, earlier)) return earlier;
  }
  return null;
}

/**
 * A worker that was asleep sends nothing any more: somebody else may have taken over, or taken back. Half of the lease is
 * left for the call to arrive, so that nothing arrives after it.
 */
function stillOurs({ clock, limits }: Engine, leaseUntil: string): void {
  if (later(clock(), limits.leaseMs / 2) < leaseUntil) return;
  throw new Fault('conflict', 'lease-lost', 'The lease on the step ran out before its calls were sent.');
}

interface Attempt {
  readonly attempt: number;
  readonly leaseUntil: string;
}

async function send(engine: Engine, journal: Journal, step: PlannedAction, attempt: Attempt): Promise<void> {
  const { id } = journal.run();
  const answers: Json[] = [];
  try {
    for (const [index, call] of step.calls.entries()) {
      stillOurs(engine, attempt.leaseUntil);
      answers.push(await engine.effects.send(call, `${id}:${step.key}:${index}`, step.risk));
    }
  } catch (error) {
    return putOff(engine, journal, step, attempt, toFault(error));
  }
  await journal.note('step-applied', { step: step.key, answers });
}

/** What a fault of a call means for its step: later, look first, or a person. */
async function putOff(
  engine: Engine,
  journal: Journal,
  step: PlannedAction,
  { attempt, leaseUntil }: Attempt,
  fault: Fault,
): Promise<void> {
  const { disposition, code, message } = fault;
  engine.log.warn(
    { run: journal.run().id, step: step.key, disposition, code, cause: fault.cause },
    'a call did not succeed',
  );
  if (disposition === 'retry' || disposition === 'conflict' || disposition === 'uncertain') {
    const wait = Math.max(fault.retryAfterMs ?? 0, backoffMs(attempt));
    // After `uncertain` the call may still be on its way; nobody looks before it can no longer arrive.
    const asked = later(engine.clock(), wait);
    const until = disposition === 'uncertain' && leaseUntil > asked ? leaseUntil : asked;
    const unsent = busy.has(code) ? { unsent: true as const } : {};
    return journal.note('step-deferred', { step: step.key, reason: message, until, attempt, ...unsent });
  }
  await journal.note('step-failed', { step: step.key, code, reason: message });
}

/** Codes of faults that say that the far side has too much to do: nothing happened, and nothing is wrong with the call. */
const busy: ReadonlySet<string> = new Set(['busy', 'paused']);

/** 1 s, 2 s, 4 s … at most 5 minutes. */
export function backoffMs(attempt: number): number {
  return Math.min(1000 * 2 ** (attempt - 1), 300_000);
}
