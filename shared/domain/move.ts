import { halfApproved } from './approval.ts';
import { later, milliseconds } from './duration.ts';
import { changesAccess, changesNothing, type Plan, type PlannedAction, type PlannedStep } from './plan.ts';
import { proofFreshMs } from './proof.ts';
import { chosenPlan, type Run, type StepState, stepDone } from './run.ts';
import type { Outcome, UndoOutcome } from './run-entry.ts';
import { lastOfEach, undoPlan } from './undo.ts';
import { carriedOutBy } from './veto.ts';

/** What a run has to do next. Decided from its entries and the time alone: whoever wakes the run, the answer is the same. */
export type Move =
  | { readonly move: 'prove'; readonly before: string | null }
  | { readonly move: 'plan' }
  | { readonly move: 'guard' }
  | { readonly move: 'ask'; readonly choices: readonly string[]; readonly expiresAt: string }
  /** May it go on alone, after these runs? `pastWait` where it is past a wait, and has touched nobody yet. */
  | { readonly move: 'canary'; readonly earlier: readonly string[]; readonly pastWait: boolean }
  | { readonly move: 'choose'; readonly plan: Plan }
  | { readonly move: 'wait'; readonly step: string; readonly until: string }
  /** `attempt` counts from 1; `before` says how far an earlier attempt came. */
  | { readonly move: 'act'; readonly step: PlannedAction; readonly attempt: number; readonly before: StepState | null }
  | {
      readonly move: 'verify';
      readonly step: PlannedAction;
      readonly attempt: number;
    }
  | { readonly move: 'end'; readonly outcome: Outcome; readonly reason: string }
  /** Looks whether everything that was undone still is, and ends the undo. */
  | {
      readonly move: 'undo-end';
      readonly steps: readonly PlannedAction[];
      readonly outcome: UndoOutcome;
      readonly reason: string;
    }
  /** Nothing until then. */
  | { readonly move: 'rest'; readonly until: string; readonly because: string }
  | { readonly move: 'none' };

/** How often a run may plan again because the world moved, before a person is needed. */
export const maxPlans = 3;

/** How often one step is tried. */
export const maxAttempts = 8;

/** The next move of a run. */
export function next(run: Run, now: string): Move {
  if (run.undo) return nextOfUndo(run, now);
  if (run.ended) return { move: 'none' };
  return beforePlan(run) ?? beforeDecision(run, now) ?? nextStep(run, now);
}

function beforePlan(run: Run): Move | null {
  if (!run.proof) return { move: 'prove', before: null };
  if (run.proof.verdict !== 'true') return notConfirmed(run);
  if (run.plans) return null;
  if (run.planNumber - run.plansBefore < maxPlans) return { move: 'plan' };
  return end('refused', `what the plan is about kept changing: ${run.voided.join('; ')}${carriedOut(run)}`);
}

function notConfirmed(run: Run): Move {
  const { proof } = run;
  const word = proof?.verdict === 'unknown' ? 'cannot be known' : 'is not true';
  return end('not-confirmed', `that the identity is ${proof?.claim} ${word}: ${proof?.reason}${carriedOut(run)}`);
}

function beforeDecision(run: Run, now: string): Move | null {
  const plans = run.plans ?? [];
  if (!run.decision && plans.every(changesNothing))
    return end('nothing-to-do', `everything is already as the playbook wants it${carriedOut(run)}`);
  if (!run.guarded) return { move: 'guard' };
  if (run.decision) return afterDecision(run);
  const allowed = plans.filter((plan) => allows(run, plan));
  if (allowed.length === 0) return end('refused', `${refusalReasons(run)}${carriedOut(run)}`);
  if (run.mode === 'observe') return end('observed', 'the playbook observes: this is what it would have asked');
  const only = allowed.length === plans.length ? allowed[0] : undefined;
  if (run.mode === 'enforce' && plans.length === 1 && only && !contested(run)) return alone(run, only, now);
  return question(run, allowed, now);
}

function afterDecision(run: Run): Move | null {
  if (run.decision?.choice === null) return end('rejected', rejection(run));
  const plan = chosenPlan(run);
  if (!plan || plan.digest !== run.decision?.digest)
    return end('refused', 'what was decided on is not a plan of this run');
  return allows(run, plan) ? null : end('refused', `${refusalReasons(run)}${carriedOut(run)}`);
}

function question(run: Run, allowed: readonly Plan[], now: string): Move {
  if (!run.asked)
    return {
      move: 'ask',
      choices: choicesToAsk(run, allowed),
      expiresAt: later(now, milliseconds(run.opened.playbook.expires)),
    };
  if (now >= run.asked.expiresAt)
    return end('expired', `${waitingFor(run)}, until ${run.asked.expiresAt}${carriedOut(run)}`);
  return { move: 'rest', until: run.asked.expiresAt, because: waitingFor(run) };
}

/** Where a plan has begun and its approval was voided, only that plan can go on. */
function choicesToAsk(run: Run, allowed: readonly Plan[]): readonly string[] {
  const begun = allowed.filter(({ steps }) => steps.some(({ key }) => run.steps.has(key)));
  return (begun.length > 0 ? begun : allowed).map(({ choice }) => choice);
}

function waitingFor(run: Run): string {
  const half = halfApproved(run).map(
    ({ choice, approved, people }) => `${choice} has ${approved} of ${people} approvals`,
  );
  return ['waiting for a decision', ...half].join('; ');
}

/** What acting without asking begins with: a look at what came before, where there is anything to look at. */
function alone(run: Run, plan: Plan, now: string): Move {
  if (run.opened.earlier === undefined || run.canary?.passed) return { move: 'choose', plan };
  return canaryMove(run, false, now);
}

function canaryMove({ canary, opened }: Run, pastWait: boolean, now: string): Move {
  if (canary?.passed === false && now < canary.until)
    return { move: 'rest', until: canary.until, because: canary.reason };
  return { move: 'canary', earlier: opened.earlier ?? [], pastWait };
}

/**
 * Past a wait, and nothing was touched before it since all was so already: whoever of the same alert found the same begins
 * to act about now, too, and what let this one go on was that nobody had.
 */
function goesFirstAgain(run: Run): boolean {
  const alone = run.mode === 'enforce' && run.opened.earlier !== undefined && run.canary !== null;
  if (!alone || carriedOutBy(run).length > 0 || begunBy(run).length > 0) return false;
  const { canary } = run;
  const waits = [...run.steps.values()].flatMap((state) => (state.state === 'waiting' ? [state.until] : []));
  return waits.some((until) => !canary?.passed || canary.at < until);
}

/** Did the world change against the run after it had changed something? Then somebody disagrees, and a person decides. */
function contested(run: Run): boolean {
  return run.voided.length > 0 && carriedOutBy(run).length > 0;
}

/** What a run that ends early leaves behind, as the end of its reason; empty where it leaves nothing. */
function carriedOut(run: Run): string {
  const kept = carriedOutBy(run);
  const begun = begunBy(run);
  return [
    kept.length > 0 ? `; carried out before and still in place: ${kept.join(', ')}` : '',
    begun.length > 0 ? `; begun before, and perhaps in place in part: ${begun.join(', ')}` : '',
  ].join('');
}

/** Steps that something was sent for, and of which nobody has seen what came of it. */
function begunBy(run: Run): readonly string[] {
  const open = new Set(['intended', 'applied', 'deferred']);
  return run.everPlanned.flatMap((step) => {
    const state = run.steps.get(step.key)?.state;
    return 'action' in step && state !== undefined && open.has(state) ? [step.action] : [];
  });
}

function allows(run: Run, plan: Plan): boolean {
  return run.guarded?.some((one) => one.choice === plan.choice && one.refusals.length === 0) ?? false;
}

function refusalReasons(run: Run): string {
  const reasons = (run.guarded ?? []).flatMap((one) => one.refusals.map(({ guard, reason }) => `${guard}: ${reason}`));
  return [...new Set(reasons)].join('; ');
}

function rejection(run: Run): string {
  return `${run.decision?.byName ?? 'somebody'} rejected it${run.decision?.reason ? `: ${run.decision.reason}` : ''}${carriedOut(run)}`;
}

function nextStep(run: Run, now: string): Move {
  const step = chosenPlan(run)?.steps.find((one) => !stepDone(run, one, now));
  if (!step) return end('done', 'every step is carried out and verified');
  if ('wait' in step) return waitMove(run, step, now);
  if ('prove' in step) return { move: 'prove', before: step.key };
  return actionMove(run, step, now);
}

function waitMove(run: Run, step: Extract<PlannedStep, { wait: string }>, now: string): Move {
  const state = run.steps.get(step.key);
  if (state?.state === 'waiting') return { move: 'rest', until: state.until, because: `waiting ${step.wait}` };
  return { move: 'wait', step: step.key, until: later(now, step.ms) };
}

function actionMove(run: Run, step: PlannedAction, now: string): Move {
  const state = run.steps.get(step.key) ?? null;
  if (state?.state === 'failed') return end('failed', `${step.action}: ${state.reason}`);
  if (state?.state === 'applied') return { move: 'verify', step, attempt: state.attempt };
  if (state?.state === 'intended' && now < state.leaseUntil)
    return { move: 'rest', until: state.leaseUntil, because: `${state.worker} may still be at ${step.action}` };
  if (state?.state === 'deferred') {
    if (now < state.until) return { move: 'rest', until: state.until, because: `${step.action} was put off` };
    if (state.applied) return { move: 'verify', step, attempt: state.attempt };
  }
  if (state === null && !run.undo && goesFirstAgain(run)) return canaryMove(run, true, now);
  // After an attempt the world is looked at first: that it took hold may be why the claim cannot be proved any more.
  // A held run looks first whether it still is: no proof for each look, however long that takes.
  if (state === null && !run.held && mustProve(run, step, now)) return { move: 'prove', before: step.key };
  return { move: 'act', step, attempt: attemptAfter(state), before: state };
}

/** Does the step need a proof that is not there: not older than 15 minutes, and taken after the decision? Taking back needs none. */
export function mustProve(run: Run, step: PlannedAction, now: string): boolean {
  const age = Date.parse(now) - Date.parse(run.proof?.at ?? '');
  const proved = run.provedSince && age <= proofFreshMs;
  return !run.undo && changesAccess(step.risk) && !proved;
}

function attemptAfter(state: StepState | null): number {
  return state && 'attempt' in state ? state.attempt + 1 : 1;
}

/**
 * Undoing begins when nobody who intended a step can still be sending it, and ends only after one more look when nobody
 * who intended its undo can: a late worker would otherwise have the last word.
 */
function nextOfUndo(run: Run, now: string): Move {
  if (run.undo?.ended) return { move: 'none' };
  const { steps, irreversible } = undoPlan(run);
  const begun = steps.some(({ key }) => run.steps.has(key));
  if (!begun && now < run.busyUntil)
    return { move: 'rest', until: run.busyUntil, because: 'a worker may still be at a step' };
  const failed = steps.find(({ key }) => run.steps.get(key)?.state === 'failed');
  const open = failed ? undefined : steps.find(({ key }) => run.steps.get(key)?.state !== 'verified');
  if (open) return actionMove(run, open, now);
  if (now < run.busyUntil)
    return { move: 'rest', until: run.busyUntil, because: 'looks once more whether it stays undone' };
  return undoEnd(run, steps, irreversible, failed);
}

function undoEnd(
  run: Run,
  steps: readonly PlannedAction[],
  irreversible: readonly string[],
  failed?: PlannedAction,
): Move {
  const undone = lastOfEach(steps.filter(({ key }) => run.steps.get(key)?.state === 'verified'));
  const left = [
    ...irreversible.map((action) => `${action} cannot be undone`),
    ...(failed ? [`undoing ${failed.action} failed`] : []),
  ];
  const names = undone.map(({ action }) => action).join(', ');
  if (left.length > 0)
    return {
      move: 'undo-end',
      steps: undone,
      outcome: 'partly-undone',
      reason: [names, ...left].filter(Boolean).join('; '),
    };
  if (undone.length === 0)
    return { move: 'undo-end', steps: [], outcome: 'nothing-to-undo', reason: 'the run changed nothing' };
  return { move: 'undo-end', steps: undone, outcome: 'undone', reason: `as it was before: ${names}` };
}

function end(outcome: Outcome, reason: string): Move {
  return { move: 'end', outcome, reason };
}
