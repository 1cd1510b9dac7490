import { createHash } from 'node:crypto';
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
  // Ids are the same in upper and lower case.
  const identity = by.identity.toLowerCase();
  const shard = createHash('sha256').update(identity).digest('hex').slice(0, 2);
  return { table: `${trailPrefix}who${shard}`, partitionKey: keyOf(identity) };
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
