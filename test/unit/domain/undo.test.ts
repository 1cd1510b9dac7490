import { describe, expect, test } from 'vitest';
import { next } from '../../../shared/domain/move.ts';
import { lastOfEach, undoKey, undoneKey, undoPlan } from '../../../shared/domain/undo.ts';
import {
  applied,
  decided,
  deferred,
  ended,
  failed,
  guarded,
  intended,
  opened,
  planFor,
  planned,
  proved,
  removePlan,
  runFrom,
  stepOf,
  type Told,
  undoDecided,
  undoEnded,
  undoReopened,
  verified,
  voided,
  waiting,
} from '../../support/domain-run.ts';
import { at, day, minute, t0 } from '../../support/domain-time.ts';

const first = stepOf('1.1', 'disable-user', 'reversible');
const second = stepOf('1.2', 'revoke-sessions', 'reversible', { undo: [] });
const third = stepOf('1.3', 'exclude-from-reports', 'annotate');
const final = stepOf('1.4', 'delete-for-good', 'destructive', { undo: null });
const word = stepOf('1.5', 'notify', 'notify', { undo: null });
const plan = planFor('remove', [first, second, third, final, word]);

const decision = [opened(), proved(), planned([plan]), guarded([plan]), decided(plan)];
const alreadySo = (key: string): Told => ({
  type: 'step-verified',
  time: t0,
  data: { step: key, observed: null, by: 'already so' },
});
const undoOf = (...told: readonly Told[]) => undoPlan(runFrom(...decision, ...told));
const keys = (...told: readonly Told[]) => undoOf(...told).steps.map(({ key }) => key);

test('the key of an undo names the step, and back', () => {
  expect(undoKey('1.1')).toBe('undo:1.1');
  expect(undoneKey('undo:1.1')).toBe('1.1');
  expect(undoneKey('1.1')).toBeNull();
});

describe('what is undone', () => {
  test('nothing where nothing was done', () => expect(undoOf()).toEqual({ steps: [], irreversible: [] }));

  test('every step that changed something, the last one first', () => {
    expect(keys(verified('1.1'), verified('1.3'))).toEqual(['undo:1.3', 'undo:1.1']);
  });

  test.each<readonly [string, Told]>([
    ['intended', intended('1.1')],
    ['sent', applied('1.1')],
    ['put off', deferred('1.1', 1, t0)],
    ['failed', failed('1.1')],
  ])('a step that is only %s may have changed something', (_how, told) => expect(keys(told)).toEqual(['undo:1.1']));

  test('a step that was already so did not', () => expect(keys(alreadySo('1.1'))).toEqual([]));

  test('nor did a wait, nor a step without anything to put back, nor word that was sent', () => {
    expect(undoOf(waiting('1.1', t0), verified('1.2'), verified('1.5'))).toEqual({ steps: [], irreversible: [] });
  });

  test('what has no undo is named', () => {
    expect(undoOf(verified('1.1'), verified('1.4'))).toMatchObject({
      steps: [{ key: 'undo:1.1' }],
      irreversible: ['delete-for-good'],
    });
  });

  test('the step is turned round', () => {
    expect(undoOf(verified('1.1')).steps).toEqual([
      {
        ...first,
        key: 'undo:1.1',
        before: first.after,
        after: first.before,
        calls: first.undo,
        undo: first.calls,
      },
    ]);
  });

  test('what a plan did before it was voided is undone too', () => {
    const again = removePlan(2);
    const onlyFirst = [verified('1.1'), voided('drift')];
    expect(keys(...onlyFirst)).toEqual(['undo:1.1']);
    expect(keys(...onlyFirst, planned([again]), guarded([again]), decided(again), verified('2.1'))).toEqual([
      'undo:2.1',
      'undo:1.1',
    ]);
  });
});

describe('the moves of an undo', () => {
  const undone = (key: string) => verified(undoKey(key));
  const done = [...decision, intended('1.1', 1, at(20_000)), applied('1.1'), verified('1.1'), undoDecided()];
  // Ten seconds after the lease: what arrived in its last one may not be seen before.
  const free = at(30_000);
  const seen = at(minute + 10_000);
  const [undo] = undoPlan(runFrom(...done)).steps;
  const moveAfter = (told: readonly Told[], now: string = free) => next(runFrom(...told), now);
  const look = { move: 'undo-end', steps: [undo], outcome: 'undone', reason: 'as it was before: disable-user' };

  test('it waits until nobody can still be at a step', () => {
    expect(moveAfter(done, at(29_999))).toEqual({
      move: 'rest',
      until: free,
      because: 'a worker may still be at a step',
    });
  });

  test('for the longest lease of all, also where a later intent has a shorter one', () => {
    const shorter = [...done, intended('1.2', 1, at(5_000))];
    expect(moveAfter(shorter, at(29_999))).toMatchObject({ move: 'rest', until: free });
    expect(moveAfter([...shorter, intended('1.2', 2, at(25_000))])).toMatchObject({ move: 'rest', until: at(35_000) });
  });

  test('then it acts, also after the end of the run, and without a proof', () => {
    const act = { move: 'act', step: undo, attempt: 1, before: null };
    expect(moveAfter(done)).toEqual(act);
    expect(moveAfter([...done, ended()], at(40 * day))).toEqual(act);
    expect(moveAfter([...done, proved('false')])).toEqual(act);
  });

  test('it rests, verifies and tries again like any step', () => {
    const trying = [...done, intended('undo:1.1', 1, at(minute))];
    expect(moveAfter(trying)).toMatchObject({ move: 'rest', until: at(minute) });
    expect(moveAfter(trying, at(minute))).toMatchObject({ move: 'act', attempt: 2 });
    expect(moveAfter([...trying, applied('undo:1.1')])).toMatchObject({ move: 'verify', attempt: 1 });
  });

  test('it looks once more when nobody can be at it any more, and then ends', () => {
    const back = [...done, intended('undo:1.1', 1, at(minute)), verified('undo:1.1')];
    expect(moveAfter(back)).toMatchObject({ move: 'rest', until: seen });
    expect(moveAfter(back, seen)).toEqual(look);
    expect(moveAfter([...back, undoReopened('undo:1.1')], seen)).toMatchObject({ move: 'act', attempt: 1 });
    expect(moveAfter([...back, undoEnded('undone')], seen)).toEqual({ move: 'none' });
  });

  test('where one action was carried out twice, it looks at the earlier state only: the later one was on the way', () => {
    const again = planFor('remove', [stepOf('2.1', 'disable-user', 'reversible'), { ...third, key: '2.2' }]);
    const twice = [...decision, verified('1.1'), voided('drift'), planned([again]), guarded([again]), decided(again)];
    const back = [...twice, verified('2.1'), verified('2.2'), undoDecided(), ...['2.2', '2.1', '1.1'].map(undone)];
    expect(moveAfter(back)).toMatchObject({
      move: 'undo-end',
      steps: [{ key: 'undo:2.2' }, { key: 'undo:1.1' }],
      reason: 'as it was before: exclude-from-reports, disable-user',
    });
    expect(lastOfEach([])).toEqual([]);
  });

  test('how often something did not stay undone is counted', () => {
    const reopened = [undoReopened('undo:1.1'), undoReopened('undo:1.1')];
    expect(runFrom(...done).undo?.reopened).toBe(0);
    expect(runFrom(...done, ...reopened).undo?.reopened).toBe(2);
  });

  test('what failed or has no undo is left, and said', () => {
    expect(moveAfter([...done, failed('undo:1.1')])).toEqual({
      move: 'undo-end',
      steps: [],
      outcome: 'partly-undone',
      reason: 'undoing disable-user failed',
    });
    const beyond = [...decision, verified('1.1'), verified('1.4'), undoDecided(), verified('undo:1.1')];
    expect(moveAfter(beyond)).toEqual({
      move: 'undo-end',
      steps: [undo],
      outcome: 'partly-undone',
      reason: 'disable-user; delete-for-good cannot be undone',
    });
  });

  test('where nothing was changed there is nothing to undo', () => {
    expect(moveAfter([...decision, undoDecided()])).toEqual({
      move: 'undo-end',
      steps: [],
      outcome: 'nothing-to-undo',
      reason: 'the run changed nothing',
    });
  });
});
