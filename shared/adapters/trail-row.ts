import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { AuditRange } from '../domain/audit-range.ts';
import type { AuditRecord } from '../domain/audit-record.ts';
import { instantOf, keyOf, rowKeyOf } from './keys.ts';

/*
 * The trail is many small tables, one for each day and 256 for identities: a look into it reads one table and one
 * partition of that, whatever else there is, and days that nobody has to keep are dropped whole.
 */

/** Where a row of the trail stands. */
export interface TrailPlace {
  readonly table: string;
  readonly partitionKey: string;
}

export const trailPrefix = 'trail';

export function placeOf(by: AuditRange['by']): TrailPlace {
  if ('day' in by) return { table: `${trailPrefix}day${by.day.replaceAll('-', '')}`, partitionKey: by.day };
  const shard = createHash('sha256').update(by.identity).digest('hex').slice(0, 2);
  return { table: `${trailPrefix}who${shard}`, partitionKey: keyOf(by.identity) };
}

/** The places of a record: its day, and its identity where it has one. */
export function placesOf({ time, identity }: AuditRecord): readonly TrailPlace[] {
  const day = placeOf({ day: instantOf(time).slice(0, 10) });
  return identity === '' ? [day] : [day, placeOf({ identity })];
}

/** Rows come in the order of this text: by time, and of the same time by journal and sequence. */
export function trailKey({ time, journal, sequence }: AuditRecord): string {
  return `${instantOf(time)}|${keyOf(journal)}|${rowKeyOf(sequence)}`;
}

const text = z.string();

/** A record as it stands in a row. */
export const trailRowSchema = z.object({
  time: text,
  journal: text,
  sequence: z.int().positive(),
  hash: text,
  entry: text,
  actor: text,
  identity: text,
  username: text,
  systemType: text,
  system: text,
  systemName: text,
  task: text,
  resource: text,
  resourceType: text,
  role: text,
  state: text,
  risk: text,
  playbook: text,
  source: text,
  rule: text,
  says: text,
}) satisfies z.ZodType<AuditRecord>;
