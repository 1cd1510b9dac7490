import { describe, expect, test } from 'vitest';
import { verification } from '../../../shared/domain/integrity.ts';
import type { Statement } from '../../../shared/domain/seal.ts';
import { places } from '../../../verify/quell-verify.mjs';
import { exportOf, historyOf } from '../../support/sealed-ledger.ts';
import { mutationsOf } from '../../support/tamper.ts';

const history = historyOf({ journals: 4, entries: 24, perSeal: 5 });

function ours(lines: readonly string[], seen: Statement | null = null): readonly string[] {
  const run = verification({ keys: [history.key.id], seen });
  for (const line of lines) run.take(line);
  return [...new Set(run.end().findings.map(({ where }) => where))].sort();
}

const theirs = (lines: readonly string[]) => places(`${lines.join('\n')}\n`, history.key.id);

/** The same numbers each time. */
function chance(): () => number {
  let state = 7;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

describe('the second verifier', () => {
  test('shares nothing with the first', async () => {
    const { readFileSync } = await import('node:fs');
    const imports = [...readFileSync('verify/quell-verify.mjs', 'utf8').matchAll(/from '([^']+)'/g)].map(
      ([, from]) => from,
    );
    expect(imports).toEqual(['node:crypto', 'node:fs', 'node:url']);
  });

  test('agrees on what is whole', () => {
    for (const second of [[], history.seals])
      expect([ours(exportOf(history, second)), theirs(exportOf(history, second))]).toEqual([[], []]);
  });

  test('agrees on every place of every mutation that needs no memory', () => {
    const differing: string[] = [];
    let [index, compared] = [0, 0];
    for (const { kind, lines, seen } of mutationsOf(history, chance(), 60)) {
      index += 1;
      if (seen !== null || index % 6 !== 0) continue;
      compared += 1;
      const [one, other] = [ours(lines), theirs(lines)];
      if (one.join() !== other.join()) differing.push(`${kind}: ${one.join()} | ${other.join()}`);
    }
    expect(differing.slice(0, 10)).toEqual([]);
    expect(compared).toBeGreaterThan(200);
  }, 120_000);
});
