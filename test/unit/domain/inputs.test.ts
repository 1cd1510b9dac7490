import { describe, expect, test } from 'vitest';
import {
  type Inputs,
  inputsIn,
  knownIn,
  questionOf,
  type Reading,
  readingsIn,
  saidIn,
  timesIn,
} from '../../../shared/domain/inputs.ts';
import { type Json, toJson } from '../../../shared/domain/json.ts';
import { type Entry, entryAfter } from '../../../shared/domain/ledger.ts';
import { t0 } from '../../support/domain-time.ts';

const gave = (of: string, asked: readonly Json[], answer: Json): Reading => ({ of, with: [...asked], gave: answer });
const failed: Reading = {
  of: 'directory.presence',
  with: ['id-1'],
  failed: { disposition: 'retry', code: 'busy', message: 'x' },
};

/** A journal whose entries hold these reads. */
function journal(...reads: readonly Inputs['reads'][]): readonly Entry[] {
  const entries: Entry[] = [];
  for (const each of reads) {
    const data = toJson({ what: 'x', inputs: { clock: [], reads: each } });
    entries.push(entryAfter('run-1', entries.at(-1) ?? null, { time: t0, type: 'x', actor: 'quell', data }));
  }
  return entries;
}

describe('the inputs of an entry', () => {
  test('are no part of what it says, and are not there where none were recorded or they are something else', () => {
    const [entry] = journal([gave('a', [], 1)]);
    if (!entry) throw new Error('there is none');
    expect(saidIn(entry)).toEqual({ what: 'x' });
    expect(inputsIn(entry)).toEqual({ clock: [], reads: [gave('a', [], 1)] });
    expect(inputsIn(entry)).toBe(inputsIn(entry));
    expect(inputsIn({ data: {} })).toBeNull();
    expect(inputsIn({ data: { inputs: { clock: 'soon' } } })).toBeNull();
  });

  test('have times that are told from that of the entry', () => {
    expect(timesIn({ clock: [0, -1500, 20], reads: [] }, { time: t0 })).toEqual(
      [0, -1500, 20].map((ms) => new Date(Date.parse(t0) + ms).toISOString()),
    );
  });

  test('are recognised by what was asked, in whatever order it was written', () => {
    expect(questionOf('a', [{ x: 1, y: 2 }])).toBe(questionOf('a', [{ y: 2, x: 1 }]));
    expect(questionOf('a', [1])).not.toBe(questionOf('b', [1]));
    expect(questionOf('a', [1])).not.toBe(questionOf('a', [2]));
  });
});

describe('what a journal holds already', () => {
  test('is only named, by the entry that holds it', () => {
    const known = knownIn(journal([], [gave('a', ['id-1'], { x: 1, y: 2 })]));
    expect(known.spare([gave('a', ['id-1'], { y: 2, x: 1 }), gave('a', ['id-2'], { x: 1, y: 2 })], 3)).toEqual([
      { of: 'a', with: ['id-1'], same: 2 },
      gave('a', ['id-2'], { x: 1, y: 2 }),
    ]);
  });

  test('is kept whole where the answer is another, and named from then on', () => {
    const known = knownIn(journal([gave('a', [], 1)], [gave('a', [], 2)]));
    expect(known.spare([gave('a', [], 2), gave('a', [], 1), gave('a', [], 1)], 3)).toEqual([
      { of: 'a', with: [], same: 2 },
      gave('a', [], 1),
      { of: 'a', with: [], same: 3 },
    ]);
  });

  test('is learnt once, and again what is written meanwhile', () => {
    const entries = journal([gave('a', [], 1)]);
    const known = knownIn(entries);
    expect(known.spare([gave('b', [], 1)], 2)).toEqual([gave('b', [], 1)]);
    expect(known.spare([gave('b', [], 1), gave('a', [], 1)], 3)).toEqual([
      { of: 'b', with: [], same: 2 },
      { of: 'a', with: [], same: 1 },
    ]);
  });

  test('is not learnt again over what was written since, and naming it is not holding it', () => {
    const known = knownIn(journal([gave('a', [], 1)]));
    known.spare([gave('a', [], 2)], 2);
    expect(known.spare([gave('a', [], 2)], 3)).toEqual([{ of: 'a', with: [], same: 2 }]);
    const named = knownIn(journal([gave('a', [], 1)], [{ of: 'a', with: [], same: 1 }]));
    expect(named.spare([gave('a', [], 1)], 3)).toEqual([{ of: 'a', with: [], same: 1 }]);
  });

  test('is no failure: each is kept', () => {
    const known = knownIn(journal([failed]));
    expect(known.spare([failed, failed], 2)).toEqual([failed, failed]);
  });

  test('is no question of which nothing was recorded', () => {
    const [entry] = journal([gave('a', [], 1)]);
    const bare = entry ? [{ ...entry, data: {} }] : [];
    expect(knownIn(bare).spare([gave('a', [], 1)], 2)).toEqual([gave('a', [], 1)]);
  });
});

describe('the readings of an entry, whole again', () => {
  test('are what it holds, and what it names', () => {
    const entries = journal([gave('a', [], 1), gave('b', [], 2)], [{ of: 'b', with: [], same: 1 }, gave('a', [], 3)]);
    expect(readingsIn(entries, 1)).toEqual([gave('a', [], 1), gave('b', [], 2)]);
    expect(readingsIn(entries, 2)).toEqual([gave('b', [], 2), gave('a', [], 3)]);
  });

  test('are the last of several answers to one question', () => {
    const entries = journal([gave('a', [], 1), gave('a', [], 2)], [{ of: 'a', with: [], same: 1 }]);
    expect(readingsIn(entries, 2)).toEqual([gave('a', [], 2)]);
  });

  test('are fewer where what is named is not there', () => {
    expect(readingsIn(journal([], [{ of: 'a', with: [], same: 1 }]), 2)).toEqual([]);
    expect(readingsIn(journal([gave('a', [1], 1)], [{ of: 'a', with: [2], same: 1 }]), 2)).toEqual([]);
    expect(readingsIn(journal([failed], [{ ...gave('x', [], 1) }]), 7)).toEqual([]);
  });
});
