import { z } from 'zod';
import { systemTypes } from './alert.ts';
import { Fault } from './fault.ts';
import { identitySchema } from './identity.ts';
import { saidIn } from './inputs.ts';
import { jsonSchema } from './json.ts';
import type { Entry } from './ledger.ts';
import { modes } from './mode.ts';
import { planSchema } from './plan.ts';
import type { Playbook } from './playbook.ts';
import { evidenceSchema, proofSchema } from './proof.ts';

/** How a run can end. `done` and `failed` changed something, or may have; the others can come after a step that did. */
export const outcomes = [
  'done',
  'nothing-to-do',
  'observed',
  'not-confirmed',
  'refused',
  'rejected',
  'expired',
  'failed',
] as const;
export type Outcome = (typeof outcomes)[number];

/** How an undo can end. */
export const undoOutcomes = ['undone', 'partly-undone', 'nothing-to-undo'] as const;
export type UndoOutcome = (typeof undoOutcomes)[number];

const time = z.iso.datetime();
const step = z.string();
const refusal = z.strictObject({ guard: z.string(), action: z.string(), reason: z.string() });

/** The playbook travels with the run: what is deployed later does not change a run that has begun. */
const playbook = z.custom<Playbook>((value) => value !== null && typeof value === 'object' && 'digest' in value);

/** How a run begins. */
export const openedSchema = z.strictObject({
  alert: z.string(),
  rule: z.string(),
  source: z.string(),
  /** Who sent the alert, as authenticated: `person:<object id>`, `mail:domain`, `queue`. */
  requestedBy: z.string(),
  /** The alert's own words and time, of its sender and believed in nothing; runs of earlier versions have none. */
  title: z.string().optional(),
  occurredAt: time.optional(),
  playbook,
  identity: identitySchema,
  system: z.strictObject({ type: z.enum(systemTypes), id: z.string(), name: z.string() }),
  mode: z.enum(modes),
  /** Why the mode is not the playbook's own; null where it is. */
  modeNote: z.string().nullable(),
  /** Runs of the same alert that come before this one, where it may act alone: it waits until some of them stand. */
  earlier: z.array(z.string()).optional(),
  /** Milliseconds that every wait is cut to in a local trial; null everywhere else. */
  localWaitMs: z.int().positive().nullable(),
});

const choice = z.strictObject({ choice: z.string(), digest: z.string(), refusals: z.array(refusal) });

/** Every entry a run can have. The run is the fold of these; see `run.ts`. */
export const runEntrySchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('run-opened'), data: openedSchema }),
  /** `step` is null for the first proof, else the step it was repeated before. */
  z.strictObject({ type: z.literal('proved'), data: z.strictObject({ proof: proofSchema, step: step.nullable() }) }),
  z.strictObject({ type: z.literal('planned'), data: z.strictObject({ plans: z.array(planSchema) }) }),
  z.strictObject({ type: z.literal('guarded'), data: z.strictObject({ choices: z.array(choice) }) }),
  /** `facts` are what was read for the people who are asked, beyond the proof; nothing is decided on them. */
  z.strictObject({
    type: z.literal('asked'),
    data: z.strictObject({ choices: z.array(z.string()), expiresAt: time, facts: z.array(evidenceSchema).optional() }),
  }),
  /** One person's word, or the playbook's own; `choice` is null where it is rejected. A plan may need several. */
  z.strictObject({
    type: z.literal('decided'),
    data: z.strictObject({
      choice: z.string().nullable(),
      digest: z.string().nullable(),
      by: z.string(),
      byName: z.string(),
      reason: z.string().nullable(),
    }),
  }),
  z.strictObject({
    type: z.literal('step-intended'),
    data: z.strictObject({ step, worker: z.string(), attempt: z.int().positive(), leaseUntil: time }),
  }),
  z.strictObject({ type: z.literal('step-applied'), data: z.strictObject({ step, answers: z.array(jsonSchema) }) }),
  z.strictObject({
    type: z.literal('step-verified'),
    data: z.strictObject({
      step,
      observed: jsonSchema,
      by: z.enum(['applied', 'already so', 'recovered', 'acknowledged']),
    }),
  }),
  z.strictObject({
    type: z.literal('step-deferred'),
    /** `unsent` where the far side was too busy: it does not use up an attempt. */
    data: z.strictObject({
      step,
      reason: z.string(),
      until: time,
      attempt: z.int().positive(),
      unsent: z.literal(true).optional(),
    }),
  }),
  z.strictObject({
    type: z.literal('step-failed'),
    data: z.strictObject({ step, code: z.string(), reason: z.string() }),
  }),
  z.strictObject({ type: z.literal('waiting'), data: z.strictObject({ step, until: time }) }),
  /** A person lets a failed run go on: proved, planned and guarded again, and asked again where a person has to say so. */
  z.strictObject({
    type: z.literal('redriven'),
    data: z.strictObject({ by: z.string(), byName: z.string(), reason: z.string() }),
  }),
  /** A person takes it back: from here on nothing is done any more but undoing. */
  z.strictObject({
    type: z.literal('undo-decided'),
    data: z.strictObject({ by: z.string(), byName: z.string(), reason: z.string() }),
  }),
  /** Something put an undone step back, such as a late worker: it is undone again. */
  z.strictObject({ type: z.literal('undo-reopened'), data: z.strictObject({ step }) }),
  z.strictObject({
    type: z.literal('undo-ended'),
    data: z.strictObject({ outcome: z.enum(undoOutcomes), reason: z.string() }),
  }),
  /** Stopped by a person or a quarantine: nothing is done until it is released. */
  z.strictObject({ type: z.literal('held'), data: z.strictObject({ reason: z.string() }) }),
  /** Somebody who approved may do so no longer: their approval is gone, and the question is asked again. */
  z.strictObject({ type: z.literal('approval-voided'), data: z.strictObject({ by: z.string(), reason: z.string() }) }),
  /** What was done to those of the same alert that came before has to stand until then. */
  z.strictObject({ type: z.literal('canary-waiting'), data: z.strictObject({ reason: z.string(), until: time }) }),
  /** Those of the same alert that came before stand: this one may act alone. */
  z.strictObject({ type: z.literal('canary-passed'), data: z.strictObject({ reason: z.string() }) }),
  /** The run may go less far from here on than when it was opened. */
  z.strictObject({
    type: z.literal('mode-lowered'),
    data: z.strictObject({ to: z.literal('approve'), reason: z.string() }),
  }),
  z.strictObject({ type: z.literal('plan-voided'), data: z.strictObject({ reason: z.string() }) }),
  z.strictObject({
    type: z.literal('run-ended'),
    data: z.strictObject({ outcome: z.enum(outcomes), reason: z.string() }),
  }),
]);
export type RunEntry = z.infer<typeof runEntrySchema>;
export type Opened = z.infer<typeof openedSchema>;
export type GuardedChoice = z.infer<typeof choice>;

type TypedEntry = RunEntry & { time: string; actor: string };

/** Entries never change, and a run is folded from the same ones again and again: each is checked once. */
const checked = new WeakMap<Entry, TypedEntry>();

/** An entry of a run, checked. @throws Fault `halt` where the ledger holds something a run cannot have. */
export function runEntryOf(entry: Entry): TypedEntry {
  const known = checked.get(entry);
  if (known) return known;
  const parsed = runEntrySchema.safeParse({ type: entry.type, data: saidIn(entry) });
  if (!parsed.success)
    throw new Fault(
      'halt',
      'ledger-unreadable',
      `Entry ${entry.sequence} of ${entry.journal} is not one a run can have.`,
      {
        detail: { issues: parsed.error.issues.map((issue) => `${issue.path.map(String).join('.')}: ${issue.message}`) },
      },
    );
  const typed = { ...parsed.data, time: entry.time, actor: entry.actor };
  checked.set(entry, typed);
  return typed;
}
