import { digestOf } from './digest.ts';
import type { Json, JsonObject } from './json.ts';

/** What somebody writes into a journal. */
export interface EntryBody {
  /** When, by our clock (ISO 8601). */
  readonly time: string;
  readonly type: string;
  /** Who: `quell`, `person:<object id>`, `playbook:<name>@<version>` … */
  readonly actor: string;
  readonly data: JsonObject;
}

/** One row of a journal, chained to the one before. */
export interface Entry extends EntryBody {
  readonly journal: string;
  /** 1, 2, 3 … without a gap. */
  readonly sequence: number;
  /** Hash of the entry before; 64 zeros for the first. */
  readonly previous: string;
  readonly hash: string;
}

/** What stands in `previous` of a first entry. */
export const beginning = '0'.repeat(64);

/** The entry that follows `previous` (null for the first of the journal). Pure: the same input gives the same hash. */
export function entryAfter(journal: string, previous: Entry | null, body: EntryBody): Entry {
  const content = {
    journal,
    sequence: (previous?.sequence ?? 0) + 1,
    time: body.time,
    type: body.type,
    actor: body.actor,
    data: body.data,
    previous: previous?.hash ?? beginning,
  };
  return { ...content, hash: hashOf(content) };
}

/** The entries that follow `previous`, each chained to the one before. Pure. */
export function entriesAfter(journal: string, previous: Entry | null, bodies: readonly EntryBody[]): readonly Entry[] {
  const entries: Entry[] = [];
  for (const body of bodies) entries.push(entryAfter(journal, entries.at(-1) ?? previous, body));
  return entries;
}

/** Hash of everything else in an entry. */
export function hashOf(content: Omit<Entry, 'hash'>): string {
  const { journal, sequence, time, type, actor, data, previous } = content;
  const fields: Json = { actor, data, journal, previous, sequence, time, type };
  return digestOf(fields);
}

/**
 * A journal as it was at that time: what another decision reads now is what it read then. Always a beginning of it, also
 * where its writers' clocks differ.
 */
export function asOf(entries: readonly Entry[], time: string): readonly Entry[] {
  const later = entries.findIndex((entry) => entry.time > time);
  return later < 0 ? entries : entries.slice(0, later);
}

/** Entries never change while they are held, and a table gives new ones at each reading: each is hashed once. */
const unchanged = new WeakSet<Entry>();

function wasChanged(entry: Entry): boolean {
  if (unchanged.has(entry)) return false;
  if (entry.hash !== hashOf(entry)) return true;
  unchanged.add(entry);
  return false;
}

/** The first thing wrong with a journal, or null where it is whole. Localised to the entry. */
export function firstBreak(entries: readonly Entry[]): { sequence: number; reason: string } | null {
  let previous: Entry | null = null;
  for (const entry of entries) {
    const sequence: number = (previous?.sequence ?? 0) + 1;
    if (entry.sequence !== sequence) return { sequence, reason: `entry ${sequence} is missing` };
    if (previous && entry.journal !== previous.journal) return { sequence, reason: 'belongs to another journal' };
    if (entry.previous !== (previous?.hash ?? beginning))
      return { sequence, reason: 'does not follow the entry before' };
    if (wasChanged(entry)) return { sequence, reason: 'was changed after it was written' };
    previous = entry;
  }
  return null;
}
