import { describe, expect, test } from 'vitest';
import { noPace, type Pace, paced } from '../../../shared/domain/pace.ts';
import { at, minute } from '../../support/domain-time.ts';

/** Where cards go that come at these times, in milliseconds. */
function digests(times: readonly number[], from: Pace = noPace) {
  let pace = from;
  return times.map((ms) => {
    const next = paced(pace, 'sec-ops', at(ms));
    pace = next.pace;
    return next.digest;
  });
}
const many = (count: number, every: number, from = 0) => Array.from({ length: count }, (_, n) => from + n * every);

describe('cards of a channel', () => {
  test('are six of their own in a minute; the seventh is on a digest', () => {
    const found = digests(many(7, 1000));
    expect(found.slice(0, 6)).toEqual(Array(6).fill(null));
    expect(found[6]).toMatch(/^digest-[0-9a-f]{32}$/);
  });

  test('are their own again where the first of six is a minute old', () => {
    expect(digests([...many(6, 1000), minute - 1]).at(-1)).not.toBeNull();
    expect(digests([...many(6, 1000), minute]).at(-1)).toBeNull();
  });

  test('go on one digest until a minute has passed without any', () => {
    const storm = many(7, 1000);
    const [digest, again] = digests([...storm, 6000 + minute - 1]).slice(-2);
    expect(again).toBe(digest);
    expect(digests([...storm, 6000 + minute]).at(-1)).toBeNull();
  });

  test('go on the same digest for ten minutes after its last, where there is another storm', () => {
    const storm = many(7, 1000);
    const second = (from: number) => digests([...storm, ...many(7, 1000, from)]);
    const soon = second(10 * minute - 1);
    expect(soon.at(-1)).toBe(soon[6]);
    const later = second(10 * minute);
    expect(later.at(-1)).not.toBe(later[6]);
    expect(later.at(-1)).not.toBeNull();
  });

  test('are a hundred in one digest, and then in another', () => {
    const found = digests(many(6 + 101, 100));
    expect(new Set(found.slice(6, 106)).size).toBe(1);
    expect(found[106]).not.toBe(found[105]);
  });

  test('are on digests of their own for each channel and time', () => {
    const full: Pace = { posted: many(6, 0, Date.parse(at(0))), digest: null };
    const ids = [paced(full, 'a', at(1)), paced(full, 'b', at(1)), paced(full, 'a', at(2))].map(({ digest }) => digest);
    expect(new Set(ids).size).toBe(3);
  });

  test('are remembered for a minute, and no longer', () => {
    const { pace } = paced({ posted: many(3, 30_000, Date.parse(at(0))), digest: null }, 'a', at(minute));
    expect(pace.posted).toEqual([30_000, minute, minute].map((ms) => Date.parse(at(ms))));
  });
});
