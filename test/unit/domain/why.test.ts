import { describe, expect, test } from 'vitest';
import type { Alert } from '../../../shared/domain/alert.ts';
import { toJson } from '../../../shared/domain/json.ts';
import { type Entry, entryAfter } from '../../../shared/domain/ledger.ts';
import { alertOf, answerAt, systemIn, whyAt } from '../../../shared/domain/why.ts';
import {
  ended,
  guarded,
  journalOf,
  opened,
  planned,
  playbookOf,
  proved,
  removePlan,
  type Told,
} from '../../support/domain-run.ts';
import { at, minute, t0 } from '../../support/domain-time.ts';
import { dana, subscription } from '../../support/domain-users.ts';

const system = { type: 'azure', id: subscription, name: 'Example', tags: {} };
const alert = {
  ...{ id: 'alert-1', source: 'generic', sender: 'queue', receivedAt: t0, occurredAt: t0, dedupeKey: null },
  ...{ rule: 'inactive-users', ruleName: 'Inactive', title: 'Dana', identityCount: null },
  ...{ raw: { sha256: 'a'.repeat(64), contentType: 'application/json', bytes: 1 } },
  ...{ system: { type: 'azure', id: subscription }, nominations: [] },
} as unknown as Alert;
const considered = [{ playbook: 'review', version: 1, digest: 'd', answers: true, against: [] }];

/** An alert and its answer a minute later, as far as the system was seen. */
function journal(seen: object | null = system, differs: object = {}): readonly Entry[] {
  const received = entryAfter('alert-1', null, {
    time: t0,
    type: 'alert-received',
    actor: 'queue',
    data: Object(toJson({ alert })),
  });
  const reads = seen ? [{ of: 'azure.system', with: [subscription], gave: seen }] : [];
  const said = { playbook: 'review', considered, runs: [{ run: 'run-1', identity: dana }], left: [], summary: 'x' };
  const data = Object(toJson({ ...said, ...differs, inputs: { clock: [], reads } }));
  return [
    received,
    entryAfter('alert-1', received, { time: at(minute), type: 'alert-answered', actor: 'quell', data }),
  ];
}
const later = at(10 * minute);
const review = playbookOf();
const runs = (...told: readonly Told[]) => new Map([['run-1', journalOf(told)]]);
const whyOf = (from: Partial<Parameters<typeof whyAt>[0]> = {}, asOf = later) =>
  whyAt({ entries: journal(), playbooks: [review], runs: runs(opened()), ...from }, asOf);

describe('the answer to an alert', () => {
  test('stands from when it was given', () => {
    expect(answerAt(journal(), at(minute - 1))).toBeNull();
    expect(answerAt(journal(), at(minute))?.said.summary).toBe('x');
    expect(answerAt([], later)).toBeNull();
    expect(whyOf({}, t0)).toBeNull();
  });

  test('is about the alert and the system as they were read', () => {
    expect(alertOf(journal())?.id).toBe('alert-1');
    expect(alertOf([])).toBeNull();
    expect(systemIn(journal(), 2)).toEqual(system);
    expect(systemIn(journal(null), 2)).toBeNull();
    for (const odd of [null, 7, { id: 'x', tags: {} }]) expect(systemIn(journal(Object(odd)), 2)).toBeNull();
  });
});

describe('why', () => {
  test('a playbook answered is what it met; of one that was not kept nobody knows', () => {
    expect(whyOf()).toMatchObject([
      { playbook: 'review', answers: true, clauses: ['answers inactive-users on azure'] },
    ]);
    const when = playbookOf({ when: 'true' });
    expect(whyOf({ playbooks: [when] })?.[0]?.clauses).toEqual([
      'answers inactive-users on azure',
      'when: true is true',
    ]);
    expect(whyOf({ playbooks: null })?.[0]?.clauses).toEqual([]);
  });

  test('another did not is what speaks against it, or that the system could not be seen', () => {
    const other = playbookOf({ name: 'other', version: 3, on: { rules: ['others'], systems: ['azure'] } });
    expect(whyOf({ playbooks: [review, other] })?.[1]).toEqual({
      ...{ playbook: 'other', version: 3, digest: other.digest, answers: false, runs: [] },
      clauses: ['answers others, not inactive-users'],
    });
    expect(whyOf({ entries: journal(null), playbooks: [other] })?.[1]?.clauses).toEqual([
      'the system of the alert could not be seen',
    ]);
  });

  test('in what was written before versions were has none', () => {
    const old = [{ playbook: 'review', answers: false, against: ['so'] }];
    expect(whyOf({ entries: journal(system, { considered: old }), playbooks: null })).toEqual([
      { playbook: 'review', version: 0, digest: '', answers: false, clauses: ['so'], runs: [] },
    ]);
  });
});

describe('what decided about somebody', () => {
  const runOf = (told: readonly Told[], asOf = later) => whyOf({ runs: runs(...told) }, asOf)?.[0]?.runs;

  test('is the proof with the age of its evidence, until there is an end', () => {
    expect(runOf([opened(), proved('true', at(minute))])).toEqual([
      {
        ...{ run: 'run-1', identity: 'Dana Quiet (dana@example.com)', refusals: [] },
        state: 'inactive is true: because it is true',
        grounds: [
          {
            ...{ fact: 'lastSuccessfulSignIn', value: '2025-08-13T08:00:00Z', source: 'graph' },
            ...{ observedAt: at(minute), ageSeconds: 540 },
          },
        ],
      },
    ]);
    expect(runOf([opened(), proved(), ended('done')])?.[0]?.state).toBe('done: because');
  });

  test('is nothing yet before it is proved, or before it is there', () => {
    expect(runOf([opened()])).toMatchObject([{ state: 'not proved yet', grounds: [] }]);
    expect(whyOf({ runs: new Map() })?.[0]?.runs).toEqual([]);
    expect(whyOf({ runs: runs(opened('approve', later)) }, at(5 * minute))?.[0]?.runs).toEqual([]);
  });

  test('is what the guards said, each once', () => {
    const refused = guarded([removePlan(), removePlan()], { remove: 'is Owner' });
    expect(runOf([opened(), proved(), planned(), refused])?.[0]?.refusals).toEqual(['remove: privileged: is Owner']);
  });
});
