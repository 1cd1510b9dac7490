import type { PlannedAction } from './plan.ts';
import type { Run, StepState } from './run.ts';

/** Name of the step that undoes another. */
export function undoKey(key: string): string {
  return `undo:${key}`;
}

/** The name of the step that is undone, where the key is that of an undo. */
export function undoneKey(key: string): string | null {
  return key.startsWith('undo:') ? key.slice('undo:'.length) : null;
}

/** What undoing a run comes to: the steps, last one first, and what cannot be undone. */
export interface UndoPlan {
  readonly steps: readonly PlannedAction[];
  readonly irreversible: readonly string[];
}

/**
 * The undo of every step that changed something or may have. A step that was already so before the run changed nothing,
 * and stays. Sending word changes nothing either. What a plan did before it was voided is undone too.
 */
export function undoPlan(run: Run): UndoPlan {
  const actions = run.everPlanned.filter((step): step is PlannedAction => 'action' in step);
  const changing = actions.filter(({ key, risk }) => risk !== 'notify' && changed(run.steps.get(key)));
  return {
    steps: changing
      .filter(({ undo }) => undo !== null && undo.length > 0)
      .map(undoOf)
      .reverse(),
    irreversible: changing.filter(({ undo }) => undo === null).map(({ action }) => action),
  };
}

function changed(state: StepState | undefined): boolean {
  if (!state || state.state === 'waiting') return false;
  return state.state !== 'verified' || state.by !== 'already so';
}

/** The step turned round: its calls are the undo, and it is where it should be once `before` is back. */
export function undoOf(step: PlannedAction): PlannedAction {
  return {
    ...step,
    key: undoKey(step.key),
    before: step.after,
    after: step.before,
    calls: step.undo ?? [],
    undo: step.calls,
  };
}

/**
 * Of what was undone, that by which it is seen whether it stays so. Where one action was carried out more than once, each
 * undo goes back to what it had found, which an earlier one may have left there; the last one goes back to before the run.
 */
export function lastOfEach(undone: readonly PlannedAction[]): readonly PlannedAction[] {
  return undone.filter(({ action }, at) => !undone.slice(at + 1).some((later) => later.action === action));
}
