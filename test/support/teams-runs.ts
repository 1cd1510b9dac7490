import { toJson } from '../../shared/domain/json.ts';
import type { Entry } from '../../shared/domain/ledger.ts';
import { type PlannedStep, planOf } from '../../shared/domain/plan.ts';
import { type Run, runOf } from '../../shared/domain/run.ts';
import {
  applied,
  decided,
  ended,
  failed,
  guarded,
  intended,
  journalOf,
  opened,
  planned,
  playbookOf,
  proofOf,
  proved,
  runId,
  stepOf,
  type Told,
  undoDecided,
  undoEnded,
  verified,
  voided,
} from './domain-run.ts';
import { at, day } from './domain-time.ts';
import { dana, subscription } from './domain-users.ts';

const scope = `/subscriptions/${subscription}`;

const readOnlySteps: readonly PlannedStep[] = [
  stepOf('1.1', 'assign-read-only', 'reversible', {
    summary: `Replace Owner on ${scope}, Contributor on ${scope}/resourceGroups/payroll of Dana Quiet (dana.quiet@contoso.example) by Reader at the same scope`,
    before: {
      assigned: [
        { role: 'Owner', scope },
        { role: 'Contributor', scope: `${scope}/resourceGroups/payroll` },
      ],
    },
    after: { assigned: [`Reader on ${scope}`] },
    undoNote: 'puts every assignment back under its own name, with its condition; who created it and when is lost',
    residual: [
      {
        what: `Storage Blob Data Owner on ${scope}/resourceGroups/data`,
        why: 'comes through a group: change the membership',
      },
    ],
  }),
  stepOf('1.2', 'exclude-from-reports', 'annotate', {
    summary: 'Leave Dana Quiet out of reports for 90 days',
    before: { mark: null },
    after: { mark: 'inactive and made read-only' },
    undoNote: 'earlier mark',
  }),
];
const stagedSteps: readonly PlannedStep[] = [
  stepOf('1.3', 'disable-user', 'reversible', { summary: 'Block sign-in of Dana Quiet (dana.quiet@contoso.example)' }),
  { key: '1.4', wait: 'P30D', ms: 30 * day },
  { key: '1.5', prove: 'again' },
  stepOf('1.6', 'delete-user', 'destructive', {
    summary: 'Delete Dana Quiet (dana.quiet@contoso.example)',
    before: { presence: 'live' },
    after: { presence: 'deleted' },
    undoNote: 'restores the user from the deleted items, for 30 days',
  }),
];

const plan = (name: string, label: string, steps: readonly PlannedStep[]) =>
  planOf(
    { run: runId, alert: 'alert-1', playbook: playbookOf(), identity: dana, proof: proofOf() },
    { name, label },
    steps,
  );

export const readOnly = plan('not-needed', 'Not needed, make read-only', readOnlySteps);
export const staged = plan('remove', 'Remove in stages', stagedSteps);
export const plans = [readOnly, staged];

const facts = [
  { fact: 'created', value: '2021-04-12T08:00:00Z', source: 'graph' },
  { fact: 'account', value: 'enabled, member, cloud only', source: 'graph' },
  { fact: 'directoryRoles', value: [], source: 'graph' },
  { fact: 'systemRoles', value: ['Owner', 'Contributor'], source: 'azure' },
  { fact: 'licences', value: 2, source: 'graph' },
  { fact: 'budgetLeft', value: 'reversible 9, destructive 5', source: 'budget' },
];

export const question: readonly Told[] = [
  opened(),
  proved(),
  planned(plans),
  guarded(plans),
  { type: 'asked', time: at(0), data: { choices: ['not-needed', 'remove'], expiresAt: at(3 * day), facts } },
];
const yes = decided(readOnly, at(60_000), 'has left the project');

/** A run in every standing that a card can show. */
export const stories = {
  pending: question,
  decided: [...question, yes, intended('1.1')],
  executed: [...question, yes, intended('1.1'), applied('1.1'), verified('1.1'), verified('1.2'), ended('done')],
  failed: [...question, yes, intended('1.1'), failed('1.1'), ended('failed')],
  rejected: [...question, decided(null, at(60_000), 'is on leave'), ended('rejected')],
  expired: [...question, ended('expired', at(3 * day))],
  superseded: [...question, voided('assign-read-only: what it is about changed after the plan')],
  undone: [...question, yes, verified('1.1'), ended('done'), undoDecided(), undoEnded()],
} as const satisfies Record<string, readonly Told[]>;
export type Story = keyof typeof stories;

export const runIn = (story: Story): Run => runOf(runId, journalOf(stories[story]));

/** The same story about somebody else, under another id: for digests. */
export function another(story: Story, id: string, displayName: string): Run {
  const told = stories[story].map((one) =>
    one.type === 'run-opened' ? { ...one, data: { ...one.data, identity: { ...dana, displayName } } } : one,
  );
  const entries: readonly Entry[] = journalOf(told.map(({ time, type, data }) => ({ time, type, data: toJson(data) })));
  return runOf(id, entries);
}
