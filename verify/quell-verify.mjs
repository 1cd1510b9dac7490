#!/usr/bin/env node
/*
 * Verifies an export of Quell's ledger with nothing but Node (20 or newer): node verify/quell-verify.mjs FILE [THUMBPRINT]
 *
 * This is a second, independent implementation. It shares no code with Quell and was written from RFC 6962 (the tree),
 * RFC 8785 (canonical JSON), RFC 7638 (thumbprints) and docs/audit.md (the export). It reads the whole file into memory and
 * computes each root by its definition, which is slow and plain. It exits with 0 where the export is whole, else with 1 and
 * one line for each place where it is not: an entry `journal#sequence`, a seal `seal N`, or `export`.
 */
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

/** RFC 8785 for what JSON.parse gives. */
function canonicalize(value) {
  if (Array.isArray(value)) return `[${value.map(canonicalize).join()}]`;
  if (value && typeof value === 'object')
    return `{${Object.keys(value)
      .sort()
      .map((name) => `${JSON.stringify(name)}:${canonicalize(value[name])}`)
      .join()}}`;
  return JSON.stringify(value);
}

/**
 * RFC 6962 §2.1: the largest power of two goes to the left, so a tree is a row of perfect ones, each smaller than the one
 * before, and its root is what they give when they are joined from the right. Two of one size are one of twice the size.
 */
function merkleTree() {
  let row = [];
  const join = (left, right) => sha256(Buffer.of(1), left, right);
  return {
    add: (leaf) => {
      let grown = { size: 1, hash: sha256(Buffer.of(0), leaf) };
      while (row.at(-1)?.size === grown.size) grown = { size: 2 * grown.size, hash: join(row.pop().hash, grown.hash) };
      row.push(grown);
    },
    size: () => row.reduce((sum, { size }) => sum + size, 0),
    root: () =>
      (row.length === 0
        ? sha256()
        : row.map(({ hash }) => hash).reduceRight((right, left) => join(left, right))
      ).toString('hex'),
    peaks: () => row.map(({ hash }) => hash.toString('hex')).join(),
    saved: () => [...row],
    restore: (saved) => {
      row = [...saved];
    },
    /** A tree of this size with these roots of perfect trees. */
    begin: (size, peaks) => {
      const sizes = [...size.toString(2)].flatMap((digit, at, all) =>
        digit === '1' ? [2 ** (all.length - 1 - at)] : [],
      );
      row = sizes.map((one, at) => ({ size: one, hash: Buffer.from(peaks[at] ?? '', 'hex') }));
    },
  };
}

/** RFC 7638. */
function thumbprintOf({ crv, kty, x, y }) {
  return sha256(canonicalize({ crv, kty, x, y })).toString('base64url');
}

function signatureFits({ statement, signature }) {
  try {
    const bytes = Buffer.from(signature, 'base64url');
    if (bytes.length !== 64 || bytes.toString('base64url') !== signature) return false;
    const key = createPublicKey({ key: statement.key, format: 'jwk' });
    return verify('sha256', Buffer.from(canonicalize(statement)), { key, dsaEncoding: 'ieee-p1363' }, bytes);
  } catch {
    return false;
  }
}

const isText = (value) => typeof value === 'string';
const isHash = (value) => isText(value) && /^[0-9a-f]{64}$/.test(value);
const isCount = (value) => Number.isSafeInteger(value) && value > 0;
const hasExactly = (value, names) =>
  value !== null &&
  typeof value === 'object' &&
  !Array.isArray(value) &&
  Object.keys(value).sort().join() === [...names].sort().join();

const statementNames = ['format', 'origin', 'number', 'time', 'size', 'root', 'previous', 'key'];

const isKey = (key) =>
  hasExactly(key, ['kty', 'crv', 'x', 'y']) &&
  key.kty === 'EC' &&
  key.crv === 'P-256' &&
  [key.x, key.y].every((coordinate) => isText(coordinate) && /^[\w-]{43}$/.test(coordinate));

function isSeal(line) {
  const { place, statement, signature, leaves, peaks } = line;
  return (
    hasExactly(line, ['kind', 'place', 'statement', 'signature', 'leaves', 'peaks']) &&
    ['first', 'second'].includes(place) &&
    isText(signature) &&
    /^[\w-]{86}$/.test(signature) &&
    Array.isArray(leaves) &&
    leaves.every((leaf) => isText(leaf) && /^\S+ [1-9]\d* [0-9a-f]{64}$/.test(leaf)) &&
    Array.isArray(peaks) &&
    peaks.every(isHash) &&
    hasExactly(statement, statementNames) &&
    statement.format === 'quell-seal/1' &&
    isText(statement.origin) &&
    isCount(statement.number) &&
    isText(statement.time) &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(statement.time) &&
    Number.isSafeInteger(statement.size) &&
    isHash(statement.root) &&
    isHash(statement.previous) &&
    isKey(statement.key)
  );
}

const entryNames = ['actor', 'data', 'hash', 'journal', 'kind', 'previous', 'sequence', 'time', 'type'];

function isEntry(line) {
  return (
    hasExactly(line, entryNames) &&
    [line.actor, line.hash, line.journal, line.previous, line.time, line.type].every(isText) &&
    isCount(line.sequence) &&
    line.data !== null &&
    typeof line.data === 'object' &&
    !Array.isArray(line.data)
  );
}

function parseLine(text) {
  try {
    const value = JSON.parse(text);
    return { value, exact: value !== null && typeof value === 'object' && canonicalize(value) === text };
  } catch {
    return { value: null, exact: false };
  }
}

/** What a line is: one of the kinds of an export exactly as it has to be, or what it seems to be. */
function kindOf({ value, exact }, index) {
  const loose = value !== null && typeof value === 'object' ? value : {};
  if (exact && value.kind === 'end' && hasExactly(value, ['kind'])) return { kind: 'end' };
  if (exact && index === 0 && isHead(value)) return { kind: 'head', value };
  if (exact && value.kind === 'seal' && isSeal(value)) return { kind: 'seal', line: sealLine(value, value) };
  if (loose.kind === 'seal' || loose.statement !== undefined || loose.leaves !== undefined)
    return { kind: 'seal', line: sealLine(loose, null) };
  if (exact && value.kind === 'entry' && isEntry(value)) return { kind: 'entry', line: { entry: value, intact: true } };
  if (loose.kind === 'entry' || isText(loose.journal) || isText(loose.hash))
    return { kind: 'entry', line: { entry: loose, intact: false } };
  return { kind: 'unknown' };
}

const isHead = ({ kind, format, time }) => kind === 'export' && format === 'quell-export/1' && isText(time);

function sealLine({ place, statement }, seal) {
  const number = isCount(statement?.number) ? statement.number : null;
  return { place: place === 'second' ? 'second' : 'first', number, seal };
}

/** Sorts the lines of an export. What cannot be placed is reported. */
function sortLines(text, report) {
  const sorted = { head: null, seals: [], entries: [] };
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  let ended = false;
  for (const [index, line] of lines.entries()) {
    const { kind, value, line: read } = kindOf(parseLine(line), index);
    if (ended || kind === 'unknown') report('export');
    if (kind === 'end') ended = true;
    if (kind === 'head') sorted.head = value;
    if (kind === 'seal') sorted.seals.push(read);
    if (kind === 'entry') sorted.entries.push(read);
  }
  if (!sorted.head || !ended) report('export');
  return sorted;
}

const sealName = (number, place) =>
  `seal${number === null ? '' : ` ${number}`}${place === 'second' ? ' in the second place' : ''}`;

/** Is it signed by a key that is believed, and of this ledger? */
function isSound(seal, head, trusted) {
  if (seal === null || seal.statement.origin !== head?.origin) return false;
  return (trusted === null || trusted === thumbprintOf(seal.statement.key)) && signatureFits(seal);
}

/** Lines that by themselves are wrong: unreadable, out of order, or of a number that nobody signed. */
function reportLines(seals, place, highest, report) {
  let before = 0;
  for (const { number, seal } of seals.filter((line) => line.place === place)) {
    if (seal === null || number < before || number > highest) report(sealName(number, place));
    before = Math.max(before, number ?? 0);
  }
}

/** What the first seal follows. */
const beginning = { digest: '0'.repeat(64), time: '' };

/** Walks along the seals. @returns the leaves that are proved */
function walkSeals({ seals, head }, trusted, report) {
  const sound = new Set(seals.filter(({ seal }) => isSound(seal, head, trusted)));
  const highest = Math.max(0, ...[...sound].map(({ number }) => number));
  const places = seals.some(({ place }) => place === 'second') ? ['first', 'second'] : ['first'];
  for (const place of places) reportLines(seals, place, highest, report);
  // `before` is the seal before, null where it is lost; `unsure` are leaves that only the next root can prove.
  const walk = { tree: merkleTree(), before: beginning, unsure: [] };
  const proved = [];
  for (let number = 1; number <= highest; number += 1) {
    const here = seals.filter((line) => line.number === number);
    const found = pick(
      here.filter((line) => sound.has(line)).map(({ seal }) => seal),
      walk,
    );
    for (const place of places)
      if (
        !isAlone(
          here.filter((line) => line.place === place),
          found,
        )
      )
        report(sealName(number, place));
    if (found) proved.push(...walk.unsure.splice(0), ...found.leaves);
    else goOnUnsure(here, walk);
    walk.before = found && {
      digest: sha256(canonicalize(found.statement)).toString('hex'),
      time: found.statement.time,
    };
  }
  return proved;
}

/** The seal that comes next. After one that is lost, one that is signed and gives its own root is enough to go on from. */
function pick(signed, walk) {
  const next = signed.find((seal) => follows(seal, walk));
  if (next || walk.before !== null) return next ?? null;
  const alone = signed.find((seal) => standsAlone(seal, walk)) ?? null;
  if (alone) walk.unsure = [];
  return alone;
}

/** Does the seal come next? If so, the tree has grown by its leaves. */
function follows({ statement, leaves, peaks }, { tree, before }) {
  const saved = tree.saved();
  for (const leaf of leaves) tree.add(leaf);
  const fits = tree.size() === statement.size && tree.root() === statement.root && tree.peaks() === peaks.join();
  const linked = before === null || (statement.previous === before.digest && statement.time >= before.time);
  if (!fits || !linked) tree.restore(saved);
  return fits && linked;
}

/** Does the seal give its own root? If so, the tree is the one after it. */
function standsAlone({ statement, peaks }, { tree }) {
  const saved = tree.saved();
  tree.begin(statement.size, peaks);
  if (tree.peaks() === peaks.join() && tree.root() === statement.root) return true;
  tree.restore(saved);
  return false;
}

/** The next root decides whether the entries of a seal that does not fit were those that were sealed. */
function goOnUnsure(here, walk) {
  const leaves = here.find(({ seal }) => seal !== null)?.seal.leaves ?? [];
  for (const leaf of leaves) walk.tree.add(leaf);
  walk.unsure.push(...leaves);
}

function isAlone(lines, found) {
  const [only] = lines;
  if (lines.length !== 1 || found === null || only.seal === null) return false;
  return contentOf(only.seal) === contentOf(found);
}

const contentOf = ({ statement, signature, leaves, peaks }) => canonicalize({ statement, signature, leaves, peaks });

const tenMinutes = 600_000;

/** Keeps count of the order of journals: each comes once, in the order of the names. */
function journalOrder() {
  const over = new Set();
  let current = null;
  let highest = '';
  return (journal) => {
    if (journal !== current) {
      if (current !== null) over.add(current);
      if (journal < highest) over.add(journal);
      if (journal > highest) highest = journal;
      current = journal;
    }
    return !over.has(journal);
  };
}

/** An entry that nothing proves has to follow the one before, and to be young. @returns the place that is wrong, or null */
function wrongUnsealed({ entry, hash, last, head }) {
  const { journal, sequence } = entry;
  const place = `${journal}#${sequence}`;
  if (entry.hash !== hash) return place;
  if (sequence > last.sequence + 1) return `${journal}#${last.sequence + 1}`;
  const late = Date.parse(entry.time) < Date.parse(head?.time) - tenMinutes;
  return sequence <= last.sequence || entry.previous !== last.hash || late ? place : null;
}

/** An entry that is what was sealed has to be in its place, once, and to have its own hash. */
function isWell({ entry, hash }, isPresent, ordered, last) {
  return entry.hash === hash && !isPresent && ordered && entry.sequence >= last.sequence;
}

function hashOf({ actor, data, journal, previous, sequence, time, type }) {
  return sha256(canonicalize({ actor, data, journal, previous, sequence, time, type })).toString('hex');
}

/** Goes along the entries. @returns those that are not what was sealed in their place */
function strangersAmong({ entries, head }, sealed, present, report) {
  const lastOf = new Map();
  const inOrder = journalOrder();
  const strangers = [];
  for (const { entry } of entries.filter(({ intact }) => intact)) {
    const { journal, sequence } = entry;
    const place = `${journal}#${sequence}`;
    const hash = hashOf(entry);
    const ordered = inOrder(journal);
    const last = lastOf.get(journal) ?? { sequence: 0, hash: '0'.repeat(64) };
    lastOf.set(journal, { sequence, hash });
    if (!sealed.has(place)) report(wrongUnsealed({ entry, hash, last, head }));
    else if (sealed.get(place) === hash) {
      report(isWell({ entry, hash }, present.has(place), ordered, last) ? null : place);
      present.add(place);
    } else strangers.push({ place, hash: entry.hash });
  }
  return strangers;
}

/** Compares the entries with what is proved. */
function compareEntries(lines, proved, report) {
  const leaves = proved.map((leaf) => leaf.split(' '));
  const sealed = new Map(leaves.map(([journal, sequence, hash]) => [`${journal}#${sequence}`, hash]));
  const placeOfHash = new Map([...sealed].map(([place, hash]) => [hash, place]));
  const present = new Set();
  const known = strangersAmong(lines, sealed, present, report);
  const unknown = lines.entries.filter(({ intact }) => !intact);
  const broken = unknown.map(({ entry }) => ({
    place: `${isText(entry.journal) ? entry.journal : ''}#${isCount(entry.sequence) ? entry.sequence : 0}`,
    hash: entry.hash,
  }));
  for (const { place, hash } of [...known, ...broken]) {
    const meant = [placeOfHash.get(hash), place].find((one) => sealed.has(one) && !present.has(one));
    report(meant ?? place);
    if (meant) present.add(meant);
  }
  for (const place of sealed.keys()) report(present.has(place) ? null : place);
}

/** Every place where an export is not whole, sorted; none where it is. @param trusted thumbprint of the key, or null for any */
export function places(text, trusted = null) {
  const found = new Set();
  const report = (place) => {
    if (place !== null) found.add(place);
  };
  const lines = sortLines(text, report);
  compareEntries(lines, walkSeals(lines, trusted, report), report);
  return [...found].sort();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [file, trusted] = process.argv.slice(2);
  if (!file) {
    console.error('usage: node quell-verify.mjs FILE [THUMBPRINT]');
    process.exit(2);
  }
  const found = places(readFileSync(file, 'utf8'), trusted ?? null);
  console.log(found.length === 0 ? 'whole' : found.join('\n'));
  process.exitCode = found.length === 0 ? 0 : 1;
}
