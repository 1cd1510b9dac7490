import type { Place } from './export.ts';
import { type Finding, type Misdeed, sealPlace } from './finding.ts';
import { beginning } from './ledger.ts';
import { emptyTree, grown, leafHash, rootOf, type Tree } from './merkle.ts';
import { isSigned, thumbprint } from './public-key.ts';
import { hexOf, type Leaf, leafOf, type Seal, type Statement, statementDigest, statementText, treeOf } from './seal.ts';

/** A seal as it stands in an export; `seal` is null where its line cannot be read, `number` where it does not even say which. */
export interface SealLine {
  readonly place: Place;
  readonly number: number | null;
  readonly seal: Seal | null;
}

/** What is known beforehand. */
export interface Trust {
  /** Thumbprints of the keys that are believed; null: any, which proves no more than that the export fits itself. */
  readonly keys: readonly string[] | null;
  readonly origin: string;
  /** A statement somebody kept from an earlier look; null where nobody did. */
  readonly seen: Statement | null;
}

/** What the seals prove. */
export interface SealedList {
  /** Every leaf of a seal that fits, in order. */
  readonly leaves: readonly Leaf[];
  /** The newest seal that fits; null where none does. */
  readonly newest: Statement | null;
  /** Are these all leaves there ever were? Then proofs can be made of them. */
  readonly whole: boolean;
  /** Thumbprints of the keys of those that fit. */
  readonly keys: readonly string[];
  readonly findings: readonly Finding[];
}

/** Where the walk along the seals stands. */
interface Walk {
  readonly tree: Tree;
  /** The statement before; null at the beginning, and where the seal before does not fit. */
  readonly before: Statement | null;
  readonly fits: boolean;
  /** Leaves of seals that do not fit: proved after all where the next root stands on them. */
  readonly doubtful: readonly string[];
}

type Shelf = Readonly<Record<Place, readonly SealLine[]>>;

/** Reads the seals of both places, goes on with those that fit, and names every one that does not. */
export function sealedList(lines: readonly SealLine[], trust: Trust): SealedList {
  const shelves = shelvesOf(lines);
  const highest = highestOf(lines, trust);
  const places: readonly Place[] = lines.some(({ place }) => place === 'second') ? ['first', 'second'] : ['first'];
  const last = { first: lastNumber(lines, 'first'), second: lastNumber(lines, 'second') };
  const findings: Finding[] = places.flatMap((place) => lineFindings(lines, place, highest));
  const leaves: Leaf[] = [];
  let walk: Walk = { tree: emptyTree, before: null, fits: true, doubtful: [] };
  const keys = new Set<string>();
  let whole = true;
  let newest: Statement | null = null;
  for (let number = 1; number <= highest; number += 1) {
    const shelf = shelves.get(number) ?? emptyShelf;
    const found = pick(shelf, walk, trust);
    for (const place of places)
      findings.push(...placeFindings(shelf[place], { number, place, found, last: last[place] }));
    findings.push(...seenFindings(number, found.seal, trust.seen));
    addLeaves(leaves, walk, found);
    whole &&= found.fits !== 'alone';
    if (found.fits !== 'no') {
      newest = found.seal.statement;
      keys.add(thumbprint(newest.key));
    }
    walk = walkAfter(walk, found);
  }
  return { leaves, newest, whole: whole && walk.fits, keys: [...keys], findings };
}

function highestOf(lines: readonly SealLine[], trust: Trust): number {
  return lines.reduce((most, { seal }) => Math.max(most, authenticNumber(seal, trust)), trust.seen?.number ?? 0);
}

function walkAfter(walk: Walk, { fits, seal }: Picked): Walk {
  if (fits === 'no') return doubtfulWalk(walk, seal);
  return { tree: treeOf(seal), before: seal.statement, fits: true, doubtful: [] };
}

function addLeaves(leaves: Leaf[], walk: Walk, { fits, seal }: Picked): void {
  if (fits === 'no') return;
  for (const text of fits === 'yes' ? walk.doubtful : []) addLeaf(leaves, text);
  for (const text of seal.leaves) addLeaf(leaves, text);
}

function addLeaf(leaves: Leaf[], text: string): void {
  const leaf = leafOf(text);
  if (leaf) leaves.push(leaf);
}

const emptyShelf: Shelf = { first: [], second: [] };

function shelvesOf(lines: readonly SealLine[]): ReadonlyMap<number, Shelf> {
  const shelves = new Map<number, { first: SealLine[]; second: SealLine[] }>();
  for (const line of lines) {
    if (line.number === null) continue;
    const shelf = shelves.get(line.number) ?? { first: [], second: [] };
    shelf[line.place].push(line);
    shelves.set(line.number, shelf);
  }
  return shelves;
}

function lastNumber(lines: readonly SealLine[], place: Place): number {
  return lines.reduce((most, line) => Math.max(most, line.place === place ? (line.number ?? 0) : 0), 0);
}

function doubtfulWalk(walk: Walk, seal: Seal | null): Walk {
  const leaves = seal?.leaves ?? [];
  const tree = grown(walk.tree, leaves.map(leafHash));
  return { tree, before: null, fits: false, doubtful: [...walk.doubtful, ...leaves] };
}

function authenticNumber(seal: Seal | null, trust: Trust): number {
  return seal && isAuthentic(seal, trust) ? seal.statement.number : 0;
}

function isAuthentic({ statement, signature }: Seal, { keys, origin }: Trust): boolean {
  if (statement.origin !== origin || (keys !== null && !keys.includes(thumbprint(statement.key)))) return false;
  return isSigned(statement.key, statementText(statement), signature);
}

/** The seal to go on from. `alone`: it is signed and gives its root, but what was before it is not known. */
type Picked =
  | { readonly seal: Seal; readonly fits: 'yes' | 'alone' }
  | { readonly seal: Seal | null; readonly fits: 'no' };

/** One that fits, from the first place if it can be. */
function pick({ first, second }: Shelf, walk: Walk, trust: Trust): Picked {
  const candidates = [...first, ...second].flatMap(({ seal }) => seal ?? []);
  const authentic = candidates.filter((seal) => isAuthentic(seal, trust));
  const fitting = authentic.find((seal) => follows(seal, walk));
  if (fitting) return { seal: fitting, fits: 'yes' };
  const alone = walk.fits ? undefined : authentic.find(givesItsRoot);
  return alone ? { seal: alone, fits: 'alone' } : { seal: candidates[0] ?? null, fits: 'no' };
}

function givesItsRoot(seal: Seal): boolean {
  return hexOf(rootOf(treeOf(seal))) === seal.statement.root;
}

/** Can the seal come next? Where the one before does not fit, only its tree is asked. */
function follows({ statement, leaves, peaks }: Seal, walk: Walk): boolean {
  const tree = grown(walk.tree, leaves.map(leafHash));
  if (tree.size !== statement.size || hexOf(rootOf(tree)) !== statement.root) return false;
  if (tree.peaks.map(hexOf).join() !== peaks.join()) return false;
  if (!walk.fits) return true;
  const { before } = walk;
  return (
    statement.previous === (before ? statementDigest(before) : beginning) && statement.time >= (before?.time ?? '')
  );
}

interface Shelved {
  readonly number: number;
  readonly place: Place;
  readonly found: Picked;
  /** The last number in this place. */
  readonly last: number;
}

/** What is wrong with the seal of one number in one place. */
function placeFindings(here: readonly SealLine[], { number, place, found, last }: Shelved): readonly Finding[] {
  const where = sealPlace(number, place);
  if (here.length === 0)
    return [
      number < last ? finding('removed', where, 'it is gone') : finding('truncated', where, 'the seals end before it'),
    ];
  const findings = here.length > 1 ? [finding('added', where, `it is there ${here.length} times`)] : [];
  const odd = here.find(({ seal }) => found.fits === 'no' || !seal || !sameSeal(seal, found.seal));
  if (odd) findings.push(oddSeal(where, odd.seal, found));
  return findings;
}

function oddSeal(where: string, seal: Seal | null, found: Picked): Finding {
  const another =
    seal && found.fits !== 'no' && statementDigest(seal.statement) !== statementDigest(found.seal.statement);
  return another
    ? finding('forked', where, 'it says something else than the seal of this number that fits')
    : finding('changed', where, 'it is not what was signed');
}

function sameSeal(one: Seal, other: Seal): boolean {
  const text = ({ statement, signature, leaves, peaks }: Seal) =>
    [statementText(statement), signature, ...leaves, '', ...peaks].join('\n');
  return one === other || text(one) === text(other);
}

/** What the lines of a place say by themselves: unreadable, out of order, or of a number that nobody signed. */
function lineFindings(lines: readonly SealLine[], place: Place, highest: number): readonly Finding[] {
  let before = 0;
  return lines
    .filter((line) => line.place === place)
    .flatMap(({ number, seal }) => {
      const where = sealPlace(number, place);
      const late = number !== null && number < before;
      const newestBefore = before;
      before = Math.max(before, number ?? 0);
      if (!seal) return [finding('changed', where, 'it cannot be read')];
      if (late) return [finding('reordered', where, 'it comes after a later one')];
      if (number === null || number <= highest) return [];
      const gap =
        number > newestBefore + 1 ? [finding('removed', sealPlace(newestBefore + 1, place), 'it is gone')] : [];
      return [...gap, finding('changed', where, 'it is not what was signed')];
    });
}

function seenFindings(number: number, seal: Seal | null, seen: Statement | null): readonly Finding[] {
  if (seen?.number !== number || !seal || statementDigest(seal.statement) === statementDigest(seen)) return [];
  return [finding('forked', sealPlace(number), 'it is not the seal that was seen before')];
}

function finding(what: Misdeed, where: string, says: string): Finding {
  return { what, where, says };
}
