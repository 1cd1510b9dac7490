import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../../shared/domain/json.ts';
import { asOf, beginning, type Entry, type EntryBody, entryAfter, firstBreak } from '../../../shared/domain/ledger.ts';
import { at, minute } from '../../support/domain-time.ts';

const length = 30;

function bodyOf(index: number): EntryBody {
  return { time: at(index * minute), type: `kind-${index % 4}`, actor: 'quell', data: { index, list: [index, null] } };
}

function chainOf(count: number, journal = 'run-1'): readonly Entry[] {
  const entries: Entry[] = [];
  for (let index = 0; index < count; index += 1)
    entries.push(entryAfter(journal, entries.at(-1) ?? null, bodyOf(index)));
  return entries;
}

const chain = chainOf(length);
const places = chain.map((entry, index) => ({ entry, index }));

/** The chain with the entry at a place replaced by others. */
const spliced = (index: number, remove: number, ...insert: readonly Entry[]) =>
  chain.toSpliced(index, remove, ...insert);

describe('an entry', () => {
  test('is hashed over canonical JSON of everything else in it', () => {
    const first = entryAfter('run-1', null, {
      time: '2026-03-01T08:00:00.000Z',
      type: 'run-ended',
      actor: 'quell',
      data: { reason: 'all done', outcome: 'done' },
    });
    const text =
      `{"actor":"quell","data":{"outcome":"done","reason":"all done"},"journal":"run-1","previous":"${beginning}",` +
      '"sequence":1,"time":"2026-03-01T08:00:00.000Z","type":"run-ended"}';
    expect(first.hash).toBe(createHash('sha256').update(text).digest('hex'));
    expect(first).toMatchObject({ sequence: 1, previous: '0'.repeat(64) });
  });

  test('has the hash it always had', () => {
    expect(chain.at(0)?.hash).toBe('f8389949b1d0f27eee0149cd37bbcf5014bc67caa46797d72e46cb7d891931be');
    expect(chain.at(-1)?.hash).toBe('063a6ae36293cc9d9d566f85112857b3c9a2dcae46cba954aa3675b4f36692b5');
  });

  test('follows the one before', () => {
    for (const [index, entry] of chain.entries())
      expect(entry).toMatchObject({ sequence: index + 1, previous: chain[index - 1]?.hash ?? beginning });
  });
});

describe('a break is found and localised', () => {
  test('a whole chain has none, nor has any beginning of it', () => {
    for (let count = 0; count <= length; count += 1) expect(firstBreak(chain.slice(0, count))).toBeNull();
  });

  const mutations: Readonly<Record<keyof Entry, (entry: Entry) => Entry>> = {
    journal: (entry) => ({ ...entry, journal: 'run-2' }),
    sequence: (entry) => ({ ...entry, sequence: entry.sequence + 1 }),
    time: (entry) => ({ ...entry, time: at(-minute) }),
    type: (entry) => ({ ...entry, type: 'decided' }),
    actor: (entry) => ({ ...entry, actor: 'person:x' }),
    data: (entry) => ({ ...entry, data: { ...entry.data, added: true } }),
    previous: (entry) => ({ ...entry, previous: 'f'.repeat(64) }),
    hash: (entry) => ({ ...entry, hash: 'f'.repeat(64) }),
  };

  test.each(Object.entries(mutations))('%s changed, at any place', (_field, mutate) => {
    for (const { entry, index } of places)
      expect(firstBreak(spliced(index, 1, mutate(entry)))?.sequence).toBe(index + 1);
  });

  test.each(Object.keys(mutations).filter((field) => field !== 'hash' && field !== 'sequence' && field !== 'previous'))(
    '%s changed and hashed anew: the next entry no longer follows',
    (field) => {
      const mutate = Object.entries(mutations).find(([name]) => name === field)?.[1];
      for (const { entry, index } of places.slice(0, -1)) {
        const { journal, time, type, actor, data } = mutate?.(entry) ?? entry;
        const forged = entryAfter(journal, chain[index - 1] ?? null, { time, type, actor, data });
        const broken = field === 'journal' && index > 0 ? index + 1 : index + 2;
        expect(firstBreak(spliced(index, 1, forged))?.sequence).toBe(broken);
      }
    },
  );

  test('one taken out, at any place but the last', () => {
    for (const { index } of places.slice(0, -1))
      expect(firstBreak(spliced(index, 1))).toEqual({ sequence: index + 1, reason: `entry ${index + 1} is missing` });
  });

  test('one there twice, at any place', () => {
    for (const { entry, index } of places)
      expect(firstBreak(spliced(index, 0, entry))).toEqual({
        sequence: index + 2,
        reason: `entry ${index + 2} is missing`,
      });
  });

  test('any two swapped', () => {
    for (const { entry: one, index } of places)
      for (const { entry: other, index: later } of places.slice(index + 1))
        expect(firstBreak(spliced(index, 1, other).toSpliced(later, 1, one))?.sequence).toBe(index + 1);
  });

  test('a forged one put in, at any place but the end', () => {
    for (const { index } of places) {
      const forged = entryAfter('run-1', chain[index - 1] ?? null, bodyOf(99));
      expect(firstBreak(spliced(index, 0, forged))?.sequence).toBe(index + 2);
    }
  });

  test('a first one that follows something', () => {
    for (const { entry } of places.slice(0, 1)) {
      const headless = entryAfter('run-1', { ...entry, sequence: 0 }, bodyOf(0));
      expect(headless.sequence).toBe(1);
      expect(firstBreak([headless])).toEqual({ sequence: 1, reason: 'does not follow the entry before' });
    }
  });

  test('one of another journal put in its place', () => {
    const other = chainOf(length, 'run-2');
    for (const { entry, index } of other.map((entry, index) => ({ entry, index })).slice(1))
      expect(firstBreak(spliced(index, 1, entry))).toEqual({
        sequence: index + 1,
        reason: 'belongs to another journal',
      });
  });

  test('any other data at any place, unless it is the same', () =>
    fc.assert(
      fc.property(fc.nat(length - 1), fc.dictionary(fc.string(), fc.jsonValue()), (index, data) => {
        const { entry } = places[index] ?? {};
        const changed: Record<string, Json> = JSON.parse(JSON.stringify({ ...data, index: 'other' }));
        if (entry) expect(firstBreak(spliced(index, 1, { ...entry, data: changed }))?.sequence).toBe(index + 1);
      }),
    ));
});

test('what is cut off at the end cannot be seen from the journal alone: that is what a seal is for', () => {
  expect(firstBreak(chain.slice(0, -3))).toBeNull();
});

describe('a journal as of a time', () => {
  test('is its beginning, up to the time', () => {
    expect(asOf(chain, at(3 * minute))).toEqual(chain.slice(0, 4));
    expect(asOf(chain, at(-1))).toEqual([]);
    expect(asOf(chain, at(length * minute))).toEqual(chain);
  });

  test('stays a beginning where a later writer has an earlier clock', () => {
    const [first, second] = chain;
    if (!first || !second) throw new Error('the chain is too short');
    expect(
      asOf(
        [
          { ...first, time: at(minute) },
          { ...second, time: at(0) },
        ],
        at(0),
      ),
    ).toEqual([]);
  });
});
