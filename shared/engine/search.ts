import { holds } from '../domain/audit-condition.ts';
import { type AuditSpan, rangesOf } from '../domain/audit-range.ts';
import type { AuditRecord } from '../domain/audit-record.ts';
import { Fault } from '../domain/fault.ts';
import type { Custody } from './custody.ts';
import { keepTrail } from './keep-trail.ts';

/** Records that fit, oldest first within a day or an identity, and where to go on; null at the end. */
export interface Found {
  readonly records: readonly AuditRecord[];
  readonly next: string | null;
}

/** Rows of the trail at a time, and the most that one call looks at, so that it is short whatever is asked. */
const atOnce = 1000;
const mostRows = 5000;
const mostLooks = 60;

/**
 * Some records that fit: about `limit`, fewer where few fit among many. What was written before the first call is found.
 * @param after where the call before said to go on, for the same span; null for the first
 * @throws Fault `reject` for a place that no call has named, `retry` while the trail is built again
 */
export async function search(custody: Custody, span: AuditSpan, after: string | null, limit: number): Promise<Found> {
  if ((await custody.backlog.walkedTo('rebuild')) !== null)
    throw new Fault('retry', 'rebuilding', 'The trail is being built again; ask when that is done.');
  if (after === null) await keepTrail(custody);
  const ranges = rangesOf(span);
  const records: AuditRecord[] = [];
  let [index, position] = placeOf(after);
  let rows = 0;
  for (let looks = 0; looks < mostLooks && rows < mostRows && records.length < limit; looks += 1) {
    const range = ranges[index];
    if (!range) return { records, next: null };
    const page = await custody.trail.page(range, position, atOnce);
    rows += page.records.length;
    records.push(...page.records.filter((record) => span.where === null || holds(span.where, record)));
    position = page.next;
    if (position === null) index += 1;
  }
  return { records, next: ranges[index] ? `${index}:${position ?? ''}` : null };
}

function placeOf(after: string | null): [number, string | null] {
  const [, index, position] = /^(\d{1,6}):(.*)$/.exec(after ?? '0:') ?? [];
  if (index === undefined) throw new Fault('reject', 'wrong-request', 'after: no answer has named this place.');
  return [Number(index), position === '' ? null : (position ?? null)];
}
