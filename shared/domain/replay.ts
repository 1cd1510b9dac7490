import { digestOf } from './digest.ts';
import { saidIn } from './inputs.ts';
import { canonical, type Json, type JsonObject } from './json.ts';
import type { Entry } from './ledger.ts';

/** What was decided, without when and from what. */
export interface Said {
  readonly type: string;
  readonly actor: string;
  readonly data: JsonObject;
}

/** One thing that was decided otherwise; `null` on a side stands for nothing there. */
export interface Difference {
  /** Where, such as `data.plans.0.steps.2.calls`. */
  readonly at: string;
  readonly recorded: Json;
  readonly decided: Json;
}

/** How one entry fared when it was decided again. */
export interface Redecided {
  readonly journal: string;
  readonly sequence: number;
  readonly type: string;
  /**
   * `given`: a person's or the beginning, nothing to decide; `unknown`: cannot be decided again, `because` says why.
   */
  readonly verdict: 'same' | 'different' | 'given' | 'unknown';
  /** Digest of the decision as it is recorded. */
  readonly recorded: string;
  /** The same of what was decided now; null where nothing was. */
  readonly decided: string | null;
  readonly differences: readonly Difference[];
  readonly because: string | null;
}

/** What an entry says that was decided. */
export function saidOf(entry: Pick<Entry, 'type' | 'actor' | 'data'>): Said {
  return { type: entry.type, actor: entry.actor, data: saidIn(entry) };
}

/** Digest of a decision: two are the same where this is. */
export function decisionHash({ type, actor, data }: Said): string {
  return digestOf({ type, actor, data });
}

/** Compares what was recorded with what was decided now (null: nothing was). */
export function compare(entry: Entry, decided: Said | null, because: string | null = null): Redecided {
  const recorded = saidOf(entry);
  const hashes = { recorded: decisionHash(recorded), decided: decided && decisionHash(decided) };
  const same = hashes.recorded === hashes.decided;
  return {
    ...{ journal: entry.journal, sequence: entry.sequence, type: entry.type, because },
    ...hashes,
    verdict: same ? 'same' : 'different',
    differences: decided === null || same ? [] : differencesOf({ ...recorded }, { ...decided }),
  };
}

/** An entry that was not decided again, and why. */
export function undecided(entry: Entry, verdict: 'given' | 'unknown', because: string | null = null): Redecided {
  const recorded = decisionHash(saidOf(entry));
  const { journal, sequence, type } = entry;
  return { journal, sequence, type, verdict, recorded, decided: null, differences: [], because };
}

/** More differences than anybody reads. */
const most = 50;

/** Every place where two values differ, deepest first found, at most 50. */
export function differencesOf(recorded: Json, decided: Json, at = ''): readonly Difference[] {
  if (canonical(recorded) === canonical(decided)) return [];
  const [one, other] = [membersOf(recorded), membersOf(decided)];
  if (!one || !other || Array.isArray(recorded) !== Array.isArray(decided)) return [{ at, recorded, decided }];
  const names = [...new Set([...one.keys(), ...other.keys()])];
  return names
    .flatMap((name) =>
      differencesOf(one.get(name) ?? null, other.get(name) ?? null, at === '' ? name : `${at}.${name}`),
    )
    .slice(0, most);
}

function membersOf(value: Json): ReadonlyMap<string, Json> | null {
  return value !== null && typeof value === 'object' ? new Map(Object.entries(value)) : null;
}

/** What came of deciding a history again. */
export interface Explained {
  readonly journal: string;
  readonly verdict: 'same' | 'different' | 'unknown';
  /** One digest over all decisions of the history, as they are recorded. */
  readonly recorded: string;
  /** The same over what was decided now; given entries count as they are. */
  readonly decided: string;
  readonly entries: readonly Redecided[];
}

/** Sums up: one difference makes it different, one unknown entry makes the rest unknown. */
export function explainedOf(journal: string, entries: readonly Redecided[]): Explained {
  const verdicts = new Set(entries.map(({ verdict }) => verdict));
  const verdict = verdicts.has('different') ? 'different' : verdicts.has('unknown') ? 'unknown' : 'same';
  return {
    journal,
    verdict,
    recorded: digestOf(entries.map(({ recorded }) => recorded)),
    decided: digestOf(entries.map((one) => (one.verdict === 'given' ? one.recorded : one.decided))),
    entries,
  };
}
