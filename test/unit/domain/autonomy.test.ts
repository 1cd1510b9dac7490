import { describe, expect, test } from 'vitest';
import {
  type AutonomyEntry,
  autonomyEntryOf,
  autonomyInWords,
  earnedIn,
  lesser,
  measured,
  promotionProblem,
  versionOf,
} from '../../../shared/domain/autonomy.ts';
import { modes } from '../../../shared/domain/mode.ts';
import type { Run } from '../../../shared/domain/run.ts';
import {
  asked,
  decided,
  ended,
  guarded,
  journalOf,
  keepPlan,
  opened,
  planned,
  proved,
  runFrom,
  type Told,
  undoDecided,
} from '../../support/domain-run.ts';
import { at, day, minute, t0 } from '../../support/domain-time.ts';

const hour = 60 * minute;

const change = (differs: Partial<AutonomyEntry> = {}): AutonomyEntry => ({
  playbook: 'review@1',
  from: 'observe',
  to: 'approve',
  byName: 'Gil',
  reason: 'looked at',
  measured: null,
  run: null,
  ...differs,
});
const journal = (...data: readonly AutonomyEntry[]) =>
  journalOf(data.map((one, index) => ({ time: at(index * day), type: 'autonomy-set', data: one })));

describe('what a version has earned', () => {
  test('is to observe, until somebody says otherwise', () => {
    expect(earnedIn([], 'review@1')).toEqual({ mode: 'observe', since: null });
  });

  test('is what was said of it last, and of no other', () => {
    const entries = journal(change(), change({ from: 'approve', to: 'enforce' }), change({ playbook: 'review@2' }));
    expect(earnedIn(entries, 'review@1')).toEqual({ mode: 'enforce', since: at(day) });
    expect(earnedIn(entries, 'review@2')).toEqual({ mode: 'approve', since: at(2 * day) });
    expect(earnedIn(entries, 'review@3')).toEqual({ mode: 'observe', since: null });
  });

  test.each([
    ['another type', { time: t0, type: 'control-set', data: change() }],
    ['a mode there is not', { time: t0, type: 'autonomy-set', data: { ...change(), to: 'all' } }],
    ['more than it has', { time: t0, type: 'autonomy-set', data: { ...change(), more: 1 } }],
  ])('is not read out of an entry with %s', (_what, told) => {
    const [entry] = journalOf([told]);
    expect(() => entry && autonomyEntryOf(entry)).toThrow('Entry 1 of run-1 is not one about autonomy.');
    expect(() => earnedIn(journalOf([told]), 'review@1')).toThrow(
      expect.objectContaining({ disposition: 'halt', code: 'ledger-unreadable' }),
    );
  });

  test('is told in a sentence', () => {
    expect(autonomyInWords(change())).toBe('Gil set review@1 from observe to approve: looked at');
    expect(versionOf({ name: 'review', version: 12 })).toBe('review@12');
  });
});

test('the lesser of two modes', () => {
  for (const [index, mode] of modes.entries())
    for (const [other, wider] of modes.entries()) expect(lesser(mode, wider)).toBe(modes[Math.min(index, other)]);
});

describe('what was measured', () => {
  const observed = (time: string): Run => runFrom(opened('observe', time), proved(), ended('observed', time));
  const approved = (time: string, by = 'p-1'): Run => {
    const { type, data } = decided();
    const decision: Told = type === 'decided' ? { type, time, data: { ...data, by } } : decided();
    return runFrom(opened('approve', time), proved(), planned(), guarded(), asked(), decision);
  };
  const rejected = (time: string, when = time): Run =>
    runFrom(opened('approve', time), proved(), planned(), guarded(), asked(), decided(null, when, 'no'));
  const undecided = (time: string): Run => runFrom(opened('approve', time), proved(), planned([keepPlan()]));

  test('counts what was observed and what people approved', () => {
    const runs = [
      observed(t0),
      observed(t0),
      approved(t0),
      undecided(t0),
      runFrom(opened('approve'), proved(), ended('expired')),
    ];
    expect(measured(runs, null)).toEqual({ observed: 2, approved: 1, vetoes: 0, lastVeto: null });
  });

  test('does not count what a playbook decided itself', () => {
    expect(measured([approved(t0, 'playbook:review@1')], null).approved).toBe(0);
    expect(measured([approved(t0, 'p-playbook:')], null).approved).toBe(1);
  });

  test('counts from the last step on, and not from the moment itself', () => {
    const runs = [observed(at(hour)), observed(at(2 * hour)), observed(at(3 * hour))];
    expect(measured(runs, at(2 * hour)).observed).toBe(1);
  });

  test('begins anew after the last veto, in whatever order the runs come', () => {
    const runs = [
      rejected(t0, at(4 * hour)),
      rejected(t0, at(2 * hour)),
      approved(at(3 * hour)),
      approved(at(5 * hour)),
      approved(at(4 * hour)),
    ];
    const expected = {
      observed: 0,
      approved: 1,
      vetoes: 2,
      lastVeto: { at: at(4 * hour), reason: 'Pat rejected it: no' },
    };
    expect(measured(runs, null)).toEqual(expected);
    expect(measured([...runs].reverse(), null)).toEqual(expected);
    expect(measured(runs, at(6 * hour)).approved).toBe(0);
  });

  test('what was approved and taken back is a veto, and no approval before it counts', () => {
    const takenBack = runFrom(
      opened('approve', t0),
      proved(),
      planned(),
      guarded(),
      asked(),
      decided(),
      undoDecided(at(day)),
    );
    expect(measured([takenBack, approved(at(hour))], null)).toMatchObject({ approved: 0, vetoes: 1 });
  });
});

describe('a step', () => {
  const seen = (observed: number, approved: number) => ({ observed, approved, vetoes: 0, lastVeto: null });

  test.each([
    ['observe', 'approve', 50, 0, null],
    ['observe', 'approve', 49, 90, '49 observed since the last veto or change; 50 are asked for'],
    ['approve', 'enforce', 0, 50, null],
    ['approve', 'enforce', 90, 49, '49 approved by people since the last veto or change; 50 are asked for'],
    ['observe', 'enforce', 90, 90, 'from observe it comes to approve first'],
    ['observe', 'observe', 90, 90, 'it is at observe already'],
    ['enforce', 'enforce', 90, 90, 'it is at enforce already'],
    ['enforce', 'approve', 0, 0, null],
    ['enforce', 'observe', 0, 0, null],
    ['approve', 'observe', 0, 0, null],
  ] as const)('from %s to %s, with %i observed and %i approved: %s', (from, to, observed, approved, problem) => {
    expect(promotionProblem(from, to, seen(observed, approved), 50)).toBe(problem);
  });
});
