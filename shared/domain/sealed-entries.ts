import { entryPlace, type Finding, type Misdeed } from './finding.ts';
import { beginning, type Entry, hashOf } from './ledger.ts';
import type { Leaf } from './seal.ts';

/** What an entry that is not one that was sealed says of itself. */
interface Stranger {
  readonly journal: string;
  readonly sequence: number;
  readonly hash: string | null;
}

/** What is known of one journal while the entries go by. */
interface Progress {
  /** Hash of each sealed entry, by its sequence less one; empty where no seal tells. */
  readonly sealed: (string | undefined)[];
  readonly seen: Set<number>;
  /** The last entry in the order of the export. */
  last: { sequence: number; hash: string };
  /** It is over, or should be: another journal has begun after it, or one of a later name before it. */
  left: boolean;
}

/** Entries compared with what was sealed, one after the other. */
export interface EntryCheck {
  take(entry: Entry): void;
  /** A line that cannot be read as an entry, with what it seems to say. */
  takeBad(seems: { journal: string | null; sequence: number | null; hash: string | null }): void;
  end(): { readonly findings: readonly Finding[]; readonly entries: number; readonly unsealed: number };
}

/**
 * Compares entries with the leaves of the seals.
 * @param dueBefore an entry of an earlier time (ISO 8601) has to be sealed
 */
export function entryCheck(leaves: readonly Leaf[], dueBefore: string): EntryCheck {
  const journals = new Map<string, Progress>();
  for (const { journal, sequence, hash } of leaves) progressOf(journals, journal).sealed[sequence - 1] = hash;
  const findings: Finding[] = [];
  const strangers: Stranger[] = [];
  let current: string | null = null;
  let highest = '';
  let [entries, unsealed] = [0, 0];
  const enter = (journal: string, progress: Progress) => {
    if (current !== null) progressOf(journals, current).left = true;
    progress.left ||= journal < highest;
    highest = journal > highest ? journal : highest;
    current = journal;
  };
  return {
    take: (entry) => {
      entries += 1;
      const progress = progressOf(journals, entry.journal);
      if (current !== entry.journal) enter(entry.journal, progress);
      const hash = hashOf(entry);
      const sealed = progress.sealed[entry.sequence - 1];
      if (sealed === undefined) {
        unsealed += 1;
        findings.push(...unsealedFindings(progress, entry, hash, dueBefore));
      } else if (sealed === hash) findings.push(...sealedFindings(progress, entry, hash));
      else strangers.push({ journal: entry.journal, sequence: entry.sequence, hash: entry.hash });
      progress.last = { sequence: entry.sequence, hash };
    },
    takeBad: ({ journal, sequence, hash }) => {
      entries += 1;
      strangers.push({ journal: journal ?? '', sequence: sequence ?? 0, hash });
    },
    end: () => {
      const told = [...findings, ...strangerFindings(strangers, journals, leaves), ...missingFindings(journals)];
      return { findings: told, entries, unsealed };
    },
  };
}

function progressOf(journals: Map<string, Progress>, journal: string): Progress {
  const known = journals.get(journal);
  if (known) return known;
  const progress: Progress = { sealed: [], seen: new Set(), last: { sequence: 0, hash: beginning }, left: false };
  journals.set(journal, progress);
  return progress;
}

/** An entry that is what was sealed: is it in its place, and there once? */
function sealedFindings(progress: Progress, entry: Entry, hash: string): readonly Finding[] {
  const { journal, sequence } = entry;
  const findings: Finding[] = [];
  if (entry.hash !== hash) findings.push(finding('changed', entry, 'its hash is not that of what it says'));
  if (progress.seen.has(sequence)) findings.push(finding('added', entry, 'it is there twice'));
  else if (progress.left || sequence < progress.last.sequence)
    findings.push(finding('reordered', { journal, sequence }, 'it is not in its place'));
  progress.seen.add(sequence);
  return findings;
}

/** An entry that no seal tells of: it has to follow the one before, and not to be old. */
function unsealedFindings(progress: Progress, entry: Entry, hash: string, dueBefore: string): readonly Finding[] {
  const { last } = progress;
  if (entry.hash !== hash) return [finding('changed', entry, 'its hash is not that of what it says')];
  if (entry.sequence > last.sequence + 1)
    return [finding('removed', { ...entry, sequence: last.sequence + 1 }, 'it is missing before a later one')];
  if (entry.sequence <= last.sequence) return [finding('added', entry, 'there is one of this number already')];
  if (entry.previous !== last.hash) return [finding('changed', entry, 'it does not follow the entry before')];
  return entry.time < dueBefore ? [finding('unsealed', entry, 'it should have been sealed by now')] : [];
}

/** Whom an entry replaces that is not what was sealed: the one whose hash or whose place it has, if that one is gone. */
function strangerFindings(
  strangers: readonly Stranger[],
  journals: Map<string, Progress>,
  leaves: readonly Leaf[],
): readonly Finding[] {
  if (strangers.length === 0) return [];
  const byHash = new Map(leaves.map((leaf) => [leaf.hash, leaf]));
  const isGone = ({ journal, sequence }: { journal: string; sequence: number }) => {
    const progress = journals.get(journal);
    return progress?.sealed[sequence - 1] !== undefined && !progress.seen.has(sequence);
  };
  return strangers.map((stranger) => {
    const candidates = [byHash.get(stranger.hash ?? ''), stranger];
    const replaced = candidates.find((one) => one && isGone(one));
    if (!replaced) return finding('added', stranger, 'nothing like it was sealed');
    journals.get(replaced.journal)?.seen.add(replaced.sequence);
    return finding('changed', replaced, 'it is not what was sealed');
  });
}

/** Every sealed entry that is not there; at the end of a journal, what was cut off. */
function missingFindings(journals: ReadonlyMap<string, Progress>): readonly Finding[] {
  return [...journals].flatMap(([journal, { sealed, seen }]) => {
    if (seen.size === sealed.length) return [];
    const last = Math.max(0, ...seen);
    return sealed.flatMap((hash, index) => {
      const sequence = index + 1;
      if (hash === undefined || seen.has(sequence)) return [];
      if (sequence > last && last > 0)
        return [finding('truncated', { journal, sequence }, 'the journal ends before it')];
      return [finding('removed', { journal, sequence }, last === 0 ? 'the whole journal is gone' : 'it is gone')];
    });
  });
}

function finding(what: Misdeed, { journal, sequence }: { journal: string; sequence: number }, says: string): Finding {
  return { what, where: entryPlace(journal, sequence), says };
}
