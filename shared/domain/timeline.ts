import type { Alert } from './alert.ts';
import { type Answered, alertEntryOf } from './alert-entry.ts';
import type { Call } from './call.ts';
import { canonical, type Json, toJson } from './json.ts';
import type { Entry } from './ledger.ts';
import type { Plan, PlannedAction, PlannedStep } from './plan.ts';
import type { Proof } from './proof.ts';
import { type GuardedChoice, type Opened, type RunEntry, runEntryOf } from './run-entry.ts';
import { undoKey, undoOf } from './undo.ts';

/** One line of the story of an alert or a run, for a person. */
export interface TimelineLine {
  readonly time: string;
  /** One of a few words, to find one's way by. */
  readonly stage: string;
  readonly text: string;
  readonly details: readonly string[];
}

type Told = Omit<TimelineLine, 'time'>;

/** The story that the journal of an alert tells. @throws Fault `halt` where it is not an alert's */
export function alertTimeline(entries: readonly Entry[]): readonly TimelineLine[] {
  return entries.map((entry) => ({ time: entry.time, ...tellAlert(alertEntryOf(entry)) }));
}

/** The story that the journal of a run tells, every step with what was before and after. @throws Fault `halt` where it is not a run's */
export function runTimeline(entries: readonly Entry[]): readonly TimelineLine[] {
  const steps = new Map<string, PlannedStep>();
  const plans = new Map<string, Plan>();
  let acted = false;
  return entries.map((entry) => {
    const parsed = runEntryOf(entry);
    acted ||= parsed.type === 'step-intended';
    if (parsed.type === 'run-ended') return { time: entry.time, ...ended(parsed.data, acted) };
    if (parsed.type === 'planned') {
      for (const plan of parsed.data.plans) plans.set(plan.digest, plan);
      for (const [key, step] of parsed.data.plans.flatMap(named)) steps.set(key, step);
    }
    return { time: entry.time, ...tell(parsed, { steps, plans }) };
  });
}

/** Every step of a plan by its key, and what takes it back by that of its undo. */
function named({ steps }: Plan): readonly (readonly [string, PlannedStep])[] {
  return steps.flatMap(
    (step) => [[step.key, step], ...('action' in step ? [[undoKey(step.key), undoOf(step)] as const] : [])] as const,
  );
}

function tellAlert(entry: ReturnType<typeof alertEntryOf>): Told {
  switch (entry.type) {
    case 'alert-received':
      return received(entry.data.alert);
    case 'alert-redriven':
      return {
        stage: 'redrive',
        text: `${entry.data.byName} has it answered again: ${entry.data.reason}`,
        details: [],
      };
    case 'alert-refused':
      return {
        stage: 'refused',
        text: `${entry.data.source} from ${entry.data.sender}: ${entry.data.message}`,
        details: [`the raw bytes are kept under ${entry.data.raw.sha256}`],
      };
    case 'alert-answered':
      return answered(entry.data);
  }
}

function received(alert: Alert): Told {
  const names = alert.nominations.map(({ by, value }) => `${by} ${value}`).join(', ');
  const whom = names === '' ? `names nobody, counts ${alert.identityCount ?? 'nothing'}` : `names ${names}`;
  return {
    stage: 'received',
    text: `"${alert.title}" (${alert.rule}) about ${alert.system.type} ${alert.system.id}`,
    details: [
      `by ${alert.source} from ${alert.sender}; ${whom}`,
      `raw bytes kept under ${alert.raw.sha256.slice(0, 16)}…`,
    ],
  };
}

function answered({ summary, considered, left }: Answered): Told {
  const details = [
    ...considered
      .filter(({ answers }) => !answers)
      .map(({ playbook, against }) => `not ${playbook}: ${against.join('; ')}`),
    ...left.map(({ who, reason }) => `left out ${who}: ${reason}`),
  ];
  return { stage: 'answered', text: summary, details };
}

type StepEntry = Extract<RunEntry, { type: `step-${string}` | 'waiting' }>;

/** What was planned so far: steps by key, plans by digest. */
interface Planned {
  readonly steps: ReadonlyMap<string, PlannedStep>;
  readonly plans: ReadonlyMap<string, Plan>;
}

function tell(entry: Exclude<RunEntry, { type: 'run-ended' }>, { steps, plans }: Planned): Told {
  switch (entry.type) {
    case 'run-opened':
      return opened(entry.data);
    case 'proved':
      return proved(entry.data.proof, entry.data.step);
    case 'planned':
      return { stage: 'plan', text: planWord(entry.data.plans), details: entry.data.plans.flatMap(planLines) };
    case 'guarded':
      return guarded(entry.data.choices);
    case 'asked':
      return {
        stage: 'asked',
        text: `${entry.data.choices.join(', ')} or reject, until ${minute(entry.data.expiresAt)}`,
        details: [],
      };
    case 'decided':
      return decided(entry.data, plans);
    case 'approval-voided':
      return { stage: 'voided', text: entry.data.reason, details: ['it is asked again'] };
    case 'held':
      return { stage: 'held', text: entry.data.reason, details: ['nothing is done until it is released'] };
    case 'canary-passed':
      return { stage: 'canary', text: `may act alone: ${entry.data.reason}`, details: [] };
    case 'canary-waiting':
      return { stage: 'canary', text: `${entry.data.reason}, until ${minute(entry.data.until)}`, details: [] };
    case 'mode-lowered':
      return { stage: 'mode', text: entry.data.reason, details: [] };
    case 'plan-voided':
      return { stage: 'voided', text: entry.data.reason, details: ['the plan and any decision on it no longer count'] };
    case 'redriven':
      return { stage: 'redrive', text: `${entry.data.byName} lets it go on: ${entry.data.reason}`, details: [] };
    case 'undo-decided':
      return { stage: 'undo', text: `${entry.data.byName} takes it back: ${entry.data.reason}`, details: [] };
    case 'undo-reopened':
      return { stage: 'undo', text: `${entry.data.step} was done again by somebody; undone again`, details: [] };
    case 'undo-ended':
      return { stage: 'ended', text: `${entry.data.outcome}: ${entry.data.reason}`, details: [] };
    default:
      return tellStep(entry, steps.get(entry.data.step));
  }
}

/** Where nothing was tried, what the guards said stands right above and is not said twice. */
function ended({ outcome, reason }: Extract<RunEntry, { type: 'run-ended' }>['data'], acted: boolean): Told {
  const untouched = outcome === 'refused' && !acted;
  return { stage: 'ended', text: untouched ? 'refused, nothing was changed' : `${outcome}: ${reason}`, details: [] };
}

function opened({ playbook, identity, system, mode, modeNote, localWaitMs }: Opened): Told {
  const note = modeNote === null ? '' : ` (${modeNote})`;
  const shortened = localWaitMs === null ? [] : [`local trial: every wait is cut to ${localWaitMs / 1000} s`];
  return {
    stage: 'opened',
    text: `${playbook.name} v${playbook.version} for ${identity.displayName} (${identity.userPrincipalName}) in ${system.name}`,
    details: [`mode ${mode}${note}`, ...shortened],
  };
}

function proved(proof: Proof, step: string | null): Told {
  const again = step === null ? '' : ' again';
  return {
    stage: 'proved',
    text: `${proof.claim}${again}: ${proof.verdict}, ${proof.reason}`,
    details: step === null ? proof.evidence.map(({ fact, value, source }) => `${fact} ${show(value)} (${source})`) : [],
  };
}

function planWord(plans: readonly Plan[]): string {
  return plans.length === 1 ? 'one choice' : `${plans.length} choices`;
}

function planLines(plan: Plan): readonly string[] {
  const people = plan.people > 1 ? ` · ${plan.people} people where it asks` : '';
  return [
    `[${plan.choice}] ${plan.label}${people} · digest ${plan.digest.slice(0, 12)}`,
    ...plan.steps.flatMap(planStepLines),
  ];
}

/** A step of a plan, and the access that stays in spite of it. */
function planStepLines(step: PlannedStep): readonly string[] {
  if ('wait' in step)
    return [`  ${step.key} wait ${step.wait}${step.ms < 60_000 ? ` (here ${step.ms / 1000} s)` : ''}`];
  if ('prove' in step) return [`  ${step.key} prove again, and stop where it is no longer true`];
  return [
    `  ${step.key} ${step.summary}${step.calls.length === 0 ? ' (already so)' : ''}`,
    ...step.residual.map(({ what, why }) => `      stays: ${what}; ${why}`),
  ];
}

/** Every step of a plan with its exact calls and its undo: what somebody who approves it approves. */
export function exactLines(plan: Plan): readonly string[] {
  return plan.steps.flatMap((step) => {
    if (!('action' in step)) return planStepLines(step);
    const calls = step.calls.map(callLine);
    return [...planStepLines(step), ...calls, `      undo: ${step.undoNote}`];
  });
}

function callLine({ method, to, path, body }: Call): string {
  return `      ${method} ${to === 'exclusions' ? path : `${to}${path}`}${inWords(body)}`;
}

/** A body as one line; null and {} say nothing. */
function inWords(body: Json): string {
  const text = body === null ? '' : JSON.stringify(body);
  return text === '' || text === '{}' ? '' : ` ${text}`;
}

function guarded(choices: readonly GuardedChoice[]): Told {
  const refused = choices.filter(({ refusals }) => refusals.length > 0);
  const passed = choices.filter(({ refusals }) => refusals.length === 0).map(({ choice }) => choice);
  const reasons = refused.flatMap(({ refusals }) => refusals.map(({ guard, reason }) => `${guard}: ${reason}`));
  return {
    stage: 'guards',
    text: refused.length === 0 ? 'nothing speaks against it' : `allowed: ${passed.join(', ') || 'nothing'}`,
    details: [...new Set(reasons)],
  };
}

function decided(data: Extract<RunEntry, { type: 'decided' }>['data'], plans: Planned['plans']): Told {
  const asked = !data.by.startsWith('playbook:');
  const people = asked ? (plans.get(data.digest ?? '')?.people ?? 1) : 1;
  const what = data.choice === null ? 'rejected' : `chose ${data.choice}`;
  const why = data.reason === null ? '' : `: ${data.reason}`;
  return {
    stage: 'decision',
    text: `${data.byName} ${what}${why}`,
    details:
      data.digest === null
        ? []
        : [`on plan ${data.digest.slice(0, 12)}${people > 1 ? `, which needs ${people} people` : ''}`],
  };
}

function tellStep(entry: StepEntry, step: PlannedStep | undefined): Told {
  const name = step && 'action' in step ? `${step.key} ${step.action}` : entry.data.step;
  switch (entry.type) {
    case 'step-intended':
      return {
        stage: 'act',
        text: `${name}${entry.data.attempt > 1 ? ` (attempt ${entry.data.attempt})` : ''}`,
        details: sent(step),
      };
    case 'step-applied':
      return { stage: 'sent', text: `${name}: ${calls(step)}`, details: [] };
    case 'step-verified':
      return {
        stage: 'verified',
        text: `${name} (${entry.data.by})`,
        details: step && 'action' in step ? beforeAfter(step) : [],
      };
    case 'step-deferred':
      return { stage: 'put off', text: `${name} until ${minute(entry.data.until)}: ${entry.data.reason}`, details: [] };
    case 'step-failed':
      return { stage: 'failed', text: `${name}: ${entry.data.reason} (${entry.data.code})`, details: [] };
    case 'waiting':
      return { stage: 'waiting', text: `until ${minute(entry.data.until)}`, details: [] };
  }
}

function sent(step: PlannedStep | undefined): readonly string[] {
  return step && 'action' in step ? step.calls.map((call) => callLine(call).trim()) : [];
}

function calls(step: PlannedStep | undefined): string {
  const count = step && 'action' in step ? step.calls.length : 0;
  return count === 1 ? '1 call' : `${count} calls`;
}

/** Where an action compares nothing before, there is nothing to show. */
function beforeAfter({ before, after }: PlannedAction): readonly string[] {
  if (canonical(after) === '{}') return [];
  if (canonical(before) === '{}') return [`after  ${show(after)}`];
  return [`before ${show(before)}`, `after  ${show(after)}`];
}

/** JSON without the noise: an object as `key value, key value`. */
function show(value: Json): string {
  if (value === null) return 'none';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.length === 0 ? 'nothing' : value.map(show).join('; ');
  if (typeof value !== 'object') return String(value);
  return (
    Object.entries(toJson(value))
      .map(([key, inner]) => `${key} ${show(inner)}`)
      .join(', ') || '-'
  );
}

function minute(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 19)}`;
}
