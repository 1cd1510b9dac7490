import { describe, expect, test } from 'vitest';
import { type Move, maxPlans, mustProve, next } from '../../../shared/domain/move.ts';
import type { Risk } from '../../../shared/domain/plan.ts';
import {
  applied,
  asked,
  decided,
  deferred,
  ended,
  failed,
  guarded,
  intended,
  keepPlan,
  opened,
  planFor,
  planned,
  proved,
  removePlan,
  runFrom,
  stagedSteps,
  stepOf,
  type Told,
  undoDecided,
  verified,
  voided,
  waiting,
} from '../../support/domain-run.ts';
import { at, day, minute, t0 } from '../../support/domain-time.ts';

const plan = removePlan();
const [disable, , , remove] = stagedSteps();
const both = [plan, keepPlan()];
const already = planFor('keep', [stepOf('1.5', 'exclude-from-reports', 'annotate', { calls: [] })]);

const moveAfter = (told: readonly Told[], now: string = t0): Move => next(runFrom(...told), now);
const end = (outcome: string, reason: string) => ({ move: 'end', outcome, reason: expect.stringContaining(reason) });

interface Row {
  readonly name: string;
  readonly told: readonly Told[];
  readonly now?: string;
  readonly move: object;
}
const check = ({ told, now, move }: Row) => expect(moveAfter(told, now)).toEqual(move);

describe('until there is a plan', () => {
  const plannedOften = (times: number): readonly Told[] =>
    Array.from({ length: times }, (_, index) => [
      planned([removePlan(index + 1)]),
      voided(`drift ${index + 1}`),
    ]).flat();

  test.each<Row>([
    { name: 'the claim is proved first', told: [opened()], move: { move: 'prove', before: null } },
    { name: 'a true claim is planned for', told: [opened(), proved()], move: { move: 'plan' } },
    {
      name: 'a false one ends the run',
      told: [opened(), proved('false')],
      move: end('not-confirmed', 'is not true: because it is false'),
    },
    {
      name: 'so does an unknown one',
      told: [opened(), proved('unknown')],
      move: end('not-confirmed', 'cannot be known: because it is unknown'),
    },
    {
      name: 'a first drift is planned for again',
      told: [opened(), proved(), ...plannedOften(1)],
      move: { move: 'plan' },
    },
    { name: 'so is a second', told: [opened(), proved(), ...plannedOften(2)], move: { move: 'plan' } },
    {
      name: 'after a third a person is needed',
      told: [opened(), proved(), ...plannedOften(maxPlans)],
      move: end('refused', 'kept changing: drift 1; drift 2; drift 3'),
    },
  ])('$name', check);
});

describe('until there is a decision', () => {
  const start = (mode: 'observe' | 'approve' | 'enforce', plans = [plan]) => [opened(mode), proved(), planned(plans)];
  const expiresAt = at(3 * day);

  test.each<Row>([
    { name: 'the guards are asked', told: start('approve'), move: { move: 'guard' } },
    {
      name: 'where every plan changes nothing, there is nothing to do, nor to ask',
      told: start('enforce', [already]),
      move: end('nothing-to-do', 'already as the playbook wants it'),
    },
    {
      name: 'one plan that changes nothing beside one that does is still a question',
      told: [...start('approve', [plan, already]), guarded([plan, already])],
      move: { move: 'ask', choices: ['remove', 'keep'], expiresAt },
    },
    { name: 'observe ends there', told: [...start('observe'), guarded()], move: end('observed', 'observes') },
    {
      name: 'enforce chooses the only plan',
      told: [...start('enforce'), guarded()],
      move: { move: 'choose', plan },
    },
    {
      name: 'enforce asks where there are two',
      told: [...start('enforce', both), guarded(both)],
      move: { move: 'ask', choices: ['remove', 'keep'], expiresAt },
    },
    {
      name: 'enforce asks where the guards left one of two',
      told: [...start('enforce', both), guarded(both, { remove: 'is Owner' })],
      move: { move: 'ask', choices: ['keep'], expiresAt },
    },
    {
      name: 'approve asks, for as long as the playbook says',
      told: [...start('approve'), guarded()],
      now: at(minute),
      move: { move: 'ask', choices: ['remove'], expiresAt: at(3 * day + minute) },
    },
    {
      name: 'a refused plan is no choice',
      told: [...start('approve', both), guarded(both, { keep: 'x' })],
      move: { move: 'ask', choices: ['remove'], expiresAt },
    },
    {
      name: 'a plan the guards were not asked about is no choice',
      told: [...start('approve', both), guarded([plan])],
      move: { move: 'ask', choices: ['remove'], expiresAt },
    },
    ...(['observe', 'approve', 'enforce'] as const).map((mode) => ({
      name: `${mode}: where the guards refuse every plan the run is refused, with every reason once`,
      told: [...start(mode, both), guarded(both, { remove: 'is Owner', keep: 'is Owner' })],
      move: { move: 'end', outcome: 'refused', reason: 'privileged: is Owner' },
    })),
    {
      name: 'a question stands',
      told: [...start('approve'), guarded(), asked()],
      now: at(3 * day - 1),
      move: { move: 'rest', until: expiresAt, because: 'waiting for a decision' },
    },
    {
      name: 'until it expires',
      told: [...start('approve'), guarded(), asked()],
      now: expiresAt,
      move: end('expired', expiresAt),
    },
    {
      name: 'a rejection ends the run, with its reason',
      told: [...start('approve'), guarded(), asked(), decided(null, t0, 'on leave')],
      move: { move: 'end', outcome: 'rejected', reason: 'Pat rejected it: on leave' },
    },
    {
      name: 'a rejection without a reason too',
      told: [...start('approve'), guarded(), asked(), decided(null)],
      move: { move: 'end', outcome: 'rejected', reason: 'Pat rejected it' },
    },
    {
      name: 'a decision before its guards is guarded first',
      told: [...start('approve'), decided()],
      move: { move: 'guard' },
    },
    {
      name: 'a decision for a plan that the guards refuse is refused',
      told: [...start('approve'), guarded([plan], { remove: 'is Owner' }), decided()],
      move: { move: 'end', outcome: 'refused', reason: 'privileged: is Owner' },
    },
    {
      name: 'a decision for a choice there is not is refused, never done',
      told: [...start('approve'), guarded(), asked(), decided(keepPlan())],
      move: end('refused', 'not a plan of this run'),
    },
    {
      name: 'a decision for another digest of the same choice is refused',
      told: [...start('approve'), guarded(), asked(), decided({ ...plan, digest: 'e'.repeat(64) })],
      move: end('refused', 'not a plan of this run'),
    },
  ])('$name', check);
});

describe('once it is decided', () => {
  const before = [opened(), proved(), planned(both), guarded(both), asked(), decided(plan, at(day))];
  const now = at(day);
  const fresh = proved('true', now, '1.1');
  const act = (attempt: number, state: object | null) => ({
    move: 'act',
    step: disable,
    attempt,
    before: state === null ? null : expect.objectContaining(state),
  });
  const verify = (attempt: number) => ({ move: 'verify', step: disable, attempt });

  test.each<Row>([
    { name: 'it is proved again', told: before, now, move: { move: 'prove', before: '1.1' } },
    {
      name: 'a proof from before the decision does not count, however fresh',
      told: [...before.slice(0, 5), proved('true', at(day - 1)), decided(plan, at(day))],
      now,
      move: { move: 'prove', before: '1.1' },
    },
    { name: 'a proof of the moment counts', told: [...before, fresh], now, move: act(1, null) },
    {
      name: 'a proof of 15 minutes counts',
      told: [...before, fresh],
      now: at(day + 15 * minute),
      move: act(1, null),
    },
    {
      name: 'an older one does not',
      told: [...before, fresh],
      now: at(day + 15 * minute + 1),
      move: { move: 'prove', before: '1.1' },
    },
    {
      name: 'what is no longer true ends it',
      told: [...before, proved('false', now, '1.1')],
      now,
      move: {
        move: 'end',
        outcome: 'not-confirmed',
        reason: 'that the identity is inactive is not true: because it is false',
      },
    },
    {
      name: 'a refusal at the last moment ends it',
      told: [...before, fresh, guarded([plan], { remove: 'is Owner now' })],
      now,
      move: { move: 'end', outcome: 'refused', reason: 'privileged: is Owner now' },
    },
    {
      name: 'an intent keeps others away while its lease lasts',
      told: [...before, fresh, intended('1.1', 1, at(day + 20_000))],
      now: at(day + 19_999),
      move: { move: 'rest', until: at(day + 20_000), because: 'worker-1 may still be at disable-user' },
    },
    {
      name: 'and not longer',
      told: [...before, fresh, intended('1.1', 1, at(day + 20_000))],
      now: at(day + 20_000),
      move: act(2, { state: 'intended', attempt: 1 }),
    },
    {
      name: 'what was sent is looked at',
      told: [...before, fresh, intended('1.1', 3), applied('1.1')],
      now,
      move: verify(3),
    },
    {
      name: 'also where the proof has grown old',
      told: [...before, fresh, intended('1.1'), applied('1.1')],
      now: at(2 * day),
      move: verify(1),
    },
    {
      name: 'what was put off rests',
      told: [...before, fresh, intended('1.1'), deferred('1.1', 1, at(day + minute))],
      now: at(day + minute - 1),
      move: { move: 'rest', until: at(day + minute), because: 'disable-user was put off' },
    },
    {
      name: 'and is then tried again',
      told: [...before, fresh, intended('1.1'), deferred('1.1', 1, at(day + minute))],
      now: at(day + minute),
      move: act(2, { state: 'deferred', applied: false }),
    },
    {
      name: 'also where the proof has grown old: it may have taken hold, so it is looked at before it is proved again',
      told: [...before, fresh, intended('1.1'), deferred('1.1', 1, at(day + 20 * minute))],
      now: at(day + 20 * minute),
      move: act(2, { state: 'deferred', applied: false }),
    },
    {
      name: 'what was put off after it was sent is only looked at, never sent again',
      told: [...before, fresh, intended('1.1'), applied('1.1'), deferred('1.1', 2, at(day + minute))],
      now: at(day + minute),
      move: verify(2),
    },
    {
      name: 'what failed ends the run',
      told: [...before, fresh, intended('1.1'), failed('1.1')],
      now,
      move: { move: 'end', outcome: 'failed', reason: 'disable-user: not allowed' },
    },
    {
      name: 'an approved plan with nothing left to change is still carried through, not called nothing to do',
      told: [opened(), proved(), planned([already]), guarded([already]), decided(already)],
      move: { move: 'act', step: already.steps[0], attempt: 1, before: null },
    },
    {
      name: 'what takes nothing away needs no new proof',
      told: [...before.slice(0, 5), decided(keepPlan(), at(day))],
      now: at(2 * day),
      move: { move: 'act', step: keepPlan().steps[0], attempt: 1, before: null },
    },
  ])('$name', check);
});

describe('a proof is needed', () => {
  const runWith = (...told: readonly Told[]) => runFrom(opened(), proved('true', t0), planned(both), ...told);
  const disabling = stepOf('1.1', 'disable-user', 'reversible');

  test.each<readonly [string, boolean, readonly Told[], string, Risk]>([
    ['written down before the decision, by a clock that is ahead', true, [decided(plan, at(-1))], t0, 'destructive'],
    [
      'after the decision, by a clock that is behind',
      false,
      [decided(plan, at(1)), proved('true', t0)],
      t0,
      'destructive',
    ],
    ['taken before the decision', true, [decided(plan, at(1))], at(1), 'destructive'],
    ['for a reversible step just the same', true, [decided(plan, at(1))], at(1), 'reversible'],
    ['not for an annotation', false, [decided(plan, at(1))], at(1), 'annotate'],
    ['not for word that is sent', false, [decided(plan, at(1))], at(1), 'notify'],
    ['exactly 15 minutes old', false, [decided(plan, t0), proved('true', t0)], at(15 * minute), 'destructive'],
    ['a millisecond older', true, [decided(plan, t0), proved('true', t0)], at(15 * minute + 1), 'destructive'],
  ])('%s: %s', (_what, expected, told, now, risk) => {
    expect(mustProve(runWith(...told), { ...disabling, risk }, now)).toBe(expected);
  });
});

describe('the stages after the first', () => {
  const acted = at(day);
  const over = at(31 * day);
  const first = [
    ...[opened(), proved(), planned(), guarded(), asked(), decided(plan, acted)],
    ...[proved('true', acted, '1.1'), intended('1.1', 1, acted, acted), applied('1.1', acted), verified('1.1', acted)],
  ];
  const waited = [...first, waiting('1.2', over, acted)];
  const provedAgain = [...waited, proved('true', over, '1.3')];

  test.each<Row>([
    { name: 'the wait begins', told: first, now: acted, move: { move: 'wait', step: '1.2', until: over } },
    {
      name: 'it lasts',
      told: waited,
      now: at(31 * day - 1),
      move: { move: 'rest', until: over, because: 'waiting P30D' },
    },
    { name: 'then the claim is proved again', told: waited, now: over, move: { move: 'prove', before: '1.3' } },
    {
      name: 'where it is no longer true, the end says what stays',
      told: [...waited, proved('false', over, '1.3')],
      now: over,
      move: end('not-confirmed', '; carried out before and still in place: disable-user'),
    },
    {
      name: 'also what was begun, and of which nobody has seen what came of it',
      told: [...first.slice(0, -1), intended('1.1', 1, at(1)), proved('false', over)],
      now: over,
      move: end('not-confirmed', '; begun before, and perhaps in place in part: disable-user'),
    },
    {
      name: 'but not what was so already',
      told: [
        ...first.slice(0, -1),
        { ...verified('1.1', acted), type: 'step-verified', data: { step: '1.1', observed: null, by: 'already so' } },
        proved('false', over),
      ],
      now: over,
      move: {
        move: 'end',
        outcome: 'not-confirmed',
        reason: 'that the identity is inactive is not true: because it is false',
      },
    },
    {
      name: 'also where a voided plan did it',
      told: [...first, voided('drift'), proved('false', over)],
      now: over,
      move: end('not-confirmed', '; carried out before and still in place: disable-user'),
    },
    {
      name: 'where it is, the last step is taken',
      told: provedAgain,
      now: over,
      move: { move: 'act', step: remove, attempt: 1, before: null },
    },
    {
      name: 'a proof that has grown old on the way is not enough for it',
      told: provedAgain,
      now: at(31 * day + 15 * minute + 1),
      move: { move: 'prove', before: '1.4' },
    },
    {
      name: 'where the guards refuse it, the end says what stays',
      told: [...provedAgain, guarded([plan], { remove: 'is Owner now' })],
      now: over,
      move: {
        move: 'end',
        outcome: 'refused',
        reason: 'privileged: is Owner now; carried out before and still in place: disable-user',
      },
    },
    {
      name: 'then it is done',
      told: [...provedAgain, intended('1.4', 1, over, over), applied('1.4', over), verified('1.4', over)],
      now: over,
      move: end('done', 'every step is carried out and verified'),
    },
  ])('$name', check);
});

test('after the end there is nothing, whatever comes', () => {
  for (const late of [[], [decided()], [guarded()], [voided('x')], [proved('false')]])
    expect(moveAfter([opened(), proved(), planned(), guarded(), asked(), ended('expired'), ...late])).toEqual({
      move: 'none',
    });
});

test('a voided plan is planned, guarded and asked anew; the old decision does not count', () => {
  const start = [opened(), proved(), planned(), guarded(), asked(), decided(), voided('drift')];
  const again = removePlan(2);
  expect(moveAfter(start)).toEqual({ move: 'plan' });
  expect(moveAfter([...start, planned([again])])).toEqual({ move: 'guard' });
  expect(moveAfter([...start, planned([again]), guarded([again])])).toMatchObject({ move: 'ask' });
});

describe('what is said', () => {
  const second = stepOf('1.2', 'assign-read-only', 'reversible');
  const twice = planFor('remove', [...stagedSteps().slice(0, 1), second, stepOf('1.3', 'delete-user', 'destructive')]);
  const begun = [opened(), proved(), planned([twice]), guarded([twice]), asked(), decided(twice), proved()];
  const reasonAfter = (...told: readonly Told[]) => {
    const move = moveAfter([...begun, ...told]);
    return 'reason' in move ? move.reason : move;
  };

  test('of what was carried out before the end, everything by name', () => {
    expect(reasonAfter(verified('1.1'), verified('1.2'), proved('false'))).toBe(
      'that the identity is inactive is not true: because it is false; carried out before and still in place: disable-user, assign-read-only',
    );
  });

  test('of what was only begun, however far it came', () => {
    const states = [[intended('1.1')], [intended('1.1'), applied('1.1')], [deferred('1.1', 1, at(minute))]];
    for (const told of states)
      expect(reasonAfter(...told, deferred('1.2', 1, at(minute)), proved('unknown'))).toBe(
        'that the identity is inactive cannot be known: because it is unknown; begun before, and perhaps in place in part: disable-user, assign-read-only',
      );
  });

  test('of several refusals, each once', () => {
    const choices = [
      { guard: 'privileged', action: 'disable-user', reason: 'is Owner' },
      { guard: 'privileged', action: 'delete-user', reason: 'is Owner' },
      { guard: 'approver', action: 'delete-user', reason: 'approves' },
    ].map((refusal) => ({ choice: 'remove', digest: plan.digest, refusals: [refusal] }));
    const told: Told = { type: 'guarded', time: t0, data: { choices } };
    expect(moveAfter([opened(), proved(), planned(), told])).toMatchObject({
      ...{ outcome: 'refused', reason: 'privileged: is Owner; approver: approves' },
    });
  });

  test('of a question that one of two has answered', () => {
    const two = { ...plan, people: 2 };
    const told = [opened(), proved(), planned([two]), guarded([two]), asked(), decided(two)];
    expect(moveAfter(told)).toMatchObject({
      ...{ move: 'rest', because: 'waiting for a decision; remove has 1 of 2 approvals' },
    });
  });
});

test('a playbook goes on alone after its plan was voided, where it had changed nothing; else it asks', () => {
  const again = removePlan(2);
  const until = (...done: readonly Told[]) => [
    ...[opened('enforce'), proved(), planned(), guarded(), ...done, voided('drift')],
    ...[planned([again]), guarded([again])],
  ];
  expect(moveAfter(until())).toEqual({ move: 'choose', plan: again });
  expect(moveAfter(until(verified('1.1')))).toMatchObject({ move: 'ask', choices: ['remove'] });
});

test('where one plan has begun and its approval was voided, only that one is asked about again', () => {
  const told = [opened(), proved(), planned(both), guarded(both), asked(['remove', 'keep']), decided(plan)];
  const lapsed: Told = { type: 'approval-voided', time: t0, data: { by: 'p-1', reason: 'left' } };
  expect(moveAfter([...told, lapsed, guarded(both)])).toMatchObject({ move: 'ask', choices: ['remove', 'keep'] });
  expect(moveAfter([...told, proved(), verified('1.1'), lapsed, guarded(both)])).toMatchObject({
    ...{ move: 'ask', choices: ['remove'] },
  });
});

test('where its approval was voided after it had begun and guards refuse it now, the end says what was begun', () => {
  const told = [opened(), proved(), planned(), guarded(), asked(), decided(), proved(), intended('1.1')];
  const lapsed: Told = { type: 'approval-voided', time: t0, data: { by: 'p-1', reason: 'left' } };
  expect(moveAfter([...told, lapsed, guarded([plan], { remove: 'is Owner' })])).toMatchObject({
    ...{ outcome: 'refused', reason: expect.stringContaining('; begun before, and perhaps in place in part: disable') },
  });
});

describe('before a playbook acts alone', () => {
  const first = opened('enforce');
  const alone = [{ ...first, data: { ...first.data, earlier: ['run-0'] } } as Told, proved(), planned(), guarded()];
  const waits: Told = { type: 'canary-waiting', time: t0, data: { until: at(minute), reason: 'waits for Dana' } };

  test('it looks at what came before, and goes on when that stands', () => {
    expect(moveAfter(alone)).toEqual({ move: 'canary', earlier: ['run-0'], pastWait: false });
    const passed: Told = { type: 'canary-passed', time: t0, data: { reason: '1 of the same alert stand' } };
    expect(moveAfter([...alone, passed])).toEqual({ move: 'choose', plan });
  });

  test('it waits until something can be said, and looks again then', () => {
    expect(moveAfter([...alone, waits])).toEqual({ move: 'rest', until: at(minute), because: 'waits for Dana' });
    expect(moveAfter([...alone, waits], at(minute))).toEqual({ move: 'canary', earlier: ['run-0'], pastWait: false });
  });
});

describe('past a wait', () => {
  const first = opened('enforce');
  const passed: Told = { type: 'canary-passed', time: t0, data: { reason: '0 of the same alert stand' } };
  const begin = [
    ...([{ ...first, data: { ...first.data, earlier: ['run-0'] } }, proved(), planned(), guarded(), passed] as Told[]),
    decided(),
  ];
  const [wasSo, wait] = [verified('1.1', t0, 'already so'), waiting('1.2', at(30 * day))];
  const again = proved('true', at(30 * day), '1.3');
  const looks = { move: 'canary', earlier: ['run-0'], pastWait: true };

  test('whoever touched nobody yet looks again at what came before, and goes on when that stands', () => {
    const past = [...begin, wasSo, wait, again];
    expect(moveAfter(past, at(30 * day))).toEqual(looks);
    const waits: Told = { type: 'canary-waiting', time: at(30 * day), data: { until: at(31 * day), reason: 'stands' } };
    expect(moveAfter([...past, waits], at(30 * day))).toEqual({ move: 'rest', until: at(31 * day), because: 'stands' });
    expect(moveAfter([...past, waits], at(31 * day))).toEqual(looks);
    expect(moveAfter([...past, { ...passed, time: at(30 * day) }], at(30 * day))).toMatchObject({ move: 'act' });
  });

  test.each<readonly [string, readonly Told[]]>([
    ['what was done before it stood for long enough', [...begin, verified('1.1'), wait, again]],
    [
      'of a step that is begun nobody is asked',
      [...begin, wasSo, wait, again, intended('1.4', 1, at(30 * day), at(30 * day))],
    ],
    [
      'a step of an earlier plan is begun, and nobody knows what came of it',
      [
        ...[...begin, intended('1.1'), voided('x'), proved(), planned([removePlan(2)]), guarded([removePlan(2)])],
        ...[decided(removePlan(2)), verified('2.1', t0, 'already so'), waiting('2.2', at(30 * day))],
        proved('true', at(30 * day), '2.3'),
      ],
    ],
    ['a person had decided', [opened(), proved(), planned(), guarded(), asked(), decided(), wasSo, wait, again]],
    ['there are none before it', [opened('enforce'), ...begin.slice(1), wasSo, wait, again]],
  ])('nobody looks where %s', (_name, told) => {
    expect(moveAfter(told, at(30 * day))).toMatchObject({ move: 'act', step: { action: 'delete-user' } });
  });
});

describe('taking back', () => {
  const second = stepOf('1.2', 'assign-read-only', 'reversible');
  const twice = planFor('remove', [...stagedSteps().slice(0, 1), second]);
  const done = [opened(), proved(), planned([twice]), guarded([twice]), asked(), decided(twice)];
  const both = [...done, verified('1.1'), verified('1.2'), undoDecided()];

  test('that has begun goes on, though a worker may still be at a step of it', () => {
    const begun = [...both, intended('undo:1.2', 1, at(minute)), verified('undo:1.2')];
    expect(moveAfter(begun)).toMatchObject({ move: 'act', step: { key: 'undo:1.1' } });
  });

  test('looks once more, and says what was taken back, everything by name', () => {
    const all = [...both, intended('undo:1.2', 1, at(minute)), verified('undo:1.2'), verified('undo:1.1')];
    expect(moveAfter(all)).toEqual({
      ...{ move: 'rest', until: at(minute + 10_000), because: 'looks once more whether it stays undone' },
    });
    expect(moveAfter(all, at(minute + 10_000))).toMatchObject({
      ...{ move: 'undo-end', outcome: 'undone', reason: 'as it was before: assign-read-only, disable-user' },
    });
  });
});
