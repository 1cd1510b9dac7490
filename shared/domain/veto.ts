import { chosenPlan, type Run, type StepState } from './run.ts';

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

/** When the first stage of the run that changed anything had taken hold; null while none has. Stages are what waits part. */
export function changedAt(run: Run): string | null {
  for (const states of stagesOf(run)) {
    const times = states.flatMap((state) => (state?.state === 'verified' ? [state.at] : []));
    if (times.length < states.length) return null;
    if (!states.every(wasSo)) return times.sort().at(-1) ?? null;
  }
  return null;
}

/** Was all that it wanted to do at first so already? Then it has touched nobody, and waits before it may. */
export function foundDone(run: Run): boolean {
  const [first] = stagesOf(run);
  return first?.every(wasSo) ?? false;
}

function wasSo(state: StepState | undefined): boolean {
  return state?.state === 'verified' && state.by === 'already so';
}

/** How far the actions have come between one wait and the next: a plan may begin with a wait. */
function stagesOf(run: Run): readonly (readonly (StepState | undefined)[])[] {
  const stages: (StepState | undefined)[][] = [[]];
  for (const step of chosenPlan(run)?.steps ?? []) {
    if ('action' in step) stages.at(-1)?.push(run.steps.get(step.key));
    else if ('wait' in step) stages.push([]);
  }
  return stages.filter((states) => states.length > 0);
}
