import { sealLine } from '../../shared/domain/export.ts';
import { entryPlace, sealPlace } from '../../shared/domain/finding.ts';
import { canonical, type Json, type JsonObject } from '../../shared/domain/json.ts';
import { type Entry, entryAfter } from '../../shared/domain/ledger.ts';
import { leafText, type Seal, type Statement } from '../../shared/domain/seal.ts';
import { bodyOf, exportOf, type History, newSealKey, nextSeal, type SealKey } from './sealed-ledger.ts';

/** Something done to an export, and where it has to be found. */
export interface Mutation {
  readonly kind: string;
  readonly lines: readonly string[];
  /** One of these has to be named. */
  readonly places: readonly string[];
  /** What the auditor kept from before; null where nothing. */
  readonly seen: Statement | null;
}

/** An export in parts, to put together again with one of them changed. */
interface Parts {
  readonly history: History;
  readonly second: readonly Seal[];
}

/** Every way to tamper with a history that has one seal per few entries. @param random a number from 0 up to before 1 */
export function* mutationsOf(history: History, random: () => number, swaps: number): Generator<Mutation> {
  yield* fieldMutations(history);
  yield* entryMutations(history);
  yield* randomSwaps(history, random, swaps);
  yield* rewrites(history);
  yield* sealMutations(history);
  yield* rollbacks(history);
  yield* forks(history);
}

function mutation(kind: string, lines: readonly string[], ...places: readonly string[]): Mutation {
  return { kind, lines, places, seen: null };
}

function withEntries({ history, second }: Parts, entries: readonly Entry[]): string[] {
  return exportOf({ ...history, entries }, second);
}

const placeOf = ({ journal, sequence }: Entry) => entryPlace(journal, sequence);

/** The value with one character, digit or member changed. */
function flipped(value: Json): Json {
  if (typeof value === 'string') return `${value.startsWith('1') ? '2' : '1'}${value.slice(1)}`;
  if (typeof value === 'number') return value + 1;
  if (Array.isArray(value)) return [...value.slice(0, -1), flipped(value.at(-1) ?? null)];
  if (value !== null && typeof value === 'object') {
    const [[name, first] = ['none', null]] = Object.entries(value);
    return { ...value, [name]: flipped(first) };
  }
  return 1;
}

function emptied(value: Json): Json {
  if (typeof value === 'string') return '';
  if (typeof value === 'number') return 0;
  return Array.isArray(value) ? [] : {};
}

function retyped(value: Json): Json {
  if (typeof value === 'string') return Number(value) || 7;
  if (typeof value === 'number') return String(value);
  return canonical(value);
}

const ways = { flip: flipped, empty: emptied, type: retyped } as const;

/** The line with one field changed, at a path of names. */
function changedLine(line: string, path: readonly string[], way: (value: Json) => Json): string {
  const change = (value: JsonObject, [name = '', ...rest]: readonly string[]): JsonObject => {
    const inner = value[name] ?? null;
    if (rest.length === 0) return { ...value, [name]: way(inner) };
    return { ...value, [name]: change(JSON.parse(canonical(inner)), rest) };
  };
  return canonical(change(JSON.parse(line), path));
}

const entryFields = ['journal', 'sequence', 'time', 'type', 'actor', 'data', 'previous', 'hash', 'kind'];

function* fieldMutations(history: History): Generator<Mutation> {
  const lines = exportOf(history);
  const first = lines.length - 1 - history.entries.length;
  for (const [index, entry] of history.entries.entries())
    for (const field of entryFields)
      for (const [name, way] of Object.entries(ways)) {
        const line = changedLine(lines[first + index] ?? '', [field], way);
        yield mutation(`${field} ${name}`, lines.with(first + index, line), placeOf(entry));
      }
}

/** Deleted, doubled, swapped with the next, cut off, forged in between. */
function* entryMutations(history: History): Generator<Mutation> {
  const { entries } = history;
  const parts = { history, second: [] };
  for (const [index, entry] of entries.entries()) {
    const next = entries[index + 1];
    yield mutation('delete', withEntries(parts, entries.toSpliced(index, 1)), placeOf(entry));
    yield mutation('duplicate', withEntries(parts, entries.toSpliced(index, 0, entry)), placeOf(entry));
    yield mutation('duplicate at the end', withEntries(parts, [...entries, entry]), placeOf(entry));
    if (next)
      yield mutation(
        'swap',
        withEntries(parts, entries.with(index, next).with(index + 1, entry)),
        placeOf(entry),
        placeOf(next),
      );
    const cut = entries.filter((one) => one.journal !== entry.journal || one.sequence < entry.sequence);
    yield mutation('truncate', withEntries(parts, cut), placeOf(entry));
    const forged = entryAfter(entry.journal, entries[index - 1] ?? null, bodyOf(1_000 + index));
    yield mutation('insert', withEntries(parts, entries.toSpliced(index, 0, forged)), placeOf(forged), placeOf(entry));
  }
}

function* randomSwaps(history: History, random: () => number, count: number): Generator<Mutation> {
  const { entries } = history;
  const any = () => Math.floor(random() * entries.length);
  for (let done = 0; done < count; done += 1) {
    const [one, other] = [any(), any()];
    const [first, second] = [entries[one], entries[other]];
    if (!first || !second || one === other) continue;
    const swapped = entries.with(one, second).with(other, first);
    yield mutation('random swap', withEntries({ history, second: [] }, swapped), placeOf(first), placeOf(second));
  }
}

/** The journal of an entry, written again from there on, so that its chain is whole: by somebody with every right but the key. */
function rewritten(history: History, from: Entry, bodies: (rest: readonly Entry[]) => readonly Omit<Entry, 'hash'>[]) {
  const journal = history.entries.filter((one) => one.journal === from.journal);
  const kept = journal.slice(0, from.sequence - 1);
  for (const body of bodies(journal.slice(from.sequence - 1)))
    kept.push(entryAfter(from.journal, kept.at(-1) ?? null, body));
  return history.entries.flatMap((one) => {
    if (one.journal !== from.journal) return [one];
    return one.sequence === 1 ? kept : [];
  });
}

function* rewrites(history: History): Generator<Mutation> {
  for (const [index, entry] of history.entries.entries()) {
    const other = { ...entry, actor: 'person:mallory' };
    const added = { ...entry, ...bodyOf(2_000 + index) };
    const changed = rewritten(history, entry, ([, ...rest]) => [other, ...rest]);
    const inserted = rewritten(history, entry, (rest) => [added, ...rest]);
    const removed = rewritten(history, entry, ([, ...rest]) => rest);
    for (const [kind, entries] of Object.entries({ changed, inserted, removed }))
      yield mutation(`re-chain ${kind}`, withEntries({ history, second: [] }, entries), placeOf(entry));
    // The seal's own list rewritten as well: its root no longer fits, and the second place names the entry.
    const seals = history.seals.map((seal) => relisted(seal, changed, entry.journal));
    const place = history.seals.find(({ leaves }) => leaves.includes(leafText(entry)))?.statement.number ?? 0;
    yield mutation('re-chain and re-list', exportOf({ ...history, entries: changed, seals }), sealPlace(place));
    const lines = exportOf({ ...history, entries: changed, seals }, history.seals);
    yield mutation('re-chain and re-list, second place', lines, placeOf(entry));
  }
}

function relisted(seal: Seal, entries: readonly Entry[], journal: string): Seal {
  const leaves = seal.leaves.map((leaf) => {
    const [name, sequence] = leaf.split(' ');
    const entry = entries.find((one) => one.journal === name && String(one.sequence) === sequence);
    return name === journal && entry ? leafText(entry) : leaf;
  });
  return { ...seal, leaves };
}

const statementFields = ['format', 'origin', 'number', 'time', 'size', 'root', 'previous', 'key'];
const sealFields = [
  ...statementFields.map((field) => ['statement', field]),
  ...['kty', 'crv', 'x', 'y'].map((field) => ['statement', 'key', field]),
  ['statement'],
  ['signature'],
  ['leaves'],
  ['peaks'],
  ['kind'],
  ['place'],
];

function* sealMutations(history: History): Generator<Mutation> {
  const lines = exportOf(history);
  const first = 1;
  for (const [index, seal] of history.seals.entries()) {
    const { number } = seal.statement;
    const [here, next] = [first + index, history.seals[index + 1]];
    // A seal that no longer says that it is one, or which, is found as one that is gone or that cannot be read.
    const places = [sealPlace(number), sealPlace(number, 'second'), sealPlace(null)];
    for (const path of sealFields)
      for (const [name, way] of Object.entries(ways)) {
        const line = changedLine(lines[here] ?? '', path, way);
        yield mutation(`seal ${path.join('.')} ${name}`, lines.with(here, line), ...places);
      }
    for (const [kind, leaves] of leafMutations(seal))
      yield mutation(kind, lines.with(here, sealLine({ ...seal, leaves }, 'first')), sealPlace(number));
    yield mutation('seal duplicate', lines.toSpliced(here, 0, lines[here] ?? ''), sealPlace(number));
    // The newest seal alone gone is a roll-back, which is found by other means.
    if (!next) continue;
    yield mutation('seal delete', lines.toSpliced(here, 1), sealPlace(number));
    const swapped = lines.with(here, lines[here + 1] ?? '').with(here + 1, lines[here] ?? '');
    yield mutation('seal swap', swapped, sealPlace(number), sealPlace(number + 1));
  }
}

/** Its list changed in every place, in every way that makes a difference. */
function leafMutations({ leaves }: Seal): readonly (readonly [string, string[]])[] {
  const all = leaves.flatMap((leaf, at): [string, string[]][] => [
    [
      'leaf changed',
      leaves.with(
        at,
        leaf.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
      ),
    ],
    ['leaf removed', leaves.toSpliced(at, 1)],
    ['leaf doubled', leaves.toSpliced(at, 0, leaf)],
    ['leaf swapped', leaves.with(at, leaves[0] ?? '').with(0, leaf)],
  ]);
  return all.filter(([, changed]) => changed.join() !== leaves.join());
}

function sealedOneByOne(older: readonly Seal[], entries: readonly Entry[], key: SealKey): readonly Seal[] {
  const seals = [...older];
  for (const entry of entries) seals.push(nextSeal(seals.at(-1) ?? null, [entry], key));
  return seals;
}

/** Back to each older seal: seals alone, or with every entry since; found by the second place, by memory, or by time. */
function* rollbacks(history: History): Generator<Mutation> {
  const { seals, entries } = history;
  const newest = seals.at(-1)?.statement ?? null;
  for (let kept = 0; kept < seals.length; kept += 1) {
    const older = seals.slice(0, kept);
    const sealed = new Set(older.flatMap(({ leaves }) => leaves));
    const entriesThen = entries.filter((entry) => sealed.has(leafText(entry)));
    const lost = entries.filter((entry) => !sealed.has(leafText(entry)));
    const rolledBack = { ...history, seals: older, entries: entriesThen };
    const gone = sealPlace(kept + 1);
    yield mutation('roll back seals, old entries', exportOf({ ...history, seals: older }), ...lost.map(placeOf));
    yield mutation('roll back seals, second place', exportOf({ ...history, seals: older }, seals), gone);
    yield mutation('roll back all, second place', exportOf(rolledBack, seals), gone);
    yield { ...mutation('roll back all, seen before', exportOf(rolledBack), gone), seen: newest };
    yield { ...mutation('roll back both places, seen before', exportOf(rolledBack, older), gone), seen: newest };
  }
}

/** Another story from each seal on: signed with the engine's own key (a backup brought back), or with a stranger's. */
function* forks(history: History): Generator<Mutation> {
  const { seals, entries, key } = history;
  const newest = seals.at(-1)?.statement ?? null;
  const stranger = newSealKey();
  for (let kept = 0; kept < seals.length; kept += 1) {
    const older = seals.slice(0, kept);
    const sealed = new Set(older.flatMap(({ leaves }) => leaves));
    const common = entries.filter((entry) => sealed.has(leafText(entry)));
    const own = Array.from({ length: seals.length - kept }, (_, index) =>
      entryAfter(`run-fork-${index}`, null, bodyOf(3_000 + index)),
    );
    const [other, strange] = [key, stranger].map((by) => sealedOneByOne(older, own, by));
    const forked = { ...history, entries: [...common, ...own], seals: other ?? [] };
    const at = sealPlace(kept + 1);
    yield mutation('fork, second place', exportOf(forked, seals), at, sealPlace(kept + 1, 'second'));
    yield { ...mutation('fork, seen before', exportOf(forked), sealPlace(seals.length)), seen: newest };
    yield mutation('fork, foreign key', exportOf({ ...forked, seals: strange ?? [] }), at);
  }
}
