import { auditRecords } from '../domain/audit-record.ts';
import { workOf } from './backlog.ts';
import type { Custody } from './custody.ts';

/** Items at once, and how often in a row. */
const atOnce = 500;
const rounds = 20;

/**
 * Enters in the trail what was written since: by the timer every minute, and before every query, so that a query finds
 * what was written before it was asked. Doing it twice is doing it once.
 */
export async function keepTrail(custody: Custody): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    const { waiting, over } = await workOf(custody, 'trail', atOnce);
    const records = waiting.flatMap(({ entries, first }) =>
      auditRecords(entries).filter(({ sequence }) => sequence >= first),
    );
    await custody.trail.put(records);
    await custody.backlog.done('trail', over);
    // Notes that are kept for a while come again in the next round, and would for ever.
    if (over.length < atOnce) return;
  }
}
