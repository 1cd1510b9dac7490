import { describe, expect, test } from 'vitest';
import { type Entry, entriesAfter, hashOf } from '../../../shared/domain/ledger.ts';
import { entryCheck } from '../../../shared/domain/sealed-entries.ts';
import { at, minute } from '../../support/domain-time.ts';

/** A journal of so many entries, a minute apart. */
function journalOf(journal: string, count: number): readonly Entry[] {
  const bodies = Array.from({ length: count }, (_, index) => ({
    ...{ time: at(index * minute), type: 'noted', actor: 'quell', data: { index } },
  }));
  return entriesAfter(journal, null, bodies);
}

const [a, b] = [journalOf('run-a', 3), journalOf('run-b', 3)];
const [a1, a2, a3, b1, b2, b3] = [...a, ...b] as [Entry, Entry, Entry, Entry, Entry, Entry];
const longAgo = at(-minute);

/** Compares them with seals of `sealed`; each finding in one line. */
function found(entries: readonly Entry[], { sealed = [...a, ...b], dueBefore = longAgo } = {}) {
  const check = entryCheck(sealed, dueBefore);
  for (const entry of entries) check.take(entry);
  const { findings, ...counts } = check.end();
  return { ...counts, says: findings.map(({ what, where, says }) => `${what} ${where}: ${says}`) };
}
const says = (...given: Parameters<typeof found>) => found(...given).says;

/** Another one in its place, whose hash fits what it says. */
const forged = (entry: Entry): Entry => {
  const { hash: _hash, ...content } = { ...entry, actor: 'somebody' };
  return { ...content, hash: hashOf(content) };
};

describe('sealed entries', () => {
  test('that are all there, in their order, say nothing', () => {
    expect(found([...a, ...b])).toEqual({ entries: 6, unsealed: 0, says: [] });
    expect(found([])).toEqual({
      ...{ entries: 0, unsealed: 0 },
      says: ['run-a', 'run-b'].flatMap((name) =>
        [1, 2, 3].map((number) => `removed ${name}#${number}: the whole journal is gone`),
      ),
    });
  });

  test.each<readonly [string, readonly Entry[], readonly string[]]>([
    ['changed, with a hash that fits', [a1, forged(a2), a3, ...b], ['changed run-a#2: it is not what was sealed']],
    [
      'changed in its hash alone',
      [a1, { ...a2, hash: 'f'.repeat(64) }, a3, ...b],
      ['changed run-a#2: its hash is not that of what it says'],
    ],
    ['there twice', [a1, a2, a2, a3, ...b], ['added run-a#2: it is there twice']],
    ['in another order', [a1, a3, a2, ...b], ['reordered run-a#2: it is not in its place']],
    ['after another journal', [a1, a2, ...b, a3], ['reordered run-a#3: it is not in its place']],
    [
      'between those of another',
      [...a, b1, a1, b2, b3],
      [
        'added run-a#1: it is there twice',
        'reordered run-b#2: it is not in its place',
        'reordered run-b#3: it is not in its place',
      ],
    ],
    [
      'journals the other way round',
      [...b, ...a],
      [1, 2, 3].map((number) => `reordered run-a#${number}: it is not in its place`),
    ],
    ['gone from the middle', [a1, a3, ...b], ['removed run-a#2: it is gone']],
    ['gone from the beginning', [a2, a3, ...b], ['removed run-a#1: it is gone']],
    [
      'cut off',
      [a1, ...b],
      ['truncated run-a#2: the journal ends before it', 'truncated run-a#3: the journal ends before it'],
    ],
  ])('%s', (_what, entries, findings) => expect(says(entries)).toEqual(findings));

  test('one that stands in the place of another is that one, changed; else it was added', () => {
    const moved = { ...forged(a2), journal: 'run-b', sequence: 2 };
    // By its hash it is the second of a, which is gone; its place in b is taken twice.
    expect(says([a1, a3, ...b, { ...moved, hash: a2.hash }])).toEqual(['changed run-a#2: it is not what was sealed']);
    // By its place it is the second of b, whatever hash it says it has.
    expect(says([...a, b1, { ...moved, hash: a2.hash }, b3])).toEqual(['changed run-b#2: it is not what was sealed']);
    expect(says([...a, ...b, moved])).toEqual(['added run-b#2: nothing like it was sealed']);
    // Each can be replaced once.
    expect(says([a1, forged(a2), forged(a2), a3, ...b])).toEqual([
      'changed run-a#2: it is not what was sealed',
      'added run-a#2: nothing like it was sealed',
    ]);
  });

  test('a line that cannot be read is told by what it seems to say', () => {
    const bad = (seems: { journal?: string; sequence?: number; hash?: string }, entries: readonly Entry[]) => {
      const check = entryCheck([...a, ...b], longAgo);
      for (const entry of entries) check.take(entry);
      check.takeBad({ ...{ journal: null, sequence: null, hash: null }, ...seems });
      const { findings, ...counts } = check.end();
      expect(counts).toEqual({ entries: entries.length + 1, unsealed: 0 });
      return findings.map(({ what, where }) => `${what} ${where}`);
    };
    expect(bad({ hash: a3.hash }, [a1, a2, ...b])).toEqual(['changed run-a#3']);
    expect(bad({ journal: 'run-a', sequence: 3 }, [a1, a2, ...b])).toEqual(['changed run-a#3']);
    expect(bad({ journal: 'run-a' }, [a1, a2, ...b])).toEqual(['added run-a#0', 'truncated run-a#3']);
    expect(bad({}, [...a, ...b])).toEqual(['added #0']);
  });
});

describe('entries that no seal tells of', () => {
  const sealed = [a1];
  const unsealed = (entries: readonly Entry[], dueBefore = longAgo) => found(entries, { sealed, dueBefore });

  test('follow the last one, and are counted', () => {
    expect(unsealed(a)).toEqual({ entries: 3, unsealed: 2, says: [] });
    expect(unsealed([...a, ...b])).toEqual({ entries: 6, unsealed: 5, says: [] });
  });

  test('have to be sealed in time', () => {
    expect(unsealed(a, at(minute)).says).toEqual([]);
    expect(unsealed(a, at(minute + 1)).says).toEqual(['unsealed run-a#2: it should have been sealed by now']);
  });

  test.each<readonly [string, readonly Entry[], readonly string[]]>([
    [
      'with a hash that does not fit',
      [a1, { ...a2, actor: 'somebody' }, a3],
      ['changed run-a#2: its hash is not that of what it says', 'changed run-a#3: it does not follow the entry before'],
    ],
    ['with a gap', [a1, a3], ['removed run-a#2: it is missing before a later one']],
    ['that do not follow', [a1, forged(a2), a3], ['changed run-a#3: it does not follow the entry before']],
    ['twice', [a1, a2, a2, a3], ['added run-a#2: there is one of this number already']],
    ['backwards', [a1, a2, a3, a2], ['added run-a#2: there is one of this number already']],
  ])('%s are told', (_what, entries, findings) => expect(unsealed(entries).says).toEqual(findings));
});
