import { milliseconds } from '../domain/duration.ts';
import { Fault } from '../domain/fault.ts';
import { keptAs, keptSteps } from '../domain/kept.ts';
import { type PlannedAction, type PlannedStep, planOf } from '../domain/plan.ts';
import type { Step } from '../domain/playbook.ts';
import type { Run } from '../domain/run.ts';
import type { Action, Target } from '../ports.ts';
import type { Deciding } from './engine.ts';
import type { Journal } from './journal.ts';

/** Plans every choice of the playbook: the state before, the exact calls, the undo, what access stays. */
export async function plan(engine: Deciding, journal: Journal): Promise<void> {
  const run = journal.run();
  const { playbook, alert, identity } = run.opened;
  const { proof } = run;
  if (!proof) throw new Fault('halt', 'unproved', `${run.id} was to be planned before it was proved.`);
  const number = run.planNumber + 1;
  const plans = [];
  let position = 0;
  for (const [name, { label, steps }] of Object.entries(playbook.choices)) {
    const planned: PlannedStep[] = [];
    const kept = await keptSteps({ run, choice: name, now: engine.clock() }, steps, (step) =>
      stands(engine, run, step),
    );
    for (const [index, step] of steps.entries()) {
      position += 1;
      const key = `${number}.${position}`;
      const before = kept[index];
      planned.push(before ? keptAs(before, key) : await planStep(engine, run, step, key));
    }
    plans.push(planOf({ run: run.id, alert, playbook, identity, proof }, { name, label }, planned));
  }
  await journal.note('planned', { plans });
}

/** Does what a step did still hold? Word that was sent stays sent. */
async function stands(engine: Deciding, run: Run, step: PlannedAction): Promise<boolean> {
  const action = actionNamed(engine.actions, step.action);
  return action.effect === 'notify' || action.satisfied(await action.observe(engine.world, targetOf(run)), step);
}

async function planStep(engine: Deciding, run: Run, step: Step, key: string): Promise<PlannedStep> {
  if ('wait' in step) return { key, wait: step.wait, ms: waitMs(run, step.wait) };
  if ('prove' in step) return { key, prove: step.prove };
  const action = actionNamed(engine.actions, step.action);
  const target = targetOf(run);
  const observed = await action.observe(engine.world, target);
  const change = action.plan(observed, target, step.with, engine.clock());
  return { key, action: action.name, settings: step.with, risk: action.risk, ...change };
}

function waitMs(run: Run, wait: string): number {
  const ms = milliseconds(wait);
  return run.opened.localWaitMs === null ? ms : Math.min(ms, run.opened.localWaitMs);
}

/** The action of that name. @throws Fault `halt`: playbooks are checked against the catalog when they are loaded. */
export function actionNamed(actions: ReadonlyMap<string, Action>, name: string): Action {
  const action = actions.get(name);
  if (!action) throw new Fault('halt', 'unknown-action', `There is no action ${name}.`);
  return action;
}

/** What the steps of a run are about. */
export function targetOf(run: Run): Target {
  const { identity, system } = run.opened;
  return { run: run.id, identity, system };
}
