import { z } from 'zod';
import { callSchema } from './call.ts';
import { digestOf } from './digest.ts';
import type { Identity } from './identity.ts';
import { jsonSchema, toJson } from './json.ts';
import type { Playbook } from './playbook.ts';
import type { Proof } from './proof.ts';

/** How much harm an action could do, in rising order. `destructive` is what cannot be fully put back. */
export const risks = ['notify', 'annotate', 'reversible', 'destructive'] as const;
export type Risk = (typeof risks)[number];

/** Is there something to lose: does the action change what somebody can do? */
export function changesAccess(risk: Risk): boolean {
  return risk === 'reversible' || risk === 'destructive';
}

const changeSchema = z.strictObject({
  /** One line for a person: what will be done to whom. */
  summary: z.string(),
  /** What the action would change, as it is now. */
  before: jsonSchema,
  /** The same, as it will be. */
  after: jsonSchema,
  /** Every call, exactly, in order. Empty where nothing has to be done. */
  calls: z.array(callSchema),
  /** The calls that put `before` back, in order; null where there is no undo. */
  undo: z.array(callSchema).nullable(),
  /** What the undo does and until when, or why there is none. */
  undoNote: z.string(),
  /** Access that stays in spite of it. */
  residual: z.array(z.strictObject({ what: z.string(), why: z.string() })),
});
/** What one action would do to one identity. */
export type Change = z.infer<typeof changeSchema>;

/** `2.1`: the first step of the run's second plan. Steps keep their names for ever, whatever is planned later. */
const key = z.string().regex(/^\d+\.\d+$/);

const plannedActionSchema = changeSchema.extend({
  key,
  action: z.string(),
  /** The playbook's settings for it, so that it can be planned again and compared. */
  settings: z.record(z.string(), jsonSchema),
  risk: z.enum(risks),
});
const plannedWaitSchema = z.strictObject({ key, wait: z.string(), ms: z.int().nonnegative() });
const plannedProofSchema = z.strictObject({ key, prove: z.literal('again') });
export const plannedStepSchema = z.union([plannedActionSchema, plannedWaitSchema, plannedProofSchema]);
export type PlannedStep = z.infer<typeof plannedStepSchema>;
export type PlannedAction = z.infer<typeof plannedActionSchema>;

/** Steps with before-state, exact calls, undo and residual access, for one choice. */
export const planSchema = z.strictObject({
  choice: z.string(),
  label: z.string(),
  steps: z.array(plannedStepSchema),
  /** How many different people have to approve it. */
  people: z.int().min(1).default(1),
  /** What an approval is for: of the run, the playbook, the identity, the evidence and every step. */
  digest: z.string().length(64),
});
export type Plan = z.infer<typeof planSchema>;

/** From this risk on, two people have to approve, whatever the playbook says. */
const twoPeopleFrom = risks.indexOf('destructive');

/** How many different people have to approve these steps: what the playbook asks for, and two for what deletes. */
function peopleFor(playbook: { readonly people: number }, steps: readonly PlannedStep[]): number {
  const deletes = steps.some((step) => 'action' in step && risks.indexOf(step.risk) >= twoPeopleFrom);
  return Math.max(playbook.people, deletes ? 2 : 1);
}

/** The plan of one choice, digested. Pure: the same world gives the same digest. */
export function planOf(
  about: { run: string; alert: string; playbook: Playbook; identity: Identity; proof: Proof },
  choice: { name: string; label: string },
  steps: readonly PlannedStep[],
): Plan {
  const { run, alert, playbook, identity, proof } = about;
  const people = peopleFor(playbook, steps);
  const bound = {
    run,
    alert,
    playbook: { name: playbook.name, version: playbook.version, digest: playbook.digest },
    identity: identity.id,
    evidence: proof,
    choice: choice.name,
    people,
    steps,
  };
  return { choice: choice.name, label: choice.label, steps: [...steps], people, digest: digestOf(toJson(bound)) };
}

/** The actions of a plan, without waits and proofs. */
export function actionsOf(plan: Pick<Plan, 'steps'>): readonly PlannedAction[] {
  return plan.steps.filter((step): step is PlannedAction => 'action' in step);
}

/**
 * The actions that take something away and come before the last wait before a step: what a person can have put back
 * meanwhile. None where nothing was waited for.
 */
export function changedBeforeWait({ steps }: Plan, key: string): readonly PlannedAction[] {
  const position = steps.findIndex((step) => step.key === key);
  const wait = steps.slice(0, Math.max(position, 0)).findLastIndex((step) => 'wait' in step);
  return steps
    .slice(0, Math.max(wait, 0))
    .filter((step): step is PlannedAction => 'action' in step && changesAccess(step.risk));
}

/** Is everything the plan wants already so? Then there is nothing to approve and nothing to do. */
export function changesNothing(plan: Plan): boolean {
  return actionsOf(plan).every((step) => step.calls.length === 0);
}
