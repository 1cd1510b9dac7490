import { type Approval, approvalsOf } from './approval.ts';
import { later } from './duration.ts';
import { Fault } from './fault.ts';
import type { Entry } from './ledger.ts';
import type { Mode } from './mode.ts';
import type { Plan, PlannedStep } from './plan.ts';
import type { Evidence, Proof } from './proof.ts';
import {
  type GuardedChoice,
  type Opened,
  type Outcome,
  type RunEntry,
  runEntryOf,
  type UndoOutcome,
} from './run-entry.ts';

/** How far one step is. */
export type StepState =
  | { readonly state: 'intended'; readonly worker: string; readonly attempt: number; readonly leaseUntil: string }
  | { readonly state: 'applied'; readonly attempt: number; readonly at: string }
  | { readonly state: 'deferred'; readonly until: string; readonly attempt: number; readonly applied: boolean }
  | { readonly state: 'verified'; readonly at: string; readonly by: string }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'waiting'; readonly until: string };

/** A person's decision, or the mode's. */
export interface Decision {
  readonly choice: string | null;
  readonly digest: string | null;
  readonly by: string;
  readonly byName: string;
  readonly reason: string | null;
  readonly at: string;
}

/** A person's decision to take a run back, and how that ended. */
export interface Undo {
  readonly by: string;
  readonly byName: string;
  readonly reason: string;
  readonly at: string;
  /** How often something did not stay undone, and was undone again. */
  readonly reopened: number;
  readonly ended: { readonly outcome: UndoOutcome; readonly reason: string; readonly at: string } | null;
}

/** A person's decision to let a failed run go on, and the plan it had failed at. */
export interface Redriven {
  readonly by: string;
  readonly byName: string;
  readonly reason: string;
  readonly at: string;
  readonly plan: Plan | null;
}

/** The question as it was put. */
export interface Asked {
  readonly choices: readonly string[];
  readonly expiresAt: string;
  readonly facts?: readonly Evidence[] | undefined;
}

/** Everything there is to know about a run: the fold of its entries. */
export interface Run {
  readonly id: string;
  readonly opened: Opened;
  readonly openedAt: string;
  /** How far it may go by itself now. */
  readonly mode: Mode;
  /** Whether those of the same alert that came before stand; null while nobody has looked. */
  readonly canary:
    | { readonly passed: true; readonly at: string }
    | { readonly passed: false; readonly until: string; readonly reason: string }
    | null;
  /** The latest proof. */
  readonly proof: Proof | null;
  /** Has the claim been proved since the decision? By the order of the entries, not their times: clocks of two workers differ. */
  readonly provedSince: boolean;
  /** How many times it was planned. */
  readonly planNumber: number;
  /** How many of these were before it was last redriven. */
  readonly plansBefore: number;
  /** Plans of the choices, or null where there is none yet or the last was voided. */
  readonly plans: readonly Plan[] | null;
  /** Every step that was ever planned, in order: also of voided plans, for what they did stays done. */
  readonly everPlanned: readonly PlannedStep[];
  readonly voided: readonly string[];
  readonly guarded: readonly GuardedChoice[] | null;
  readonly asked: Asked | null;
  /** What people approved so far, one for each person and plan. */
  readonly approvals: readonly Approval[];
  /** Who decided last, where it is decided. */
  readonly decision: Decision | null;
  readonly steps: ReadonlyMap<string, StepState>;
  /** Until when what somebody sends who wrote down an intent may arrive and not be seen yet; the epoch of an undo begins after it. */
  readonly busyUntil: string;
  /** Why nothing is done for now; null as soon as anything is. */
  readonly held: { readonly reason: string; readonly at: string } | null;
  /** How it was last redriven; null where it never was. */
  readonly redriven: Redriven | null;
  readonly undo: Undo | null;
  readonly ended: { readonly outcome: Outcome; readonly reason: string; readonly at: string } | null;
}

/**
 * The run that a journal tells of.
 * @throws Fault `reject` (404) where the journal is empty, `halt` where it is not a run's
 */
export function runOf(journal: string, entries: readonly Entry[]): Run {
  const [first, ...rest] = entries.map(runEntryOf);
  if (!first) throw new Fault('reject', 'unknown-run', `There is no run ${journal}.`, { status: 404 });
  if (first.type !== 'run-opened')
    throw new Fault('halt', 'ledger-unreadable', `${journal} does not begin with run-opened.`);
  const start: Run = {
    id: journal,
    opened: first.data,
    openedAt: first.time,
    mode: first.data.mode,
    canary: null,
    proof: null,
    provedSince: false,
    planNumber: 0,
    plansBefore: 0,
    plans: null,
    everPlanned: [],
    voided: [],
    guarded: null,
    asked: null,
    approvals: [],
    decision: null,
    steps: new Map(),
    busyUntil: first.time,
    held: null,
    redriven: null,
    undo: null,
    ended: null,
  };
  return rest.reduce(fold, start);
}

/** The run after one more entry. @throws Fault `halt` where a run cannot have it */
export function runAfter(run: Run, entry: Entry): Run {
  return fold(run, runEntryOf(entry));
}

function fold(before: Run, entry: RunEntry & { time: string }): Run {
  const run = { ...before, held: null };
  switch (entry.type) {
    case 'run-opened':
      throw new Fault('halt', 'ledger-unreadable', `${run.id} was opened twice.`);
    case 'proved':
      return proved(run, entry.data, entry.time);
    case 'planned':
      return planned(run, entry.data.plans);
    case 'guarded':
      return { ...run, guarded: entry.data.choices };
    case 'asked':
      return { ...run, asked: entry.data };
    case 'decided':
      return unproved(run, decided(run, { ...entry.data, at: entry.time }));
    case 'approval-voided':
      return unapproved(run, entry.data.by);
    case 'held':
      return { ...run, held: { reason: entry.data.reason, at: entry.time } };
    case 'canary-passed':
      return { ...run, canary: { passed: true, at: entry.time } };
    case 'canary-waiting':
      return { ...run, canary: { passed: false, ...entry.data } };
    case 'mode-lowered':
      return { ...run, mode: entry.data.to };
    case 'plan-voided':
      return {
        ...run,
        voided: [...run.voided, entry.data.reason],
        plans: null,
        guarded: null,
        asked: null,
        approvals: [],
        decision: null,
      };
    case 'redriven':
      return redriven(run, { ...entry.data, at: entry.time, plan: chosenPlan(run) });
    case 'undo-decided':
      return { ...run, undo: { ...entry.data, at: entry.time, reopened: 0, ended: null } };
    case 'undo-reopened':
      return reopened(run, entry.data.step);
    case 'undo-ended':
      return { ...run, undo: run.undo && { ...run.undo, ended: { ...entry.data, at: entry.time } } };
    case 'run-ended':
      return { ...run, ended: { ...entry.data, at: entry.time } };
    default:
      return withStep(busy(run, entry), entry.data.step, stepAfter(run.steps.get(entry.data.step), entry));
  }
}

/** What was done stays done and keeps its names; everything that led to it is asked for again. */
function redriven(run: Run, how: Redriven): Run {
  if (run.ended?.outcome !== 'failed' || run.undo)
    throw new Fault('halt', 'ledger-unreadable', `${run.id} was redriven although it had not failed.`);
  const begun = { proof: null, plans: null, guarded: null, asked: null, approvals: [], decision: null, ended: null };
  return { ...run, ...begun, plansBefore: run.planNumber, redriven: how };
}

function reopened(run: Run, step: string): Run {
  const steps = new Map([...run.steps].filter(([key]) => key !== step));
  return { ...run, steps, undo: run.undo && { ...run.undo, reopened: run.undo.reopened + 1 } };
}

function planned(run: Run, plans: readonly Plan[]): Run {
  const everPlanned = [...run.everPlanned, ...plans.flatMap(({ steps }) => steps)];
  return { ...run, plans, everPlanned, planNumber: run.planNumber + 1 };
}

/** The first decision stands; what was written after the question expired counts nothing. */
function decided(run: Run, decision: Decision): Run {
  const { choice, digest, by, at } = decision;
  if (run.decision || (run.asked && at >= run.asked.expiresAt)) return run;
  const ofPlaybook = run.opened.mode === 'enforce' && by.startsWith('playbook:');
  const plan = run.plans?.find((one) => one.choice === choice && one.digest === digest);
  if (choice === null || digest === null || ofPlaybook || !plan) return { ...run, decision };
  const before = approvalsOf(run, digest);
  if (before.some((one) => one.by === by)) return run;
  const approvals = [...run.approvals, { ...decision, choice, digest }];
  return { ...run, approvals, decision: before.length + 1 >= plan.people ? decision : null };
}

/** What has just been decided has not been proved since. */
function unproved(before: Run, run: Run): Run {
  return run.decision === before.decision ? run : { ...run, provedSince: false };
}

/** Without that person's approvals, and to be guarded and asked again. */
function unapproved(run: Run, by: string): Run {
  const approvals = run.approvals.filter((one) => one.by !== by);
  return { ...run, approvals, guarded: null, asked: null, decision: null };
}

function proved(run: Run, data: { proof: Proof; step: string | null }, at: string): Run {
  const after = { ...run, proof: data.proof, provedSince: true };
  const step = run.plans?.flatMap((plan) => plan.steps).find((one) => one.key === data.step);
  return step && 'prove' in step ? withStep(after, step.key, { state: 'verified', at, by: 'proved' }) : after;
}

/** How long a far side may show what was before a call that has reached it, and clocks be apart, in milliseconds. */
const unseenMs = 10_000;

function busy(run: Run, entry: StepEntry): Run {
  if (entry.type !== 'step-intended') return run;
  const until = later(entry.data.leaseUntil, unseenMs);
  return until <= run.busyUntil ? run : { ...run, busyUntil: until };
}

function withStep(run: Run, key: string, state: StepState): Run {
  return { ...run, steps: new Map(run.steps).set(key, state) };
}

type StepEntry = Extract<RunEntry, { type: `step-${string}` | 'waiting' }> & { time: string };

function stepAfter(before: StepState | undefined, entry: StepEntry): StepState {
  const attempt = before && 'attempt' in before ? before.attempt : 1;
  switch (entry.type) {
    case 'step-intended':
      return { state: 'intended', ...entry.data };
    case 'step-applied':
      return { state: 'applied', attempt, at: entry.time };
    case 'step-deferred':
      return {
        state: 'deferred',
        until: entry.data.until,
        attempt: entry.data.unsent ? entry.data.attempt - 1 : entry.data.attempt,
        applied: wasApplied(before),
      };
    case 'step-verified':
      return { state: 'verified', at: entry.time, by: entry.data.by };
    case 'step-failed':
      return { state: 'failed', reason: entry.data.reason };
    case 'waiting':
      return { state: 'waiting', until: entry.data.until };
  }
}

function wasApplied(before: StepState | undefined): boolean {
  return before?.state === 'applied' || (before?.state === 'deferred' && before.applied);
}

/** The plan that was chosen, or null while nothing is. */
export function chosenPlan(run: Run): Plan | null {
  const choice = run.decision?.choice;
  return run.plans?.find((plan) => plan.choice === choice) ?? null;
}

/** Is the step behind us? A wait is over when its time has come. */
export function stepDone(run: Run, step: PlannedStep, now: string): boolean {
  const state = run.steps.get(step.key);
  return state?.state === 'verified' || (state?.state === 'waiting' && state.until <= now);
}
