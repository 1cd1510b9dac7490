import { expect, test } from 'vitest';
import { summaryOf } from '../../../shared/domain/summary.ts';
import {
  asked,
  decided,
  deferred,
  ended,
  guarded,
  intended,
  opened,
  planned,
  proved,
  runFrom,
  type Told,
  undoDecided,
  undoEnded,
} from '../../support/domain-run.ts';
import { at, day, minute, t0 } from '../../support/domain-time.ts';
import { dana, subscription } from '../../support/domain-users.ts';

const question = [opened(), proved(), planned(), guarded(), asked()];

test.each<{ name: string; told: readonly Told[]; row: object }>([
  { name: 'at work', told: [opened(), proved()], row: { state: 'working', because: 'next: plan', at: null } },
  {
    name: 'waiting for a person',
    told: question,
    row: { state: 'deciding', because: 'waiting for a decision', at: at(3 * day) },
  },
  {
    name: 'waiting for a time',
    told: [...question, decided(), proved(), intended('1.1'), deferred('1.1', 1, at(minute))],
    row: { state: 'resting', because: 'disable-user was put off', at: at(minute) },
  },
  {
    name: 'at its end',
    told: [...question, ended('failed', at(minute))],
    row: { state: 'failed', because: 'because', at: at(minute) },
  },
  {
    name: 'while it is undone',
    told: [...question, ended(), undoDecided()],
    row: { state: 'undoing', because: 'Ria takes it back: was needed', at: null },
  },
  {
    name: 'when it is undone',
    told: [...question, ended(), undoDecided(), undoEnded('partly-undone', at(day))],
    row: { state: 'partly-undone', because: 'because', at: at(day) },
  },
])('a run $name in one row', ({ told, row }) => {
  expect(summaryOf(runFrom(...told), t0)).toEqual({
    id: 'run-1',
    alert: 'alert-1',
    rule: 'inactive-users',
    source: 'generic',
    playbook: 'review',
    mode: 'approve',
    identity: dana,
    system: { type: 'azure', id: subscription, name: 'Example' },
    openedAt: t0,
    ...row,
  });
});
