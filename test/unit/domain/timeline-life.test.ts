import { expect, test } from 'vitest';
import { runTimeline } from '../../../shared/domain/timeline.ts';
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
  opened,
  planFor,
  planned,
  proved,
  stagedSteps,
  stepOf,
  undoDecided,
  undoEnded,
  undoReopened,
  verified,
  voided,
  waiting,
} from '../../support/domain-run.ts';
import { at, day, t0 } from '../../support/domain-time.ts';
import { userId } from '../../support/domain-users.ts';

const sessions = stepOf('1.3', 'revoke-sessions', 'reversible', {
  before: {},
  after: { validFrom: t0 },
  calls: [
    { to: 'graph', method: 'POST', path: '/x', body: {} },
    { to: 'exclusions', method: 'PUT', path: '/x', body: { reason: 'x' } },
  ],
});
const steps = [...stagedSteps().slice(0, 1), { key: '1.2', wait: 'P30D', ms: 5000 }, sessions];
const plan = { ...planFor('remove', steps), people: 2 };
const digest = plan.digest.slice(0, 12);

test('a life in which everything happens is told word for word', () => {
  const story = [
    ...[opened(), proved(), planned([plan]), guarded([plan]), asked(['remove'], at(day))],
    ...[decided(plan, t0, 'has left'), { type: 'held', time: t0, data: { reason: 'Sam stopped everything' } }],
    ...[intended('1.1', 2), applied('1.1'), verified('1.1'), waiting('1.2', at(day))],
    ...[intended('1.3'), applied('1.3'), deferred('1.3', 1, at(day)), verified('1.3'), failed('1.3')],
    ...[voided('drift'), undoDecided(), undoReopened('undo:1.1'), undoEnded(), ended('failed')],
  ];
  expect(runTimeline(journalOf(story)).map(({ stage, text, details }) => [stage, text, ...details])).toEqual([
    ['opened', 'review v1 for Dana Quiet (dana@example.com) in Example', 'mode approve'],
    ['proved', 'inactive: true, because it is true', 'lastSuccessfulSignIn 2025-08-13T08:00:00Z (graph)'],
    [
      ...['plan', 'one choice', `[remove] Label of remove · 2 people where it asks · digest ${digest}`],
      ...['  1.1 disable-user Dana Quiet', '  1.2 wait P30D (here 5 s)', '  1.3 revoke-sessions Dana Quiet'],
    ],
    ['guards', 'nothing speaks against it'],
    ['asked', 'remove or reject, until 2026-03-02 08:00:00'],
    ['decision', 'Pat chose remove: has left', `on plan ${digest}, which needs 2 people`],
    ['held', 'Sam stopped everything', 'nothing is done until it is released'],
    ['act', '1.1 disable-user (attempt 2)', `PATCH graph/users/${userId} {"accountEnabled":false}`],
    ['sent', '1.1 disable-user: 1 call'],
    ['verified', '1.1 disable-user (applied)', 'before enabled true', 'after  enabled false'],
    ['waiting', 'until 2026-03-02 08:00:00'],
    ['act', '1.3 revoke-sessions', 'POST graph/x', 'PUT /x {"reason":"x"}'],
    ['sent', '1.3 revoke-sessions: 2 calls'],
    ['put off', '1.3 revoke-sessions until 2026-03-02 08:00:00: busy'],
    ['verified', '1.3 revoke-sessions (applied)', `after  validFrom ${t0}`],
    ['failed', '1.3 revoke-sessions: not allowed (forbidden)'],
    ['voided', 'drift', 'the plan and any decision on it no longer count'],
    ['undo', 'Ria takes it back: was needed'],
    ['undo', 'undo:1.1 was done again by somebody; undone again'],
    ['ended', 'undone: because'],
    ['ended', 'failed: because'],
  ]);
});

test('what the playbook chose by itself is told without a number of people', () => {
  const by = { by: 'playbook:review@1', byName: 'review', reason: null };
  const data = { choice: 'remove', digest: plan.digest, ...by };
  const [, , told] = runTimeline(journalOf([opened(), planned([plan]), { type: 'decided', time: t0, data }]));
  expect([told?.text, told?.details]).toEqual(['review chose remove', [`on plan ${digest}`]]);
});
