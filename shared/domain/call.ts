import { z } from 'zod';
import type { Json } from './json.ts';

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
  body: z.json().nullable(),
});
export interface Call {
  readonly to: (typeof recipients)[number];
  readonly method: 'PUT' | 'PATCH' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body: Json;
}
