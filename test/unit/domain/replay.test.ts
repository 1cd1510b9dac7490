import { describe, expect, test } from 'vitest';
import { digestOf } from '../../../shared/domain/digest.ts';
import type { Json } from '../../../shared/domain/json.ts';
import { type Entry, entryAfter } from '../../../shared/domain/ledger.ts';
import { compare, decisionHash, differencesOf, explainedOf, saidOf, undecided } from '../../../shared/domain/replay.ts';
import { t0 } from '../../support/domain-time.ts';

const entryOf = (data: Entry['data']) => entryAfter('run-1', null, { time: t0, type: 'proved', actor: 'quell', data });
const entry = entryOf({ verdict: 'true', inputs: { clock: [], reads: [] } });
const about = { journal: 'run-1', sequence: 1, type: 'proved' };
const said = { type: 'proved', actor: 'quell', data: { verdict: 'true' } };

describe('an entry that is decided again', () => {
  test('is the same where it says the same, whatever it was decided from', () => {
    expect(saidOf(entry)).toEqual(said);
    expect(compare(entry, said)).toEqual({
      ...{ ...about, verdict: 'same', recorded: decisionHash(said), decided: decisionHash(said) },
      ...{ differences: [], because: null },
    });
  });

  test('is different where it says something else, and where', () => {
    const now = { ...said, data: { verdict: 'false' } };
    expect(compare(entry, now, 'so')).toEqual({
      ...{ ...about, verdict: 'different', recorded: decisionHash(said), decided: decisionHash(now), because: 'so' },
      differences: [{ at: 'data.verdict', recorded: 'true', decided: 'false' }],
    });
    for (const other of [
      { ...said, type: 'x' },
      { ...said, actor: 'x' },
    ])
      expect(compare(entry, other).differences).toHaveLength(1);
  });

  test('is different where nothing is decided now', () => {
    expect(compare(entry, null, 'nothing is left to do')).toEqual({
      ...{ ...about, verdict: 'different', recorded: decisionHash(said), decided: null },
      ...{ differences: [], because: 'nothing is left to do' },
    });
  });

  test('is given, or unknown, where it is not decided again', () => {
    expect(undecided(entry, 'given')).toEqual({
      ...{ ...about, verdict: 'given', recorded: decisionHash(said), decided: null, differences: [], because: null },
    });
    expect(undecided(entry, 'unknown', 'too old')).toMatchObject({ verdict: 'unknown', because: 'too old' });
  });
});

describe('the places where two values differ', () => {
  test.each<readonly [string, Json, Json, readonly object[]]>([
    ['none', { a: 1, b: [1, 2] }, { b: [1, 2], a: 1 }, []],
    ['a value', 1, 2, [{ at: '', recorded: 1, decided: 2 }]],
    ['a member', { a: 1, b: 2 }, { a: 1, b: 3 }, [{ at: 'b', recorded: 2, decided: 3 }]],
    ['deep', { a: [{ b: 1 }] }, { a: [{ b: 2 }] }, [{ at: 'a.0.b', recorded: 1, decided: 2 }]],
    ['a member that is gone', { a: 1 }, {}, [{ at: 'a', recorded: 1, decided: null }]],
    ['one that is new', {}, { a: 1 }, [{ at: 'a', recorded: null, decided: 1 }]],
    ['a list and an object', { a: [1] }, { a: { '0': 1 } }, [{ at: 'a', recorded: [1], decided: { '0': 1 } }]],
    ['nothing and an object', { a: null }, { a: { b: 1 } }, [{ at: 'a', recorded: null, decided: { b: 1 } }]],
  ])('%s', (_what, recorded, decided, differences) => {
    expect(differencesOf(recorded, decided)).toEqual(differences);
  });

  test('are fifty at most', () => {
    const many = (value: number) => Array.from({ length: 60 }, () => value);
    expect(differencesOf(many(1), many(2))).toHaveLength(50);
  });
});

describe('a history that is decided again', () => {
  const same = compare(entry, said);
  const different = compare(entry, null);
  const [given, unknown] = [undecided(entry, 'given'), undecided(entry, 'unknown')];

  test('is different by one difference, else unknown by one that is, else the same', () => {
    const verdictOf = (...entries: readonly (typeof same)[]) => explainedOf('run-1', entries).verdict;
    expect(verdictOf(given, same)).toBe('same');
    expect(verdictOf(given, unknown, same)).toBe('unknown');
    expect(verdictOf(given, unknown, different, same)).toBe('different');
  });

  test('has one digest of what is recorded and one of what was decided, in which given entries count as they are', () => {
    const hash = decisionHash(said);
    expect(explainedOf('run-1', [given, same])).toMatchObject({
      ...{ journal: 'run-1', recorded: digestOf([hash, hash]), decided: digestOf([hash, hash]) },
      entries: [given, same],
    });
    expect(explainedOf('run-1', [different, unknown])).toMatchObject({
      ...{ recorded: digestOf([hash, hash]), decided: digestOf([null, null]) },
    });
  });
});
