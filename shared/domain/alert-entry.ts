import { z } from 'zod';
import { alertSchema, rawSchema } from './alert.ts';
import { Fault } from './fault.ts';
import { identitySchema } from './identity.ts';
import { saidIn } from './inputs.ts';
import type { Entry } from './ledger.ts';
import { openedSchema } from './run-entry.ts';

const answered = z.strictObject({
  /** The playbook that answers; null where none does. */
  playbook: z.string().nullable(),
  /** What was thought of every playbook. */
  considered: z.array(
    z.strictObject({
      playbook: z.string(),
      version: z.int().optional(),
      digest: z.string().optional(),
      answers: z.boolean(),
      against: z.array(z.string()),
    }),
  ),
  /** SHA-256 of the whole set of playbooks, as it is kept in the vault. */
  playbooks: z.string().length(64).optional(),
  /**
   * Runs that answer it, one per identity, each with how it is opened: whoever finds one announced and not begun begins it
   * from here. In answers of earlier versions they were opened before, and `opened` is not there.
   */
  runs: z.array(
    z.strictObject({
      run: z.string(),
      identity: identitySchema,
      opened: openedSchema.omit({ playbook: true, identity: true }).optional(),
    }),
  ),
  /** Identities that were named or looked up and have no run, and why. */
  left: z.array(z.strictObject({ who: z.string(), reason: z.string() })),
  /** In one sentence, for a person. */
  summary: z.string(),
});
export type Answered = z.infer<typeof answered>;

/** Every entry that the journal of an alert can have. */
export const alertEntrySchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('alert-received'), data: z.strictObject({ alert: alertSchema }) }),
  z.strictObject({ type: z.literal('alert-answered'), data: answered }),
  /** A person has an alert answered again that nothing came of. */
  z.strictObject({
    type: z.literal('alert-redriven'),
    data: z.strictObject({ by: z.string(), byName: z.string(), reason: z.string() }),
  }),
  z.strictObject({
    type: z.literal('alert-refused'),
    data: z.strictObject({
      source: z.string(),
      sender: z.string(),
      raw: rawSchema,
      code: z.string(),
      message: z.string(),
    }),
  }),
]);
export type AlertEntry = z.infer<typeof alertEntrySchema>;

/** An entry of an alert's journal, checked. @throws Fault `halt` where the ledger holds something else */
export function alertEntryOf(entry: Entry): AlertEntry {
  const parsed = alertEntrySchema.safeParse({ type: entry.type, data: saidIn(entry) });
  if (parsed.success) return parsed.data;
  throw new Fault(
    'halt',
    'ledger-unreadable',
    `Entry ${entry.sequence} of ${entry.journal} is not one an alert can have.`,
  );
}
