import { z } from 'zod';
import { auditColumns, auditRecordSchema } from '../shared/domain/audit-record.ts';
import { controlSchema } from '../shared/domain/control.ts';
import { jsonSchema } from '../shared/domain/json.ts';
import type { Entry } from '../shared/domain/ledger.ts';
import { planSchema } from '../shared/domain/plan.ts';

/* What the API answers, as far as the CLI reads it. */

export const summarySchema = z.object({
  id: z.string(),
  alert: z.string(),
  source: z.string(),
  playbook: z.string(),
  mode: z.string(),
  identity: z.object({ id: z.string(), displayName: z.string(), userPrincipalName: z.string() }),
  system: z.object({ name: z.string() }),
  openedAt: z.string(),
  state: z.string(),
  because: z.string(),
  at: z.string().nullable(),
});
export type Row = z.infer<typeof summarySchema>;

export const runsSchema = z.object({ runs: z.array(summarySchema) });

export const entrySchema: z.ZodType<Entry> = z.object({
  journal: z.string(),
  sequence: z.number(),
  time: z.string(),
  type: z.string(),
  actor: z.string(),
  data: z.record(z.string(), jsonSchema),
  previous: z.string(),
  hash: z.string(),
});

export const breakSchema = z.object({ sequence: z.number(), reason: z.string() }).nullable();

export const runSchema = z.object({
  run: summarySchema,
  asked: z.object({ choices: z.array(z.string()), expiresAt: z.string() }).nullable(),
  plans: z.array(planSchema).nullable(),
  entries: z.array(entrySchema),
  break: breakSchema,
});
export type RunView = z.infer<typeof runSchema>;

export const alertSchema = z.object({ alert: z.string(), entries: z.array(entrySchema), break: breakSchema });

export const controlsSchema = z.object({
  controls: z.array(controlSchema),
  entries: z.array(entrySchema),
  break: breakSchema,
});

export const controlChangeSchema = z.object({ changed: z.boolean(), note: z.string().nullable() });

const queryAboutSchema = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  needs: z.string().optional(),
});

export const queriesSchema = z.object({ queries: z.array(queryAboutSchema) });

export const auditAnswerSchema = z.object({
  query: queryAboutSchema.extend({
    where: z.string(),
    from: z.string(),
    to: z.string(),
    columns: z.array(z.enum(auditColumns)),
  }),
  records: z.array(auditRecordSchema),
  next: z.string().nullable(),
});

export const decisionSchema = z.object({
  run: z.string(),
  approvals: z.object({ approved: z.number().optional(), people: z.number().optional() }).default({}),
});

export type Decided = z.infer<typeof decisionSchema>;

export const auditSchema = z.object({
  day: z.string(),
  entries: z.array(entrySchema),
  breaks: z.array(z.object({ journal: z.string(), sequence: z.number(), reason: z.string() })),
});

export const receiptSchema = z.union([
  z.object({ accepted: z.literal(true), alert: z.string(), known: z.boolean() }),
  z.object({ accepted: z.literal(false), quarantined: z.string(), code: z.string(), message: z.string() }),
]);
