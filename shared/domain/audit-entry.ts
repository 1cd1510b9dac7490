import { z } from 'zod';
import { sha256 } from './digest.ts';
import { Fault } from './fault.ts';
import type { Entry } from './ledger.ts';

/** Where somebody can decide. */
export const channels = ['api', 'page', 'teams'] as const;
export type Channel = (typeof channels)[number];

/** Every entry the audit journals can have: what concerns no journal of its own, or must stand outside of one. */
const auditEntrySchema = z.discriminatedUnion('type', [
  /** Somebody wanted what they may not, or what cannot be any more. Nothing was changed. */
  z.strictObject({
    type: z.literal('refused'),
    data: z.strictObject({
      /** `execution`: it was decided, and refused when it was to be carried out. */
      what: z.enum(['decision', 'undo', 'execution']),
      channel: z.enum([...channels, 'engine']),
      run: z.string().nullable(),
      /** Object id as authenticated; null where nobody was. */
      by: z.string().nullable(),
      byName: z.string().nullable(),
      code: z.string(),
      reason: z.string(),
    }),
  }),
]);
export type AuditEntry = z.infer<typeof auditEntrySchema>;

/** An entry of an audit journal, checked. @throws Fault `halt` where the ledger holds something else */
export function auditEntryOf(entry: Entry): AuditEntry {
  const parsed = auditEntrySchema.safeParse({ type: entry.type, data: entry.data });
  if (parsed.success) return parsed.data;
  const message = `Entry ${entry.sequence} of ${entry.journal} is not one an audit journal can have.`;
  throw new Fault('halt', 'ledger-unreadable', message);
}

/** Shards of people who are known; whoever is not has one of their own, which they can fill without harm. */
const known = ['0', '1', '2', '3'];
export const unknownShard = 'unknown';

/** The audit journals of a day (`2026-11-28`). */
export function auditJournals(day: string): readonly string[] {
  return [...known, unknownShard].map((shard) => `audit-${day}-${shard}`);
}

/** The journal that an entry of now about this person goes to. */
export function auditJournalFor(now: string, by: string | null): string {
  const shard = by === null ? unknownShard : known[Number.parseInt(sha256(by).slice(0, 1), 16) % known.length];
  return `audit-${now.slice(0, 10)}-${shard}`;
}

/** An audit entry in a sentence. */
export function auditEntryInWords({ data }: AuditEntry): string {
  const { what, channel, run, by, byName, code, reason } = data;
  const who = by === null ? 'nobody known' : `${byName ?? by} (${by})`;
  return `${what} refused, ${channel}, ${who}${run === null ? '' : `, ${run}`}: ${reason} (${code})`;
}
