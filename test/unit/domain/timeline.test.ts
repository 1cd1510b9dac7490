import { describe, expect, test } from 'vitest';
import { type Alert, alertOf } from '../../../shared/domain/alert.ts';
import { alertTimeline, exactLines, runTimeline } from '../../../shared/domain/timeline.ts';
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
  planFor,
  planned,
  proved,
  removePlan,
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

const both = [removePlan(), keepPlan()];
const lines = (...told: readonly Told[]) => runTimeline(journalOf(told));
const last = (...told: readonly Told[]) => lines(...told).at(-1);
const before = [opened(), proved(), planned(both)];

describe('each line of a run', () => {
  test.each<{ name: string; told: readonly Told[]; line: object }>([
    {
      name: 'opened',
      told: [opened('enforce', at(minute))],
      line: {
        time: at(minute),
        stage: 'opened',
        text: 'review v1 for Dana Quiet (dana@example.com) in Example',
        details: ['mode enforce'],
      },
    },
    {
      name: 'proved, with its evidence',
      told: [opened(), proved()],
      line: {
        text: 'inactive: true, because it is true',
        details: ['lastSuccessfulSignIn 2025-08-13T08:00:00Z (graph)'],
      },
    },
    {
      name: 'proved again',
      told: [...before, proved('unknown', t0, '1.3')],
      line: { text: 'inactive again: unknown, because it is unknown', details: [] },
    },
    {
      name: 'planned',
      told: before,
      line: {
        text: '2 choices',
        details: [
          `[remove] Label of remove · digest ${removePlan().digest.slice(0, 12)}`,
          '  1.1 disable-user Dana Quiet',
          '  1.2 wait P30D',
          '  1.3 prove again, and stop where it is no longer true',
          '  1.4 delete-user Dana Quiet',
          `[keep] Label of keep · digest ${keepPlan().digest.slice(0, 12)}`,
          '  1.5 exclude-from-reports Dana Quiet',
        ],
      },
    },
    { name: 'guarded', told: [...before, guarded(both)], line: { text: 'nothing speaks against it', details: [] } },
    {
      name: 'guarded, with a refusal',
      told: [...before, guarded(both, { remove: 'is Owner' })],
      line: { text: 'allowed: keep', details: ['privileged: is Owner'] },
    },
    {
      name: 'guarded, with nothing left',
      told: [...before, guarded(both, { remove: 'is Owner', keep: 'is Owner' })],
      line: { text: 'allowed: nothing', details: ['privileged: is Owner'] },
    },
    {
      name: 'asked',
      told: [...before, asked(['remove', 'keep'])],
      line: { text: 'remove, keep or reject, until 2026-03-04 08:00:00' },
    },
    {
      name: 'decided',
      told: [...before, decided(keepPlan(), t0, 'on leave')],
      line: { text: 'Pat chose keep: on leave', details: [`on plan ${keepPlan().digest.slice(0, 12)}`] },
    },
    { name: 'rejected', told: [...before, decided(null, t0, 'no')], line: { text: 'Pat rejected: no', details: [] } },
    {
      name: 'acting, with the exact calls',
      told: [...before, intended('1.1')],
      line: {
        stage: 'act',
        text: '1.1 disable-user',
        details: [expect.stringMatching(/^PATCH graph\/users\/.* \{"accountEnabled":false\}$/)],
      },
    },
    { name: 'acting again', told: [...before, intended('1.1', 2)], line: { text: '1.1 disable-user (attempt 2)' } },
    { name: 'sent', told: [...before, applied('1.1')], line: { text: '1.1 disable-user: 1 call' } },
    {
      name: 'verified, with before and after',
      told: [...before, verified('1.1')],
      line: { text: '1.1 disable-user (applied)', details: ['before enabled true', 'after  enabled false'] },
    },
    {
      name: 'put off',
      told: [...before, deferred('1.1', 1, at(day))],
      line: { text: '1.1 disable-user until 2026-03-02 08:00:00: busy' },
    },
    { name: 'failed', told: [...before, failed('1.1')], line: { text: '1.1 disable-user: not allowed (forbidden)' } },
    { name: 'waiting', told: [...before, waiting('1.2', at(day))], line: { text: 'until 2026-03-02 08:00:00' } },
    { name: 'voided', told: [...before, voided('drift')], line: { stage: 'voided', text: 'drift' } },
    {
      name: 'a step that no plan has',
      told: [opened(), verified('9.9')],
      line: { text: '9.9 (applied)', details: [] },
    },
    { name: 'taken back', told: [...before, undoDecided()], line: { text: 'Ria takes it back: was needed' } },
    { name: 'done again by a late worker', told: [...before, undoReopened('undo:1.1')], line: { stage: 'undo' } },
    { name: 'undone', told: [...before, undoEnded('partly-undone')], line: { text: 'partly-undone: because' } },
    {
      name: 'ended',
      told: [...before, ended('expired', at(day))],
      line: { time: at(day), stage: 'ended', text: 'expired: because' },
    },
    {
      name: 'refused before anything was done',
      told: [...before, ended('refused')],
      line: { text: 'refused, nothing was changed' },
    },
    {
      name: 'refused after something was',
      told: [...before, intended('1.1'), verified('1.1'), ended('refused')],
      line: { text: 'refused: because' },
    },
  ])('$name', ({ told, line }) => expect(last(...told)).toMatchObject(line));

  test('one line each, in order, at its time', () => {
    const told = [opened('approve', t0), proved('true', at(1)), planned(both, at(2))];
    expect(lines(...told).map(({ time }) => time)).toEqual([t0, at(1), at(2)]);
  });

  test('the journal of something else halts', () => {
    const entries = journalOf([{ time: t0, type: 'alert-refused', data: {} }]);
    expect(() => runTimeline(entries)).toThrow(expect.objectContaining({ disposition: 'halt' }));
    expect(() => alertTimeline(journalOf([opened()]))).toThrow(expect.objectContaining({ disposition: 'halt' }));
  });
});

describe('what a run waits for, or asks for again, is told', () => {
  const line = (type: string, data: object) => runTimeline(journalOf([...before, { time: t0, type, data }])).at(-1);

  test.each([
    ['canary-passed', { reason: '1 stands' }, 'canary', 'may act alone: 1 stands', []],
    [
      'canary-waiting',
      { reason: 'waits for Dana', until: at(day) },
      ...(['canary', `waits for Dana, until ${at(day).slice(0, 10)} ${at(day).slice(11, 19)}`, []] as const),
    ],
    ['mode-lowered', { to: 'approve', reason: 'asks although it might act' }, 'mode', 'asks although it might act', []],
    ['approval-voided', { by: 'p-1', reason: 'Pat left' }, 'voided', 'Pat left', ['it is asked again']],
  ] as const)('%s', (type, data, stage, text, details) => {
    expect(line(type, data)).toEqual({ time: t0, stage, text, details: [...details] });
  });

  test('a plan that needs more people says how many', () => {
    const two = { ...removePlan(), people: 2 };
    expect(last(opened(), proved(), planned([two]), decided(two))?.details).toEqual([
      `on plan ${two.digest.slice(0, 12)}, which needs 2 people`,
    ]);
  });

  test('a trial says how long it waits', () => {
    const trial = opened();
    const told = { ...trial, data: { ...trial.data, localWaitMs: 5000 } } as Told;
    expect(last(told)?.details).toEqual(['mode approve', 'local trial: every wait is cut to 5 s']);
  });

  test('a step that nobody planned is told by its key, and has no calls', () => {
    expect(last(opened(), intended('9.9'))).toMatchObject({ text: '9.9', details: [] });
    expect(last(opened(), applied('9.9'))?.text).toBe('9.9: 0 calls');
    expect(last(opened(), verified('9.9'))?.details).toEqual([]);
  });
});

test('values of any shape are shown', () => {
  const shapes = { none: null, list: [], deep: [{ a: { b: [1, true, 'x'] } }], empty: {} };
  const plan = planFor('x', [stepOf('1.1', 'disable-user', 'reversible', { before: shapes, after: 'text' })]);
  expect(last(opened(), planned([plan]), verified('1.1'))?.details).toEqual([
    'before none none, list nothing, deep a b 1; true; x, empty -',
    'after  text',
  ]);
});

test('an undo names what it takes back, with its calls and what was there before it', () => {
  const done = [...before, intended('1.1'), applied('1.1'), verified('1.1'), undoDecided()];
  const told = lines(...done, intended('undo:1.1'), verified('undo:1.1'));
  const [act, then] = told.slice(-2);
  const [forth, back] = told.filter(({ stage }) => stage === 'verified');
  expect(act?.text).toMatch(/^undo:1\.1 \S+/);
  expect(act?.details).toHaveLength(1);
  expect(act?.details).not.toEqual(told.find(({ stage }) => stage === 'act')?.details);
  expect(then).toBe(back);
  expect(back?.details.map((line) => line.slice(7))).toEqual(forth?.details.map((line) => line.slice(7)).reverse());
});

test('exact lines name every call and how it is undone', () => {
  const residual = [{ what: 'Owner on /', why: 'is above' }];
  const calls = [{ to: 'exclusions', method: 'DELETE', path: '/exclusions/s/u', body: null } as const];
  const steps = [stepOf('1.1', 'x', 'annotate', { calls, residual }), stepOf('1.2', 'y', 'annotate', { calls: [] })];
  expect(exactLines(planFor('x', steps))).toEqual([
    '  1.1 x Dana Quiet',
    '      stays: Owner on /; is above',
    '      DELETE /exclusions/s/u',
    '      undo: allows sign-in again',
    '  1.2 y Dana Quiet (already so)',
    '      undo: allows sign-in again',
  ]);
});

describe('each line of an alert', () => {
  const raw = { sha256: 'a'.repeat(64), contentType: 'application/json', bytes: 9 };
  const alert = (nominations: Alert['nominations'], identityCount: number | null): Alert =>
    alertOf(
      {
        ...{ rule: 'inactive-users', ruleName: 'Inactive Users', title: 'Stale', dedupeKey: null, occurredAt: t0 },
        ...{ system: { type: 'azure', id: 'sub-1' }, nominations, identityCount },
      },
      { source: 'generic', sender: 'app:1', receivedAt: t0, raw },
    );
  const told = (type: string, data: object) => alertTimeline(journalOf([{ time: t0, type, data }]))[0];

  test.each([
    [
      'one name',
      alert([{ kind: 'user', by: 'userPrincipalName', value: 'dana@x' }], 1),
      'names userPrincipalName dana@x',
    ],
    ['nobody', alert([], 4), 'names nobody, counts 4'],
    ['nobody and no count', alert([], null), 'names nobody, counts nothing'],
  ])('received, with %s', (_what, received, whom) => {
    expect(told('alert-received', { alert: received })).toEqual({
      time: t0,
      stage: 'received',
      text: '"Stale" (inactive-users) about azure sub-1',
      details: [`by generic from app:1; ${whom}`, 'raw bytes kept under aaaaaaaaaaaaaaaa…'],
    });
  });

  test('redriven, by whom and why', () => {
    expect(told('alert-redriven', { by: 'id-1', byName: 'Rae', reason: 'a playbook is there now' })).toEqual({
      ...{ time: t0, stage: 'redrive', text: 'Rae has it answered again: a playbook is there now', details: [] },
    });
  });

  test('answered, with what was thought of the others and who was left out', () => {
    const data = {
      playbook: 'a',
      considered: [
        { playbook: 'a', answers: true, against: [] },
        { playbook: 'b', answers: false, against: ['x', 'y'] },
      ],
      runs: [],
      left: [{ who: 'Max', reason: 'is two people' }],
      summary: 'a answers',
    };
    expect(told('alert-answered', data)).toMatchObject({
      text: 'a answers',
      details: ['not b: x; y', 'left out Max: is two people'],
    });
  });

  test('refused', () => {
    const data = { source: 'mail', sender: 'mail:x', raw, code: 'forged', message: 'Not signed.' };
    expect(told('alert-refused', data)).toMatchObject({ stage: 'refused', text: 'mail from mail:x: Not signed.' });
  });
});
