import { describe, expect, test } from 'vitest';
import { type Period, periodAt } from '../../../shared/domain/period.ts';
import { columnsOf, type RowKind } from '../../../shared/domain/report-columns.ts';
import { type RunRowKind, rowsOfRun } from '../../../shared/domain/report-rows.ts';
import { runOf } from '../../../shared/domain/run.ts';
import { runEntryOf } from '../../../shared/domain/run-entry.ts';
import {
  asked,
  decided,
  ended,
  guarded,
  intended,
  journalOf,
  keepPlan,
  opened,
  planFor,
  planned,
  proved,
  removePlan,
  runId,
  stepOf,
  type Told,
  undoDecided,
  undoEnded,
  verified,
  voided,
} from '../../support/domain-run.ts';
import { at, day, t0 } from '../../support/domain-time.ts';

const today = periodAt('daily', t0);
const hour = day / 24;
const start: readonly Told[] = [opened(), proved(), planned([removePlan(), keepPlan()]), guarded(), asked()];

function rows(kind: RunRowKind, told: readonly Told[], period: Period = today) {
  const entries = journalOf(told).filter(({ time }) => time < period.to);
  if (entries.length === 0) return [];
  return rowsOfRun[kind]({ run: runOf(runId, entries), entries: entries.map(runEntryOf) }, period);
}

const kinds: readonly RunRowKind[] = ['runs', 'changes', 'approvals', 'refusals', 'inactive'];

describe('rows', () => {
  test.each(kinds)('of %s have the columns they are said to have, and no others', (kind) => {
    const told = [...start, guarded([removePlan()], { remove: 'no' }), decided(), intended('1.1'), verified('1.1')];
    const [row = {}] = rows(kind, told);
    expect(Object.keys(row).sort()).toEqual([...columnsOf(kind satisfies RowKind)].sort());
  });

  test.each(kinds)('of %s are the same, whatever happens after the period', (kind) => {
    const before = [...start, decided(), intended('1.1'), verified('1.1')];
    const after = [verified('1.4', at(2 * day)), undoDecided(at(3 * day)), undoEnded('undone', at(3 * day))];
    expect(rows(kind, [...before, ...after])).toEqual(rows(kind, before));
  });
});

describe('changes', () => {
  test('are steps that were verified in the period', () => {
    const told = [...start, decided(), intended('1.1'), verified('1.1', at(hour)), verified('1.4', at(day))];
    expect(rows('changes', told)).toEqual([
      expect.objectContaining({ action: 'disable-user', by: 'Pat', how: 'applied', undo: 'possible', at: at(hour) }),
    ]);
    const tomorrow = periodAt('daily', at(day));
    expect(rows('changes', told, tomorrow)).toMatchObject([{ action: 'delete-user', risk: 'destructive' }]);
  });

  test('are not word that was sent', () => {
    const plan = planFor('tell', [stepOf('1.1', 'notify', 'notify')]);
    expect(rows('changes', [opened(), proved(), planned([plan]), verified('1.1')])).toEqual([]);
  });

  test('that were taken back say so, and the undo is a change of its own', () => {
    const told = [...start, decided(), verified('1.1'), undoDecided(), verified('undo:1.1'), undoEnded()];
    expect(rows('changes', told)).toMatchObject([
      { action: 'disable-user', undo: 'taken back', by: 'Pat' },
      { action: 'undo disable-user', undo: '', by: 'Ria' },
    ]);
  });
});

describe('approvals', () => {
  test.each<[string, readonly Told[], object]>([
    ['approved', [decided(removePlan(), at(2 * hour))], { answer: 'approved', choice: 'remove', by: 'Pat', hours: 2 }],
    ['rejected', [decided(null, at(hour), 'is on leave')], { answer: 'rejected', why: 'is on leave', hours: 1 }],
    ['expired', [ended('expired', at(3 * hour))], { answer: 'expired', by: null, hours: 3 }],
    ['voided', [voided('a role changed', at(hour))], { answer: 'voided', why: 'a role changed' }],
    ['open', [], { answer: 'open', at: today.to, hours: 16 }],
  ])('%s', (_name, more, row) => {
    expect(rows('approvals', [...start, ...more])).toMatchObject([row]);
  });

  test('of a run that is asked again are two questions', () => {
    const again = [planned([removePlan(2)]), guarded([removePlan(2)]), asked(), decided(removePlan(2), at(hour))];
    const told = [...start, voided('a role changed'), ...again];
    expect(rows('approvals', told).map(({ answer }) => answer)).toEqual(['voided', 'approved']);
  });

  test('of a plan that needs two people are settled by the second', () => {
    const plan = { ...removePlan(), people: 2 };
    const second = { ...decided(plan, at(3 * hour)) };
    const other = { ...second, data: { ...second.data, byName: 'Ria' } } as Told;
    const told = [opened(), proved(), planned([plan]), guarded([plan]), asked(), decided(plan, at(hour))];
    expect(rows('approvals', told)).toMatchObject([{ answer: 'open', by: 'Pat' }]);
    expect(rows('approvals', [...told, other])).toMatchObject([{ answer: 'approved', by: 'Pat, Ria', hours: 3 }]);
  });

  test('of a question that is asked again begin with nobody', () => {
    const again = [planned([removePlan(2)]), guarded([removePlan(2)]), asked(), decided(removePlan(2), at(hour))];
    const told = [...start, decided(removePlan(), at(hour)), voided('a role changed', at(hour)), ...again];
    expect(rows('approvals', told).map(({ answer, by }) => [answer, by])).toEqual([
      ['approved', 'Pat'],
      ['approved', 'Pat'],
    ]);
  });

  test('are not what a playbook decides by itself', () => {
    const told = [opened('enforce'), proved(), planned(), guarded(), decided()];
    expect(rows('approvals', told)).toEqual([]);
  });
});

test('a refusal counts once, from the first time on, however often the guards are asked', () => {
  const refused = (time: string) => guarded([removePlan()], { remove: 'an Owner' }, time);
  const twice = [refused(at(hour)), refused(at(2 * hour))];
  expect(rows('refusals', [opened(), proved(), planned(), ...twice])).toMatchObject([
    { guard: 'privileged', action: 'disable-user', why: 'an Owner', at: at(hour) },
  ]);
});

test.each<[string, readonly Told[], string]>([
  ['nothing yet', start, 'deciding'],
  ['the gravest thing done', [...start, decided(), verified('1.1')], 'disable-user'],
  ['not what was taken back', [...start, decided(), verified('1.1'), undoDecided(), undoEnded()], 'undone'],
  ['why not', [opened(), proved('false'), ended('not-confirmed')], 'not-confirmed'],
])('what became of an inactive identity: %s', (_name, told, became) => {
  expect(rows('inactive', told)).toMatchObject([{ became }]);
});

test('runs belong to the period they were opened or ended in', () => {
  const told = [...start, decided(), ended('done', at(5 * day))];
  const back = [undoDecided(at(8 * day)), undoEnded('undone', at(9 * day))];
  expect(rows('runs', [...told, ...back], periodAt('daily', at(9 * day)))).toMatchObject([{ state: 'undone' }]);
  const names = [0, 1, 5].map((days) => rows('runs', told, periodAt('daily', at(days * day))).length);
  expect(names).toEqual([1, 0, 1]);
  expect(rows('runs', told, periodAt('daily', at(5 * day)))).toMatchObject([{ state: 'done', hours: 120 }]);
});
