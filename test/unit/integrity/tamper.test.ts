import { describe, expect, test } from 'vitest';
import { type Verdict, verification } from '../../../shared/domain/integrity.ts';
import type { Statement } from '../../../shared/domain/seal.ts';
import { exportOf, historyOf } from '../../support/sealed-ledger.ts';
import { mutationsOf } from '../../support/tamper.ts';

function verdictOf(lines: readonly string[], key: string, seen: Statement | null = null): Verdict {
  const run = verification({ keys: [key], seen });
  for (const line of lines) run.take(line);
  return run.end();
}

const history = historyOf({ journals: 5, entries: 26, perSeal: 6 });

/** The same numbers each time. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

describe('an export', () => {
  test('that is whole has no finding, with one place or two', () => {
    for (const second of [[], history.seals])
      expect(verdictOf(exportOf(history, second), history.key.id)).toMatchObject({
        findings: [],
        entries: 26,
        unsealed: 0,
        seals: 5,
        keys: [history.key.id],
      });
  });

  test('of any size is whole', () => {
    for (let entries = 5; entries <= 60; entries += 5)
      for (const perSeal of [1, 7, 100]) {
        const some = historyOf({ journals: 5, entries, perSeal }, history.key);
        const { findings } = verdictOf(exportOf(some, entries % 2 === 0 ? [] : some.seals), history.key.id, null);
        if (findings.length > 0) expect.fail(`${entries} by ${perSeal}: ${JSON.stringify(findings)}`);
      }
  });

  test('is found out, and the place named, whatever was done to it', () => {
    const missed: string[] = [];
    const kinds = new Set<string>();
    let count = 0;
    for (const { kind, lines, places, seen } of mutationsOf(history, chance(1), 100)) {
      count += 1;
      kinds.add(kind);
      const { findings } = verdictOf(lines, history.key.id, seen);
      const named = findings.map(({ where }) => where);
      if (!places.some((place) => named.includes(place))) missed.push(`${kind} ${places.join()}: ${named.join()}`);
    }
    expect(missed.slice(0, 10)).toEqual([]);
    expect(count).toBeGreaterThan(1200);
    expect(kinds.size).toBeGreaterThan(100);
  }, 120_000);
});
