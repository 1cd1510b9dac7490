import { z } from 'zod';
import { systemTypes } from './alert.ts';
import { conditionProblems } from './condition.ts';
import { durationSchema } from './duration.ts';
import { type Mode, modes } from './mode.ts';
import { claimNames } from './proof.ts';

const slug = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'use lower-case words joined by -')
  .max(60);

const actionStep = z
  .strictObject({
    action: slug.describe('Name of an action, such as disable-user.'),
    with: z.record(z.string(), z.json()).default({}).describe('Settings of the action.'),
  })
  .describe('Do something, once, and verify it.');
const waitStep = z
  .strictObject({ wait: durationSchema.describe('How long, such as P30D.') })
  .describe('Wait; the ledger keeps the time, not a process.');
const proveStep = z
  .strictObject({ prove: z.literal('again') })
  .describe('Prove the claim again, and stop where it is no longer true.');
const useStep = z
  .strictObject({ use: slug.describe('Name of another playbook.') })
  .describe("The steps of another playbook's only choice.");

const stepSchema = z.union([actionStep, waitStep, proveStep, useStep]);
export type WrittenStep = z.infer<typeof stepSchema>;

/** A step ready to be planned: `use` is replaced by the steps it stands for. */
export type Step = Exclude<WrittenStep, { use: string }>;

const choiceSchema = z.strictObject({
  label: z.string().min(1).max(80).describe('What the approver reads on the button.'),
  steps: z.array(stepSchema).min(1).max(12),
});

const testSchema = z.strictObject({
  name: z.string().min(1),
  given: z.strictObject({
    rule: z.string().describe('Rule of the alert, as a slug.'),
    system: z
      .strictObject({
        type: z.enum(systemTypes).default('azure'),
        name: z.string().default('Example'),
        tags: z.record(z.string(), z.string()).default({}),
      })
      .prefault({}),
    identityCount: z.int().nonnegative().nullable().default(null),
    lastSignInDaysAgo: z
      .number()
      .nonnegative()
      .nullable()
      .default(null)
      .describe('Days since the last sign-in of any kind; null where the directory has none on record.'),
  }),
  expect: z.strictObject({
    answers: z.boolean(),
    because: z.string().optional().describe('Text that the reason for not answering contains.'),
    proof: z.enum(['true', 'false', 'unknown']).optional(),
    steps: z
      .record(z.string(), z.array(z.string()))
      .optional()
      .describe('Steps per choice, in order: an action name, `wait P30D`, or `prove again`.'),
  }),
});
export type PlaybookTest = z.infer<typeof testSchema>;

/** A playbook as its author writes it. */
export const playbookSchema = z
  .strictObject({
    name: slug.describe('Unique name; the file is named after it.'),
    version: z.int().positive().describe('Raise it with every change of meaning.'),
    editedBy: z
      .guid()
      .toLowerCase()
      .optional()
      .describe('Object id of whoever edited it last: that person cannot approve what it wants.'),
    description: z.string().min(1).max(500),
    priority: z.int().min(0).max(1000).default(100).describe('The lowest number that answers wins; ties go by name.'),
    on: z.strictObject({
      rules: z.array(slug).min(1).describe('Alert rules, as slugs, such as inactive-users.'),
      systems: z.array(z.enum(systemTypes)).min(1),
    }),
    when: z.string().max(1000).optional().describe('A CEL condition on `alert` and `system`.'),
    proof: z.strictObject({
      claim: z.enum(claimNames).describe('What has to be true of the identity.'),
      days: z.int().min(1).max(3650).default(90).describe('For `inactive`: days without any sign-in.'),
    }),
    mode: z.enum(modes).default('observe'),
    approval: z
      .strictObject({
        expires: durationSchema.default('P1D').describe('How long the question stands.'),
        people: z
          .int()
          .min(1)
          .max(5)
          .default(1)
          .describe('How many different people have to approve. Whatever deletes needs two, also where this says one.'),
      })
      .prefault({}),
    choices: z
      .record(slug, choiceSchema)
      .refine((choices) => Object.keys(choices).length > 0, 'name at least one choice')
      .describe('What the approver can pick. With exactly one, `enforce` can pick it.'),
    tests: z.array(testSchema).min(1).describe('Cases this playbook has to get right; run by `quell playbooks test`.'),
  })
  .superRefine((playbook, context) => {
    if (playbook.when === undefined) return;
    for (const problem of conditionProblems(playbook.when))
      context.addIssue({
        code: 'custom',
        path: ['when'],
        message: problem.message,
        params: { offset: problem.offset },
      });
  });
export type WrittenPlaybook = z.infer<typeof playbookSchema>;

/** A playbook that can answer alerts: checked, complete, with its digest. */
export interface Playbook {
  readonly name: string;
  readonly version: number;
  /** Digest of everything it says but its tests: what an approval is bound to. */
  readonly digest: string;
  readonly description: string;
  readonly priority: number;
  readonly on: WrittenPlaybook['on'];
  readonly when: string | null;
  readonly proof: WrittenPlaybook['proof'];
  readonly mode: Mode;
  readonly expires: string;
  /** How many different people have to approve; more where the plan deletes. */
  readonly people: number;
  /** Object ids of who edited it, or a playbook whose steps it uses, last. */
  readonly editors: readonly string[];
  readonly choices: Readonly<Record<string, Choice>>;
}
export interface Choice {
  readonly label: string;
  readonly steps: readonly Step[];
}

/** A step in words: `disable-user`, `wait P30D`, `prove again`. */
export function nameOfStep(step: Step): string {
  if ('action' in step) return step.action;
  return 'wait' in step ? `wait ${step.wait}` : 'prove again';
}
