import { z } from 'zod';
import { readCondition } from './audit-condition.ts';
import { type AuditRecord, auditColumns } from './audit-record.ts';
import { durationSchema } from './duration.ts';
import { toFault } from './fault.ts';

const columnNames: readonly string[] = auditColumns;

/** A saved query as its author writes it. */
export const auditQuerySchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'use lower-case words joined by -')
      .max(60)
      .refine((name) => name !== 'queries' && name !== 'custom', 'this name has a meaning of its own')
      .describe('How it is asked for: quell audit NAME. Also the name of its file.'),
    title: z.string().min(1).max(80).describe('What a person reads above the answer.'),
    description: z.string().min(1).describe('What it finds, for whoever looks for a query.'),
    last: durationSchema.default('P30D').describe('The span before now that it looks at, where nobody says another.'),
    where: z
      .string()
      .min(1)
      .refine((text) => problemOf(text) === null, { error: ({ input }) => problemOf(String(input)) ?? '' })
      .describe('What has to hold of a record, such as: task is delete-user and state in (error, refused).'),
    columns: z
      .array(z.enum(auditColumns))
      .min(1)
      .default([...auditColumns])
      .describe('What is shown of each record, in this order.'),
    needs: z
      .string()
      .min(1)
      .optional()
      .describe('What it would need to be complete and Quell does not have; said with every answer.'),
  })
  .describe('A saved audit query over the ledger.');
export type AuditQuery = z.output<typeof auditQuerySchema>;

function problemOf(text: string): string | null {
  try {
    readCondition(text);
    return null;
  } catch (error) {
    return toFault(error).message;
  }
}

/** Is it a column? */
export function isColumn(name: string): name is keyof AuditRecord {
  return columnNames.includes(name);
}
