import { type Budget, type BudgetClass, fullInWords, inCounts } from '../domain/budget.ts';
import { controlInWords, controlsOn } from '../domain/control.ts';
import { Fault } from '../domain/fault.ts';
import type { PlannedAction } from '../domain/plan.ts';
import type { Run } from '../domain/run.ts';
import { auditRefusal } from './audit.ts';
import { controlsNow, quarantine } from './control.ts';
import type { Engine } from './engine.ts';
import type { Journal } from './journal.ts';
import { actionNamed } from './plan.ts';

/** How long a held run rests before it looks again, in milliseconds. */
export const lookAgainMs = 60_000;

/**
 * Is the step stopped by a person or a quarantine? Then the run is held: it does not end, and goes on when it is
 * released. Undoing is never held: whoever stopped everything because it went wrong has to be able to take it back.
 */
export async function heldByControls(engine: Engine, journal: Journal, step: PlannedAction): Promise<boolean> {
  const run = journal.run();
  if (run.undo) return false;
  const about = { playbook: run.opened.playbook.name, action: step.action };
  const stops = controlsOn(await controlsNow(engine), about);
  if (stops.length === 0) return false;
  await hold(journal, stops.map(controlInWords).join('; '));
  return true;
}

/** Takes the step's place in the budget of its class; where there is none, the playbook is quarantined and the run held. */
export async function heldByBudget(engine: Engine, journal: Journal, step: PlannedAction): Promise<boolean> {
  const run = journal.run();
  const counted = countedAs(step);
  if (run.undo || counted === null) return false;
  const system = systemOf(engine, run, step);
  const budget = await budgetNow(engine, counted);
  const key = `${run.id}:${step.key}`;
  const reserved = await engine.budgets.reserve({ class: counted, system, key, now: engine.clock(), budget });
  if (reserved.granted) return false;
  // What a person stopped is stopped, and not in quarantine as well for what it could not do.
  if (await heldByControls(engine, journal, step)) return true;
  const reason = fullInWords({ class: counted, system }, reserved);
  const { by = null, byName = null } = run.decision ?? {};
  const attempt = { what: 'execution', channel: 'engine', run: run.id, by, byName } as const;
  if (!run.held) await auditRefusal(engine, attempt, { code: 'budget-full', message: reason });
  await hold(journal, controlInWords(await quarantine(engine, run.opened.playbook.name, reason)));
  return true;
}

/** The budget of a class as counts of now. @throws Fault `retry` where the users cannot be counted: then nothing is done, and nothing ends */
export async function budgetNow(
  { limits, world }: Pick<Engine, 'limits' | 'world'>,
  counted: BudgetClass,
): Promise<Budget> {
  const budget = limits.budgets[counted];
  if (!budget.percent) return budget;
  try {
    return inCounts(budget, await world.directory.userCount());
  } catch (cause) {
    const message = 'How many users there are cannot be read, so nothing is done.';
    throw new Fault('retry', 'users-uncounted', message, { retryAfterMs: lookAgainMs, cause });
  }
}

export function countedAs({ risk }: PlannedAction): BudgetClass | null {
  return risk === 'reversible' || risk === 'destructive' ? risk : null;
}

/** Whose budget it is: an account belongs to the directory, however many systems it is used in. */
export function systemOf({ actions }: Pick<Engine, 'actions'>, { opened }: Run, { action }: PlannedAction): string {
  return actionNamed(actions, action).changesAccount ? 'the directory' : `${opened.system.type} ${opened.system.id}`;
}

/** Records why the run is held, once for each reason. */
async function hold(journal: Journal, reason: string): Promise<void> {
  if (journal.run().held?.reason !== reason) await journal.note('held', { reason });
}
