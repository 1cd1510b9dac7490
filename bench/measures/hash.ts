import { createHash } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { canonical } from '../../shared/domain/json.ts';
import { type EntryBody, entriesAfter, firstBreak } from '../../shared/domain/ledger.ts';
import { emptyTree, grown, leafHash, rootOf } from '../../shared/domain/merkle.ts';
import type { Figure, Measure } from '../lib/figures.ts';
import { median } from '../lib/stats.ts';

const body = (n: number): EntryBody => ({
  time: '2026-01-01T00:00:00.000Z',
  type: 'proved',
  actor: 'quell',
  data: { n, text: 'x'.repeat(900), list: [1, 2, 3], nested: { a: true, b: null } },
});

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Items a second, median of five rounds; each has its own, since what was checked once may be known afterwards. */
function rate<T>(count: number, fresh: () => T, work: (given: T) => unknown): number {
  const rounds = Array.from({ length: 5 }, () => {
    const given = fresh();
    const start = performance.now();
    work(given);
    return count / ((performance.now() - start) / 1000);
  });
  return median(rounds);
}

/** Chaining and checking entries, growing the tree that is sealed; beside the bare hash of the same bytes. */
export const measureHash: Measure = async (size) => {
  const count = size === 'full' ? 20_000 : 5_000;
  const bodies = () => Array.from({ length: count }, (_, n) => body(n));
  const chained = () => entriesAfter('run-1', null, bodies());
  const asRead = (): ReturnType<typeof chained> => JSON.parse(JSON.stringify(chained()));
  const leaves = chained().map(({ hash }) => leafHash(hash));
  const pair = (n: number) => `${leaves[n]}${leaves[n]}`;

  const texts = () => bodies().map(({ data }) => canonical(data));
  const bare = rate(count, texts, (list) => list.map(sha256));
  const chain = rate(count, bodies, (list) => entriesAfter('run-1', null, list));
  const check = rate(count, asRead, (entries) => {
    if (firstBreak(entries) !== null) throw new Error('the chain is broken');
  });
  const pairs = rate(
    count,
    () => leaves.map((_, n) => pair(n)),
    (list) => list.map(sha256),
  );
  const tree = rate(
    count,
    () => leaves,
    (list) => rootOf(grown(emptyTree, list)),
  );
  const figure = (what: string, ours: number, beside: string, value: number): Figure => {
    return { what, unit: '/s', ours, baseline: { what: beside, value }, wanted: null };
  };
  return {
    figures: [
      figure('entries chained (1 kB each)', chain, 'SHA-256 of the same text', bare),
      figure('entries checked', check, 'SHA-256 of the same text', bare),
      figure('leaves added to the tree that is sealed', tree, 'SHA-256 of as many pairs of hashes', pairs),
    ],
    raw: { count, bare, chain, check, tree, pairs },
  };
};
