import type { Plan } from './plan.ts';
import { chosenPlan, type Run } from './run.ts';

/** Something that speaks against letting a playbook go on alone: what, and when. */
export interface Veto {
  readonly reason: string;
  readonly at: string;
}

/** What was carried out by the run itself and never taken back, by the actions' names; what was so before is not counted. */
export function carriedOutBy(run: Run): readonly string[] {
  return run.everPlanned.flatMap((step) => {
    const state = run.steps.get(step.key);
    return 'action' in step && state?.state === 'verified' && state.by !== 'already so' ? [step.action] : [];
  });
}

/** Did somebody take the run back or reject it, did it fail, or did the claim turn out wrong after something was done? */
export function vetoOf(run: Run): Veto | null {
  const { undo, decision, ended } = run;
  if (undo) return { reason: `${undo.byName} took it back: ${undo.reason}`, at: undo.at };
  if (decision?.choice === null)
    return { reason: `${decision.byName} rejected it: ${decision.reason ?? 'without a reason'}`, at: decision.at };
  if (ended?.outcome === 'failed') return { reason: `it failed: ${ended.reason}`, at: ended.at };
  const done = carriedOutBy(run).length > 0;
  if (done && ended?.outcome === 'not-confirmed') return { reason: ended.reason, at: ended.at };
  return done && run.voided.length > 0
    ? { reason: `it was changed back: ${run.voided.join('; ')}`, at: ended?.at ?? run.proof?.at ?? run.openedAt }
    : null;
}

/** When the first stage of the run, everything before its first wait, had taken hold; null while it has not. */
export function firstStageAt(run: Run): string | null {
  const plan = chosenPlan(run);
  if (!plan) return null;
  const states = firstStage(plan).map(({ key }) => run.steps.get(key));
  const times = states.flatMap((state) => (state?.state === 'verified' ? [state.at] : []));
  return times.length === states.length ? (times.sort().at(-1) ?? null) : null;
}

/** The actions before the first wait that follows one: a plan may begin with a wait. */
function firstStage({ steps }: Plan): Plan['steps'] {
  const first = steps.findIndex((step) => 'action' in step);
  const wait = steps.findIndex((step, position) => position > first && 'wait' in step);
  return steps.slice(0, wait < 0 ? steps.length : wait).filter((step) => 'action' in step);
}
