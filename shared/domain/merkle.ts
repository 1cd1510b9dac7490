import { createHash } from 'node:crypto';

/*
 * Merkle tree hashing of RFC 6962 §2.1. Leaves and nodes are hashed with different prefixes, so that no node can pass for
 * a leaf; the tree over the first m leaves is part of every larger tree, so that a later root proves an earlier one.
 */

/** Hash of one leaf. */
export function leafHash(data: string): Buffer {
  return createHash('sha256').update('\u0000').update(data).digest();
}

function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash('sha256').update('\u0001').update(left).update(right).digest();
}

/** A tree that can grow, without its leaves: the roots of its perfect subtrees, the largest first. */
export interface Tree {
  readonly size: number;
  readonly peaks: readonly Uint8Array[];
}

export const emptyTree: Tree = { size: 0, peaks: [] };

/** The tree with leaves added at its end. @param leaves their hashes */
export function grown(tree: Tree, leaves: readonly Uint8Array[]): Tree {
  const peaks = [...tree.peaks];
  let { size } = tree;
  for (const leaf of leaves) {
    let carry = leaf;
    // Every trailing 1 of the size is a perfect subtree that the new leaf completes to one twice as large.
    for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) carry = nodeHash(peaks.pop() ?? carry, carry);
    peaks.push(carry);
    size += 1;
  }
  return { size, peaks };
}

/** Root of the tree (RFC 6962 §2.1: the hash of an empty one is the hash of nothing). */
export function rootOf({ peaks }: Tree): Uint8Array {
  const last = peaks.at(-1) ?? createHash('sha256').digest();
  return peaks.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), last);
}

/** Leaves on the left side of a tree of this size (2 or more): the largest power of two below it. */
function leftSize(size: number): number {
  let left = 1;
  while (left * 2 < size) left *= 2;
  return left;
}

/** Leaves to make proofs of. Roots of their subtrees are computed once. */
export interface Leaves {
  /** Root of the leaves from one index up to before another. */
  root(from: number, to: number): Uint8Array;
}

/** @param hashes of all leaves, in order */
export function leavesOf(hashes: readonly Uint8Array[]): Leaves {
  const known = new Map<string, Uint8Array>();
  const root = (from: number, to: number): Uint8Array => {
    const [only] = to - from < 2 ? hashes.slice(from, to) : [];
    if (only || to === from) return only ?? rootOf(emptyTree);
    const name = `${from}-${to}`;
    const split = from + leftSize(to - from);
    const hash = known.get(name) ?? nodeHash(root(from, split), root(split, to));
    known.set(name, hash);
    return hash;
  };
  return { root };
}

/** The hashes that, with the leaf, give the root of the first `size` leaves (RFC 6962 §2.1.1), from the bottom up. */
export function inclusionPath(leaves: Leaves, index: number, size: number): readonly Uint8Array[] {
  const path: Uint8Array[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const split = from + leftSize(to - from);
    if (index < split) {
      path.push(leaves.root(split, to));
      to = split;
    } else {
      path.push(leaves.root(from, split));
      from = split;
    }
  }
  return path.reverse();
}

/**
 * The hashes that prove that the tree of the first `earlier` leaves is the beginning of that of the first `size`
 * (RFC 6962 §2.1.2). Empty where there is nothing to prove: the earlier tree is empty, or the same.
 */
export function consistencyPath(leaves: Leaves, earlier: number, size: number): readonly Uint8Array[] {
  if (earlier === 0) return [];
  const path: Uint8Array[] = [];
  let [from, to] = [0, size];
  while (earlier !== to) {
    const split = from + leftSize(to - from);
    if (earlier <= split) {
      path.push(leaves.root(split, to));
      to = split;
    } else {
      path.push(leaves.root(from, split));
      from = split;
    }
  }
  // Where the earlier tree is itself a subtree of the later one, whoever verifies has its root already.
  if (from > 0) path.push(leaves.root(from, to));
  return path.reverse();
}

/** A tree by its size and root. */
export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
}

/** Is the leaf the one at `index` of the tree? (RFC 9162 §2.1.3.2) */
export function isIncluded(leaf: Uint8Array, index: number, tree: TreeHead, path: readonly Uint8Array[]): boolean {
  if (index < 0 || index >= tree.size) return false;
  const { steps, atTop } = climb(index, tree.size - 1, path);
  const hash = steps.reduce((below, { sibling, onLeft }) => {
    return onLeft ? nodeHash(sibling, below) : nodeHash(below, sibling);
  }, leaf);
  return atTop && same(hash, tree.root);
}

/** Is the earlier tree the beginning of the later one? (RFC 9162 §2.1.4.2) */
export function isConsistent(earlier: TreeHead, later: TreeHead, path: readonly Uint8Array[]): boolean {
  if (earlier.size > later.size) return false;
  if (earlier.size === later.size) return path.length === 0 && same(earlier.root, later.root);
  if (earlier.size === 0) return path.length === 0 && same(earlier.root, rootOf(emptyTree));
  const perfect = Number.isInteger(Math.log2(earlier.size));
  const [first, ...rest] = perfect ? [earlier.root, ...path] : path;
  if (!first) return false;
  let [at, last] = [earlier.size - 1, later.size - 1];
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  const { steps, atTop } = climb(at, last, rest);
  // Only what stands on the left belongs to the earlier tree as well.
  const old = steps.reduce((below, { sibling, onLeft }) => (onLeft ? nodeHash(sibling, below) : below), first);
  const young = steps.reduce((below, { sibling, onLeft }) => {
    return onLeft ? nodeHash(sibling, below) : nodeHash(below, sibling);
  }, first);
  return atTop && same(old, earlier.root) && same(young, later.root);
}

interface Step {
  readonly sibling: Uint8Array;
  readonly onLeft: boolean;
}

/** The way up from a node; `atTop` where the path is exactly long enough. @param last the last node of the same level */
function climb(at: number, last: number, path: readonly Uint8Array[]): { steps: readonly Step[]; atTop: boolean } {
  const steps: Step[] = [];
  for (const sibling of path) {
    if (last === 0) return { steps, atTop: false };
    const onLeft = at % 2 === 1 || at === last;
    steps.push({ sibling, onLeft });
    // A node without a brother stands for its parent as it is, up to the level where it has one.
    if (onLeft) while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    [at, last] = [half(at), half(last)];
  }
  return { steps, atTop: last === 0 };
}

/** Not by shifting: a size may have more than 32 bits. */
function half(value: number): number {
  return Math.floor(value / 2);
}

function same(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}
