import { describe, expect, test } from 'vitest';
import { type AuditRecord, auditRecords } from '../../../shared/domain/audit-record.ts';
import { type Entry, entryAfter } from '../../../shared/domain/ledger.ts';
import { journalOf, opened, planFor, planned, stepOf, type Told } from '../../support/domain-run.ts';
import { t0 } from '../../support/domain-time.ts';
import { dana, subscription } from '../../support/domain-users.ts';

const told = (type: string, data: object) => ({ time: t0, type, data });
const recordsOf = (...all: readonly { time: string; type: string; data: object }[]) => auditRecords(journalOf(all));
const last = (...all: readonly { time: string; type: string; data: object }[]) => recordsOf(...all).at(-1);
/** The record of one entry that stands alone. */
const alone = (type: string, data: object): Partial<AuditRecord> | undefined => last(told(type, data));

const about = {
  ...{ rule: 'inactive-users', source: 'generic', playbook: 'review', identity: dana.id },
  ...{ username: 'dana@example.com', systemType: 'azure', system: subscription, systemName: 'Example' },
};
const role = '/subscriptions/s/providers/Microsoft.Authorization/roleAssignments/r';
const readOnly = stepOf('1.1', 'assign-read-only', 'reversible', {
  before: { roles: ['Contributor on /subscriptions/s', 'Owner on /subscriptions/s', 'no role'] },
  after: { roles: [{ role: 'Reader on /subscriptions/s' }, 'Contributor on /subscriptions/s'], count: 2, none: null },
  calls: [
    { to: 'azure', method: 'PUT', path: role, body: null },
    { to: 'azure', method: 'DELETE', path: role, body: null },
    { to: 'graph', method: 'PATCH', path: '/users/x', body: null },
  ],
});
const run: readonly Told[] = [opened(), planned([planFor('remove', [readOnly, { key: '1.2', wait: 'P1D', ms: 1 }])])];

describe('a record of a run', () => {
  test('has where it stands, and what the run is about, from its first entry on', () => {
    const [entry] = journalOf([opened()]);
    expect(recordsOf(opened())).toEqual([
      {
        ...{ ...about, task: 'open-run', resource: '', resourceType: '', role: '', state: '', risk: '', says: '' },
        ...{ time: t0, journal: 'run-1', sequence: 1, hash: entry?.hash, entry: 'run-opened', actor: 'quell' },
      },
    ]);
    expect(last(...run, told('asked', {}))).toMatchObject({ ...about, task: 'ask', sequence: 3 });
  });

  test('of a step says which, on what, with which risk and roles', () => {
    const step = {
      ...{ ...about, task: 'assign-read-only', risk: 'reversible', resource: `${role} /users/x` },
      ...{ resourceType: 'role-assignment user', role: 'Contributor, Owner, Reader' },
    };
    expect(last(...run, told('step-intended', { step: '1.1' }))).toMatchObject({
      ...step,
      says: 'intended',
      state: '',
    });
    expect(last(...run, told('step-applied', { step: '1.1' }))).toMatchObject({ ...step, says: 'sent', state: '' });
    expect(last(...run, told('step-verified', { step: '1.1', by: 'applied' }))).toMatchObject({
      ...{ ...step, says: 'applied', state: 'success' },
    });
    expect(last(...run, told('step-applied', { step: 'undo:1.1' }))).toMatchObject({
      ...{ ...step, task: 'undo-assign-read-only' },
    });
    expect(last(...run, told('step-applied', { step: '9.9' }))).toMatchObject({
      task: 'step-applied',
      risk: '',
      role: '',
    });
    expect(last(...run, told('waiting', { step: '1.2' }))).toMatchObject({ task: 'waiting', risk: '' });
  });

  test.each([
    [{ to: 'graph', path: '/users/x' }, 'user'],
    [{ to: 'exclusions', path: '/x' }, 'exclusion'],
    [{ to: 'webhook', path: '/x' }, 'webhook'],
    [{ to: 'arm', path: '/ROLEASSIGNMENTS/x' }, 'role-assignment'],
    [{ to: 'iam', path: '/users/x/accessKeys/y' }, 'access-key'],
  ])('%j is a %s', (call, resourceType) => {
    const step = { ...stepOf('1.1', 'x', 'notify'), calls: [call] } as never;
    expect(last(opened(), planned([planFor('x', [step])]), told('step-applied', { step: '1.1' }))).toMatchObject({
      resourceType,
    });
  });
});

describe('an entry says in its record', () => {
  test.each<readonly [string, object, Partial<AuditRecord>]>([
    ['alert-answered', { summary: 'no playbook answers it' }, { task: 'answer-alert', says: 'no playbook answers it' }],
    [
      'alert-refused',
      { source: 'mail', code: 'unreadable', message: 'no' },
      { task: 'receive-alert', state: 'refused', source: 'mail', says: 'unreadable: no' },
    ],
    [
      'refused',
      { what: 'decision', code: 'own-case', reason: 'no' },
      { task: 'decision', state: 'authorization-failure', says: 'own-case: no' },
    ],
    [
      'proved',
      { proof: { claim: 'inactive', verdict: 'true', reason: 'quiet' } },
      { task: 'prove', says: 'inactive: true, quiet' },
    ],
    ['planned', {}, { task: 'plan', says: '' }],
    ['guarded', { choices: [{ refusals: [] }] }, { task: 'guard', state: 'success', says: '' }],
    [
      'guarded',
      {
        choices: [1, 2].map(() => ({
          refusals: [
            { guard: 'a', reason: 'b' },
            { guard: 'c', reason: 'd' },
          ],
        })),
      },
      { task: 'guard', state: 'refused', says: 'a: b; c: d' },
    ],
    ['decided', { choice: 'keep', reason: 'needed' }, { task: 'approve', state: 'success', says: 'keep: needed' }],
    ['decided', { choice: 'keep', reason: null }, { task: 'approve', says: 'keep' }],
    ['decided', { choice: null, reason: 'no' }, { task: 'reject', state: 'refused', says: 'no' }],
    ['step-failed', { code: 'forbidden', reason: 'no' }, { state: 'authorization-failure', says: 'forbidden: no' }],
    ['step-failed', { code: 'AccessDenied', reason: 'no' }, { state: 'authorization-failure' }],
    ['step-failed', { code: 'too-many-attempts', reason: 'no' }, { state: 'error', says: 'too-many-attempts: no' }],
    ['held', { reason: 'stopped' }, { task: 'hold', state: 'refused', says: 'stopped' }],
    ['plan-voided', { reason: 'drift' }, { task: 'void-plan', says: 'drift', state: '' }],
    ['undo-decided', { reason: 'wrong' }, { task: 'undo', state: 'success', says: 'wrong' }],
    ['undo-ended', { outcome: 'undone', reason: 'x' }, { task: 'end-undo', state: 'success', says: 'undone: x' }],
    ['undo-ended', { outcome: 'partly-undone', reason: 'x' }, { state: 'error', says: 'partly-undone: x' }],
    ['run-ended', { outcome: 'done', reason: 'x' }, { task: 'end-run', state: 'success', says: 'done: x' }],
    ['run-ended', { outcome: 'nothing-to-do', reason: 'x' }, { state: 'success' }],
    ['run-ended', { outcome: 'observed', reason: 'x' }, { state: 'success' }],
    ['run-ended', { outcome: 'failed', reason: 'x' }, { state: 'error' }],
    ['run-ended', { outcome: 'rejected', reason: 'x' }, { state: 'refused' }],
    [
      'control-set',
      { control: { kind: 'quarantine', scope: 'playbook', name: 'review', reason: 'too many' } },
      { task: 'quarantine', state: 'success', resource: 'review', resourceType: 'playbook', says: 'too many' },
    ],
    [
      'control-set',
      { control: { kind: 'stop', scope: 'all', name: null, reason: 'x' } },
      { task: 'stop', resource: 'everything', resourceType: 'all' },
    ],
    ['control-set', {}, { task: 'stop', resource: 'everything', resourceType: '', says: '' }],
    ['controls-released', { reason: 'well' }, { task: 'release', state: 'success', says: 'well' }],
    ['call-begun', { summary: 'GET /x' }, { task: 'begin-call', says: 'GET /x', state: '' }],
    [
      'call-ended',
      { summary: '200 GET /x', outcome: 'success' },
      { task: 'call', state: 'success', says: '200 GET /x' },
    ],
    ['something-new', { message: 'later' }, { task: 'something-new', says: 'later', entry: 'something-new' }],
    ['something-new', { reason: 7, data: [] }, { task: 'something-new', says: '' }],
  ])('%s %j', (type, data, record) => {
    expect(alone(type, data)).toMatchObject(record);
  });

  test('no more than is needed to find it', () => {
    expect(alone('held', { reason: 'x'.repeat(2000) })?.says).toHaveLength(1000);
    const calls = Array.from({ length: 100 }, (_, n) => ({ to: 'graph', path: `/${n}/${'x'.repeat(90)}` }));
    const many = { ...stepOf('1.1', 'x', 'notify'), calls } as never;
    const record = last(opened(), planned([planFor('x', [many])]), told('step-applied', { step: '1.1' }));
    expect(record?.resource).toHaveLength(4000);
  });
});

describe('a record of an alert', () => {
  const alertJournal = (data: object): readonly Entry[] => {
    const body = { time: t0, actor: 'queue' };
    const first = entryAfter('alert-1', null, { ...body, type: 'alert-received', data: Object(data) });
    return [first, entryAfter('alert-1', first, { ...body, type: 'alert-answered', data: { summary: 'x' } })];
  };

  test('has the rule, the source and the system, from its first entry on', () => {
    const alert = { rule: 'inactive-users', source: 'mail', title: 'x', system: { type: 'azure', id: 'sub-1' } };
    for (const record of auditRecords(alertJournal({ alert })))
      expect(record).toMatchObject({ rule: 'inactive-users', source: 'mail', systemType: 'azure', system: 'sub-1' });
  });

  test('of a kind that nobody knows yet says less, and is a record', () => {
    expect(auditRecords(alertJournal({ alert: 7 }))).toMatchObject([
      { task: 'receive-alert', rule: '', system: '' },
      { task: 'answer-alert', rule: '', says: 'x' },
    ]);
    expect(alone('run-opened', { identity: 7 })).toMatchObject({ task: 'open-run', identity: '', username: '' });
    expect(last(opened(), told('planned', { plans: 'none' }), told('step-applied', { step: '1.1' }))?.risk).toBe('');
  });
});
