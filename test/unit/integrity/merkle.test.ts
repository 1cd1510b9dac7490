import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  consistencyPath,
  emptyTree,
  grown,
  inclusionPath,
  isConsistent,
  isIncluded,
  leafHash,
  leavesOf,
  rootOf,
} from '../../../shared/domain/merkle.ts';

const hex = (hash: Uint8Array) => Buffer.from(hash).toString('hex');

/** The definition of RFC 6962 §2.1, word for word. */
function definition(inputs: readonly Buffer[]): Buffer {
  const hash = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
  const [only] = inputs;
  if (!only) return hash();
  if (inputs.length === 1) return hash(Buffer.of(0), only);
  let k = 1;
  while (k * 2 < inputs.length) k *= 2;
  return hash(Buffer.of(1), definition(inputs.slice(0, k)), definition(inputs.slice(k)));
}

/** Inputs and roots that implementations of certificate transparency test themselves with. */
const published = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const roots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const most = 256;
const leaves = Array.from({ length: most }, (_, index) => leafHash(`leaf ${index}`));
const provable = leavesOf(leaves);
const trees = Array.from({ length: most + 1 }, (_, size) => ({
  size,
  root: rootOf(grown(emptyTree, leaves.slice(0, size))),
}));
const treeOf = (size: number) => trees[size] ?? { size: 0, root: Buffer.alloc(0) };
const leaf = (index: number) => leaves[index] ?? Buffer.alloc(0);

describe('the tree', () => {
  test('has the roots that certificate transparency is tested with', () => {
    // As Latin-1 every byte is one character below 128, so text and bytes are the same.
    const inputs = published.map((input) => Buffer.from(input, 'hex').toString('latin1'));
    for (const [index, root] of roots.entries())
      expect(hex(rootOf(grown(emptyTree, inputs.slice(0, index + 1).map(leafHash))))).toBe(root);
    expect(hex(rootOf(emptyTree))).toBe(createHash('sha256').digest('hex'));
  });

  test('is the definition of RFC 6962, however it grew', () => {
    const inputs = Array.from({ length: most }, (_, index) => Buffer.from(`leaf ${index}`));
    for (let size = 0; size <= most; size += 1) {
      expect(hex(treeOf(size).root)).toBe(hex(definition(inputs.slice(0, size))));
      const inTwo = grown(grown(emptyTree, leaves.slice(0, size >> 1)), leaves.slice(size >> 1, size));
      expect(hex(rootOf(inTwo))).toBe(hex(treeOf(size).root));
    }
  });
});

describe('every tree of up to nine leaves', () => {
  const small = Array.from({ length: 10 }, (_, size) => size);
  const pairs = small.flatMap((size) => small.filter((one) => one <= size).map((one) => [one, size] as const));
  // Grown here and not beforehand, so that whoever changes how it grows is noticed here.
  const headOf = (size: number) => ({ size, root: rootOf(grown(emptyTree, leaves.slice(0, size))) });
  const made = () => leavesOf(leaves.slice(0, 9));
  const hashes = (path: readonly Uint8Array[]) => path.map(hex);

  test('has a root for any of its parts, the same as if it stood alone', () => {
    for (const [from, to] of pairs)
      expect(hex(made().root(from, to))).toBe(hex(rootOf(grown(emptyTree, leaves.slice(from, to)))));
  });

  test('proves each of its leaves in its place, and no other', () => {
    for (const [index, size] of pairs.filter(([one, other]) => one < other)) {
      const path = inclusionPath(made(), index, size);
      for (const [at, of] of pairs)
        expect(isIncluded(leaf(index), at, headOf(of), path)).toBe(at === index && of === size);
      expect(isIncluded(leaf(index), index, headOf(size), [...path, leaf(0)])).toBe(false);
      expect(isIncluded(leaf(index), -1, headOf(size), path)).toBe(false);
    }
  });

  test('proves that it begins with each smaller one, and with no other', () => {
    for (const [earlier, size] of pairs) {
      const path = consistencyPath(made(), earlier, size);
      expect(isConsistent(headOf(earlier), headOf(size), path)).toBe(true);
      expect(isConsistent({ size: earlier, root: leaf(0) }, headOf(size), path)).toBe(earlier === 1);
      expect(isConsistent(headOf(earlier), headOf(size), [...path, leaf(0)])).toBe(false);
      const forged = isConsistent(headOf(earlier), { size, root: leaf(3) }, path);
      expect(forged).toBe(earlier === 0 && size > 0);
      if (path.length > 0) expect(isConsistent(headOf(earlier), headOf(size), path.slice(1))).toBe(false);
      if (earlier < size) expect(isConsistent(headOf(size), headOf(earlier), path)).toBe(false);
    }
  });

  test('proves with as few hashes as can be', () => {
    expect(hashes(consistencyPath(made(), 0, 5))).toEqual([]);
    expect(hashes(consistencyPath(made(), 5, 5))).toEqual([]);
    expect(consistencyPath(made(), 4, 8)).toHaveLength(1);
    expect(consistencyPath(made(), 3, 7)).toHaveLength(4);
    expect(inclusionPath(made(), 0, 1)).toEqual([]);
    expect(inclusionPath(made(), 0, 9)).toHaveLength(4);
    expect(inclusionPath(made(), 8, 9)).toHaveLength(1);
  });
});

/** Every pair of a size and something smaller, as far as a check fails; the first few. */
function failing(check: (one: number, size: number) => boolean, from: number): readonly string[] {
  const failed: string[] = [];
  for (let size = from; size <= most; size += 1)
    for (let one = 0; one < size; one += 1) if (!check(one, size)) failed.push(`${one} of ${size}`);
  return failed.slice(0, 5);
}

/** Most wrong proofs are tried on a part of the pairs only: each costs as much as a right one. */
const sampled = (one: number, size: number) => (one + size) % 11 === 0;

describe(`every tree of up to ${most} leaves`, () => {
  test('proves each of its leaves', () => {
    const proves = (index: number, size: number) =>
      isIncluded(leaf(index), index, treeOf(size), inclusionPath(provable, index, size));
    expect(failing(proves, 1)).toEqual([]);
  });

  test('proves nothing else', () => {
    const refuses = (index: number, size: number) => {
      if (!sampled(index, size)) return true;
      const path = inclusionPath(provable, index, size);
      return ![
        isIncluded(leaf((index + 1) % most), index, treeOf(size), path),
        size > 1 && isIncluded(leaf(index), (index + 1) % size, treeOf(size), path),
        isIncluded(leaf(index), index, treeOf(size - 1), path),
        isIncluded(leaf(index), index, treeOf(size), [...path, leaf(0)]),
        path.length > 0 && isIncluded(leaf(index), index, treeOf(size), path.slice(1)),
        isIncluded(leaf(index), -1, treeOf(size), path),
      ].includes(true);
    };
    expect(failing(refuses, 1)).toEqual([]);
  });

  test('is proved to be the beginning of every larger one', () => {
    const proves = (earlier: number, size: number) =>
      isConsistent(treeOf(earlier), treeOf(size), consistencyPath(provable, earlier, size));
    expect(failing(proves, 0)).toEqual([]);
    expect(isConsistent(treeOf(7), treeOf(7), consistencyPath(provable, 7, 7))).toBe(true);
  });

  test('is not proved to be the beginning of any other', () => {
    const refuses = (earlier: number, size: number) => {
      if (earlier === 0 || !sampled(earlier, size)) return true;
      const path = consistencyPath(provable, earlier, size);
      const flipped = path.map((hash, at) => (at === path.length - 1 ? leafHash('flipped') : hash));
      return ![
        isConsistent({ size: earlier, root: leafHash('forged') }, treeOf(size), path),
        isConsistent(treeOf(earlier), { size, root: leafHash('forged') }, path),
        isConsistent(treeOf(earlier), treeOf(size), flipped),
        isConsistent(treeOf(earlier), treeOf(size), path.slice(0, -1)),
        isConsistent(treeOf(earlier), treeOf(size), [...path, leaf(0)]),
        isConsistent(treeOf(size), treeOf(earlier), path),
      ].includes(true);
    };
    expect(failing(refuses, 1)).toEqual([]);
  });
});
