import { describe, expect, test } from 'vitest';
import { type Entry, entryAfter } from '../../../shared/domain/ledger.ts';
import { chosenPlan, runOf, type StepState, stepDone } from '../../../shared/domain/run.ts';
import {
  applied,
  asked,
  decided,
  deferred,
  ended,
  failed,
  guarded,
  intended,
  journalOf,
  keepPlan,
  opened,
  planned,
  proofOf,
  proved,
  removePlan,
  runFrom,
  runId,
  type Told,
  undoDecided,
  verified,
  voided,
  waiting,
} from '../../support/domain-run.ts';
import { at, day, minute, t0 } from '../../support/domain-time.ts';

const both = [removePlan(), keepPlan()];

describe('a journal that is not a run', () => {
  test('an empty one is unknown', () => {
    expect(() => runOf(runId, [])).toThrow(expect.objectContaining({ code: 'unknown-run', status: 404 }));
  });

  test.each<readonly [string, readonly Told[]]>([
    ['does not begin with its opening', [proved()]],
    ['is opened twice', [opened(), opened()]],
  ])('one that %s halts', (_what, told) => {
    expect(() => runOf(runId, journalOf(told))).toThrow(
      expect.objectContaining({ disposition: 'halt', code: 'ledger-unreadable' }),
    );
  });

  test.each([
    ['an unknown type', 'purged', {}],
    ['a missing field', 'step-applied', { step: '1.1' }],
    ['a field too many', 'plan-voided', { reason: 'x', force: true }],
    ['a verdict there is not', 'proved', { proof: { ...proofOf(), verdict: 'maybe' }, step: null }],
    ['an outcome there is not', 'run-ended', { outcome: 'purged', reason: 'x' }],
    ['an attempt before the first', 'step-deferred', { step: '1.1', reason: 'x', until: t0, attempt: 0 }],
  ])('%s halts', (_what, type, data) => {
    expect(() => runOf(runId, journalOf([opened(), { time: t0, type, data }]))).toThrow(
      expect.objectContaining({ disposition: 'halt', code: 'ledger-unreadable' }),
    );
  });
});

describe('the fold', () => {
  test('of the opening', () => {
    expect(runFrom(opened('enforce'))).toMatchObject({
      id: runId,
      openedAt: t0,
      opened: { mode: 'enforce', playbook: { name: 'review' } },
      proof: null,
      planNumber: 0,
      plans: null,
      voided: [],
      guarded: null,
      asked: null,
      decision: null,
      ended: null,
    });
  });

  test('keeps the latest proof', () => {
    expect(runFrom(opened(), proved('true'), proved('unknown', at(minute))).proof).toEqual(
      proofOf('unknown', at(minute)),
    );
  });

  test('keeps plans, guards, question and decision, with the time of the decision', () => {
    const run = runFrom(
      opened(),
      proved(),
      planned(both),
      guarded(both, { keep: 'x' }),
      asked(['remove']),
      decided(removePlan(), at(day), 'agreed'),
    );
    expect(run).toMatchObject({ planNumber: 1, plans: both, asked: { choices: ['remove'], expiresAt: at(3 * day) } });
    expect(run.guarded?.map(({ choice, refusals }) => [choice, refusals.length])).toEqual([
      ['remove', 0],
      ['keep', 1],
    ]);
    expect(run.decision).toEqual({
      choice: 'remove',
      digest: removePlan().digest,
      by: 'p-1',
      byName: 'Pat',
      reason: 'agreed',
      at: at(day),
    });
  });

  test('a voided plan takes guards, question and decision with it, and keeps the reasons and the steps', () => {
    const run = runFrom(
      ...[opened(), proved(), planned(), guarded(), asked(), decided(), verified('1.1')],
      ...[voided('first'), planned([removePlan(2)]), voided('second')],
    );
    expect(run).toMatchObject({
      plans: null,
      guarded: null,
      asked: null,
      decision: null,
      voided: ['first', 'second'],
      planNumber: 2,
    });
    expect(run.steps.get('1.1')).toEqual({ state: 'verified', at: t0, by: 'applied' });
    expect(run.proof).not.toBeNull();
  });

  test('the later guards replace the earlier ones', () => {
    const run = runFrom(opened(), proved(), planned(both), guarded(both), guarded([removePlan()], { remove: 'x' }));
    expect(run.guarded).toHaveLength(1);
  });

  test('the end, with its time', () => {
    expect(runFrom(opened(), ended('failed', at(day))).ended).toEqual({
      outcome: 'failed',
      reason: 'because',
      at: at(day),
    });
  });
});

describe('a step', () => {
  const stateAfter = (...told: readonly Told[]) =>
    runFrom(opened(), proved(), planned(), guarded(), decided(), ...told).steps.get('1.1');

  test.each<{ name: string; told: readonly Told[]; state: StepState }>([
    {
      name: 'intended',
      told: [intended('1.1', 2)],
      state: { state: 'intended', worker: 'worker-1', attempt: 2, leaseUntil: at(20_000) },
    },
    {
      name: 'applied keeps the attempt',
      told: [intended('1.1', 3), applied('1.1', at(5))],
      state: { state: 'applied', attempt: 3, at: at(5) },
    },
    {
      name: 'applied out of nothing is the first attempt',
      told: [applied('1.1')],
      state: { state: 'applied', attempt: 1, at: t0 },
    },
    {
      name: 'put off before it was applied',
      told: [intended('1.1'), deferred('1.1', 1, at(minute))],
      state: { state: 'deferred', attempt: 1, until: at(minute), applied: false },
    },
    {
      name: 'put off after it was applied',
      told: [intended('1.1'), applied('1.1'), deferred('1.1', 2, at(minute))],
      state: { state: 'deferred', attempt: 2, until: at(minute), applied: true },
    },
    {
      name: 'put off again after it was applied',
      told: [intended('1.1'), applied('1.1'), deferred('1.1', 2, at(minute)), deferred('1.1', 3, at(2 * minute))],
      state: { state: 'deferred', attempt: 3, until: at(2 * minute), applied: true },
    },
    {
      name: 'put off again before it was applied',
      told: [
        ...[intended('1.1'), deferred('1.1', 1, at(minute))],
        ...[intended('1.1', 2), deferred('1.1', 2, at(3 * minute))],
      ],
      state: { state: 'deferred', attempt: 2, until: at(3 * minute), applied: false },
    },
    {
      name: 'verified',
      told: [intended('1.1'), verified('1.1', at(9))],
      state: { state: 'verified', at: at(9), by: 'applied' },
    },
    { name: 'failed', told: [intended('1.1'), failed('1.1')], state: { state: 'failed', reason: 'not allowed' } },
    { name: 'waiting', told: [waiting('1.1', at(day))], state: { state: 'waiting', until: at(day) } },
  ])('$name', ({ told, state }) => expect(stateAfter(...told)).toMatchObject(state));

  test('a proof repeated for a prove step is that step done; for an action it is only a proof', () => {
    const before = [opened(), proved(), planned(), guarded(), decided()];
    expect(runFrom(...before, proved('true', at(day), '1.3')).steps.get('1.3')).toEqual({
      state: 'verified',
      by: 'proved',
      at: at(day),
    });
    expect(runFrom(...before, proved('true', at(day), '1.1')).steps.size).toBe(0);
    expect(runFrom(...before, proved('true', at(day), null)).steps.size).toBe(0);
  });

  test('a wait is done when its time has come, and not before', () => {
    const run = runFrom(opened(), proved(), planned(), waiting('1.2', at(day)));
    const step = { key: '1.2', wait: 'P1D', ms: day };
    expect(stepDone(run, step, at(day - 1))).toBe(false);
    expect(stepDone(run, step, at(day))).toBe(true);
  });

  test.each([intended('1.2'), applied('1.2'), failed('1.2'), deferred('1.2', 1, t0)])('$type is not done', (told) => {
    const run = runFrom(opened(), told);
    expect(stepDone(run, { key: '1.2', wait: 'P1D', ms: day }, at(day))).toBe(false);
  });
});

test('the chosen plan is the one decided on', () => {
  const before = [opened(), proved(), planned(both), guarded(both)];
  expect(chosenPlan(runFrom(...before))).toBeNull();
  expect(chosenPlan(runFrom(...before, decided(keepPlan())))).toEqual(keepPlan());
  expect(chosenPlan(runFrom(...before, decided(null)))).toBeNull();
});

test('the journal of something else is not read as a run', () => {
  const entry = entryAfter('alert-1', null, { time: t0, type: 'alert-received', actor: 'quell', data: {} });
  expect(() => runOf('alert-1', [entry])).toThrow(expect.objectContaining({ disposition: 'halt' }));
});

test('a run that has not failed, or is taken back, is redriven by nobody', () => {
  const redriven: Told = { type: 'redriven', time: t0, data: { by: 'p-1', byName: 'Pat', reason: 'again' } };
  const halt = expect.objectContaining({
    ...{ disposition: 'halt', code: 'ledger-unreadable' },
    message: 'run-1 was redriven although it had not failed.',
  });
  expect(runFrom(opened(), ended('failed'), redriven)).toMatchObject({ ended: null, redriven: { byName: 'Pat' } });
  expect(() => runFrom(opened(), redriven)).toThrow(halt);
  expect(() => runFrom(opened(), ended('done'), redriven)).toThrow(halt);
  expect(() => runFrom(opened(), ended('failed'), undoDecided(), redriven)).toThrow(halt);
});

describe('where two people are needed', () => {
  const two = { ...removePlan(), people: 2 };
  const said = (by: string, of = two): Told => ({
    type: 'decided',
    time: t0,
    data: { choice: of.choice, digest: of.digest, by, byName: by, reason: null },
  });
  const question = [opened(), planned([two, keepPlan()]), guarded([two, keepPlan()]), asked(['remove', 'keep'])];

  test('one person twice is one, and another makes it a decision', () => {
    const once = runFrom(...question, said('ada'), said('ada'));
    expect([once.approvals.map(({ by }) => by), once.decision]).toEqual([['ada'], null]);
    const both = runFrom(...question, said('ada'), said('ada'), said('bob'));
    expect(both.approvals.map(({ by }) => by)).toEqual(['ada', 'bob']);
    expect(both.decision).toMatchObject({ by: 'bob', choice: 'remove' });
  });

  test('what was approved counts nothing once the plan is voided, or the run is redriven', () => {
    expect(runFrom(...question, said('ada'), voided('drift')).approvals).toEqual([]);
    const redriven: Told = { type: 'redriven', time: t0, data: { by: 'p-1', byName: 'Pat', reason: 'again' } };
    expect(runFrom(...question, said('ada'), ended('failed'), redriven).approvals).toEqual([]);
  });
});

test('what is no journal of a run says why', () => {
  const [opening] = journalOf([opened()]);
  const message = (entries: readonly Entry[]) => {
    try {
      runOf(runId, entries);
      return null;
    } catch (error) {
      return error;
    }
  };
  expect(message(journalOf([ended('done')]))).toMatchObject({ message: 'run-1 does not begin with run-opened.' });
  expect(message(journalOf([opened(), opened()]))).toMatchObject({ message: 'run-1 was opened twice.' });
  const odd = opening ? [opening, { ...opening, sequence: 2, type: 'held', data: { reason: 7 } }] : [];
  expect(message(odd)).toMatchObject({
    ...{ disposition: 'halt', message: 'Entry 2 of run-1 is not one a run can have.' },
    detail: { issues: [expect.stringMatching(/^data\.reason: /)] },
  });
});
