import { z } from 'zod';
import { jsonSchema } from './json.ts';

/** Where a call goes. */
export const recipients = ['graph', 'azure', 'exclusions', 'webhook'] as const;

/**
 * One exact call, as data. A plan holds the calls it will make and the calls that undo them; what a person approves is
 * these, digested, and what is later sent is these and nothing else.
 */
export const callSchema = z.strictObject({
  to: z.enum(recipients),
  method: z.enum(['PUT', 'PATCH', 'POST', 'DELETE']),
  /** Path below the recipient's own address. */
  path: z.string().startsWith('/'),
  body: jsonSchema,
});
export type Call = z.infer<typeof callSchema>;
