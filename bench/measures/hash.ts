import { createHash } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { canonical } from '../../shared/domain/json.ts';
import { type EntryBody, entriesAfter, firstBreak } from '../../shared/domain/ledger.ts';
import { emptyTree, grown, leafHash, rootOf } from '../../shared/domain/merkle.ts';
import type { Measure } from '../lib/figures.ts';
import { median } from '../lib/stats.ts';

const body = (n: number): EntryBody => ({
  time: '2026-01-01T00:00:00.000Z',
  type: 'proved',
  actor: 'quell',
  data: { n, text: 'x'.repeat(900), list: [1, 2, 3], nested: { a: true, b: null } },
});

/** Items a second, median of five rounds. */
function rate(count: number, work: () => unknown): number {
  const rounds = Array.from({ length: 5 }, () => {
    const start = performance.now();
    work();
    return count / ((performance.now() - start) / 1000);
  });
  return median(rounds);
}

/** Chaining and checking entries, growing the tree that is sealed; beside the bare hash of the same bytes. */
export const measureHash: Measure = async (size) => {
  const count = size === 'full' ? 20_000 : 5_000;
  const bodies = Array.from({ length: count }, (_, n) => body(n));
  const texts = bodies.map(({ data }) => canonical(data));
  const chained = entriesAfter('run-1', null, bodies);
  const leaves = chained.map(({ hash }) => leafHash(hash));
  const bare = rate(count, () => texts.map((text) => createHash('sha256').update(text).digest('hex')));
  const chain = rate(count, () => entriesAfter('run-1', null, bodies));
  const check = rate(count, () => firstBreak(chained));
  const tree = rate(count, () => rootOf(grown(emptyTree, leaves)));
  const pair = 'a'.repeat(128);
  const pairs = rate(count, () => leaves.map(() => createHash('sha256').update(pair, 'hex').digest('hex')));
  return {
    figures: [
      {
        what: 'entries chained (1 kB each)',
        unit: '/s',
        ours: chain,
        baseline: { what: 'SHA-256 of the same text', value: bare },
        wanted: null,
      },
      {
        what: 'entries checked',
        unit: '/s',
        ours: check,
        baseline: { what: 'SHA-256 of the same text', value: bare },
        wanted: null,
      },
      {
        what: 'leaves added to the tree that is sealed',
        unit: '/s',
        ours: tree,
        baseline: { what: 'SHA-256 of as many pairs of hashes', value: pairs },
        wanted: null,
      },
    ],
    raw: { count, bare, chain, check, tree, pairs },
  };
};
