import { canonical } from './json.ts';
import type { PlannedAction, PlannedStep } from './plan.ts';
import type { Step } from './playbook.ts';
import { type Run, stepDone } from './run.ts';

/**
 * What a redriven run had done already in this choice, in order, up to the first step that is not behind it: as far as
 * the playbook's steps are the same, and what was done still stands.
 * @param steps of the choice
 * @param stands does the change of a step still hold? asked for in order, and not beyond the first that does not
 */
export async function keptSteps(
  { run, choice, now }: { run: Run; choice: string; now: string },
  steps: readonly Step[],
  stands: (step: PlannedAction) => Promise<boolean>,
): Promise<readonly PlannedStep[]> {
  const before = run.redriven?.plan;
  if (!before || before.choice !== choice) return [];
  const kept: PlannedStep[] = [];
  for (const [index, step] of before.steps.entries()) {
    const wanted = steps[index];
    if (!wanted || !isSame(step, wanted) || !stepDone(run, step, now)) break;
    if ('action' in step && !(await stands(step))) break;
    kept.push(step);
  }
  return kept;
}

function isSame(planned: PlannedStep, step: Step): boolean {
  if ('action' in planned && 'action' in step)
    return planned.action === step.action && canonical(planned.settings) === canonical(step.with);
  if ('wait' in planned && 'wait' in step) return planned.wait === step.wait;
  return 'prove' in planned && 'prove' in step;
}

/** A kept step as it stands in the new plan: nothing is left to do, and its undo stays with the step that did it. */
export function keptAs(step: PlannedStep, key: string): PlannedStep {
  if ('wait' in step) return { ...step, key, ms: 0 };
  if ('prove' in step) return { ...step, key };
  return { ...step, key, calls: [], undo: [], undoNote: `undone with step ${step.key}, which did it` };
}
