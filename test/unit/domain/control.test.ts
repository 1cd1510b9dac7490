import { describe, expect, test } from 'vitest';
import {
  type Control,
  controlEntryInWords,
  controlEntryOf,
  controlInWords,
  controlsOn,
  scopeInWords,
} from '../../../shared/domain/control.ts';
import { journalOf } from '../../support/domain-run.ts';
import { t0 } from '../../support/domain-time.ts';

const control = (differs: Partial<Control> = {}): Control => ({
  kind: 'stop',
  scope: 'all',
  name: null,
  by: 'p-1',
  byName: 'Sam',
  at: t0,
  reason: 'wrong people',
  ...differs,
});
const entryOf = (type: string, data: object) => {
  const [entry] = journalOf([{ time: t0, type, data }]);
  if (!entry) throw new Error('no entry');
  return controlEntryOf(entry);
};

test('a control stops what it is on, and nothing else', () => {
  const all = [
    control(),
    control({ scope: 'playbook', name: 'review' }),
    control({ scope: 'playbook', name: 'other' }),
    control({ scope: 'action', name: 'delete-user' }),
    control({ scope: 'action', name: 'review' }),
  ];
  expect(controlsOn(all, { playbook: 'review', action: 'delete-user' })).toEqual([all[0], all[1], all[3]]);
  expect(controlsOn(all.slice(1), { playbook: 'third', action: 'disable-user' })).toEqual([]);
});

test.each([
  [control(), 'Sam stopped everything: wrong people'],
  [control({ scope: 'action', name: 'delete-user' }), 'Sam stopped action delete-user: wrong people'],
  [
    control({ kind: 'quarantine', scope: 'playbook', name: 'review', byName: 'Quell' }),
    'Quell quarantined playbook review: wrong people',
  ],
])('is told in a sentence: %#', (one, text) => {
  expect(controlInWords(one)).toBe(text);
  expect(controlEntryInWords(entryOf('control-set', { control: one }))).toBe(text);
});

describe('a release', () => {
  test('names what it released, each once', () => {
    const controls = [
      control({ scope: 'playbook', name: 'review' }),
      control({ kind: 'quarantine', scope: 'playbook', name: 'review' }),
      control(),
    ];
    const entry = entryOf('controls-released', { byName: 'Gil', reason: 'looked at', controls });
    expect(controlEntryInWords(entry)).toBe('Gil released playbook review, everything: looked at');
    expect(scopeInWords(control())).toBe('everything');
  });
});

test.each([
  ['control-set', { control: { ...control(), scope: 'some' } }],
  ['run-opened', { control: control() }],
])('%s with anything else is not read', (type, data) => {
  expect(() => entryOf(type, data)).toThrow(
    expect.objectContaining({
      disposition: 'halt',
      code: 'ledger-unreadable',
      message: 'Entry 1 of run-1 is not one the controls can have.',
    }),
  );
});
