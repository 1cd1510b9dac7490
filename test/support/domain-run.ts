import { toJson } from '../../shared/domain/json.ts';
import { type Entry, entryAfter } from '../../shared/domain/ledger.ts';
import type { Mode } from '../../shared/domain/mode.ts';
import { type Plan, type PlannedAction, type PlannedStep, planOf, type Risk } from '../../shared/domain/plan.ts';
import type { Playbook } from '../../shared/domain/playbook.ts';
import type { Proof } from '../../shared/domain/proof.ts';
import { type Run, runOf } from '../../shared/domain/run.ts';
import type { GuardedChoice, Outcome, RunEntry, UndoOutcome } from '../../shared/domain/run-entry.ts';
import { at, day, t0 } from './domain-time.ts';
import { dana, subscription } from './domain-users.ts';

export const runId = 'run-1';

/** An entry of a run before it is chained. */
export type Told = RunEntry & { readonly time: string };

/** The journal that these entries make. */
export function journalOf(told: readonly { time: string; type: string; data: object }[]): readonly Entry[] {
  const entries: Entry[] = [];
  for (const { time, type, data } of told)
    entries.push(entryAfter(runId, entries.at(-1) ?? null, { time, type, actor: 'quell', data: toJson(data) }));
  return entries;
}

export const runFrom = (...told: readonly Told[]): Run => runOf(runId, journalOf(told));

export function playbookOf(differs: Partial<Playbook> = {}): Playbook {
  return {
    name: 'review',
    version: 1,
    digest: 'd'.repeat(64),
    description: 'for tests',
    priority: 100,
    on: { rules: ['inactive-users'], systems: ['azure'] },
    when: null,
    proof: { claim: 'inactive', days: 90 },
    mode: 'approve',
    expires: 'P3D',
    people: 1,
    editors: [],
    choices: { remove: { label: 'Remove in stages', steps: [{ action: 'disable-user', with: {} }] } },
    ...differs,
  };
}

export function proofOf(verdict: Proof['verdict'] = 'true', time: string = t0): Proof {
  const evidence = [{ fact: 'lastSuccessfulSignIn', value: '2025-08-13T08:00:00Z', source: 'graph' }];
  return { claim: 'inactive', verdict, reason: `because it is ${verdict}`, evidence, at: time };
}

/** A planned action with one call, or with none where everything is so already. */
export function stepOf(key: string, action: string, risk: Risk, differs: Partial<PlannedAction> = {}): PlannedAction {
  return {
    key,
    action,
    settings: {},
    risk,
    summary: `${action} Dana Quiet`,
    before: { enabled: true },
    after: { enabled: false },
    calls: [{ to: 'graph', method: 'PATCH', path: `/users/${dana.id}`, body: { accountEnabled: false } }],
    undo: [{ to: 'graph', method: 'PATCH', path: `/users/${dana.id}`, body: { accountEnabled: true } }],
    undoNote: 'allows sign-in again',
    residual: [],
    ...differs,
  };
}

/** Disable, wait 30 days, prove again, delete: `1.1` to `1.4` for the first plan. */
export const stagedSteps = (number = 1): readonly PlannedStep[] => [
  stepOf(`${number}.1`, 'disable-user', 'reversible'),
  { key: `${number}.2`, wait: 'P30D', ms: 30 * day },
  { key: `${number}.3`, prove: 'again' },
  stepOf(`${number}.4`, 'delete-user', 'destructive'),
];

/** Leave out of reports: `1.5`. */
export const keepSteps = (number = 1): readonly PlannedStep[] => [
  stepOf(`${number}.5`, 'exclude-from-reports', 'annotate'),
];

export function planFor(choice: string, steps: readonly PlannedStep[], proof: Proof = proofOf()): Plan {
  const about = { run: runId, alert: 'alert-1', playbook: playbookOf(), identity: dana, proof };
  // One person is enough, so that a decision is one entry; what two people need is tested by itself.
  return { ...planOf(about, { name: choice, label: `Label of ${choice}` }, steps), people: 1 };
}

export const removePlan = (number = 1): Plan => planFor('remove', stagedSteps(number));
export const keepPlan = (number = 1): Plan => planFor('keep', keepSteps(number));

export function opened(mode: Mode = 'approve', time: string = t0): Told {
  const system = { type: 'azure', id: subscription, name: 'Example' } as const;
  const alert = {
    alert: 'alert-1',
    rule: 'inactive-users',
    source: 'generic',
    requestedBy: 'queue',
    title: 'Nobody has seen Dana',
    occurredAt: t0,
  };
  const about = { ...alert, identity: dana, system };
  return {
    type: 'run-opened',
    time,
    data: { ...about, playbook: playbookOf({ mode }), mode, modeNote: null, localWaitMs: null },
  };
}

export const proved = (verdict: Proof['verdict'] = 'true', time: string = t0, step: string | null = null): Told => ({
  type: 'proved',
  time,
  data: { proof: proofOf(verdict, time), step },
});

export const planned = (plans: readonly Plan[] = [removePlan()], time: string = t0): Told => ({
  type: 'planned',
  time,
  data: { plans: [...plans] },
});

/** What the guards said: nothing, or the refusals named by choice. */
export function guarded(
  plans: readonly Plan[] = [removePlan()],
  refused: Readonly<Record<string, string>> = {},
  time: string = t0,
): Told {
  const choices: GuardedChoice[] = plans.map(({ choice, digest }) => {
    const reason = refused[choice];
    return {
      choice,
      digest,
      refusals: reason === undefined ? [] : [{ guard: 'privileged', action: 'disable-user', reason }],
    };
  });
  return { type: 'guarded', time, data: { choices } };
}

export const asked = (choices: readonly string[] = ['remove'], expiresAt: string = at(3 * day)): Told => ({
  type: 'asked',
  time: t0,
  data: { choices: [...choices], expiresAt },
});

/** A person's decision for a plan, or against all of them (null). */
export const decided = (plan: Plan | null = removePlan(), time: string = t0, reason: string | null = null): Told => ({
  type: 'decided',
  time,
  data: { choice: plan?.choice ?? null, digest: plan?.digest ?? null, by: 'p-1', byName: 'Pat', reason },
});

export const intended = (step: string, attempt = 1, leaseUntil: string = at(20_000), time: string = t0): Told => ({
  type: 'step-intended',
  time,
  data: { step, worker: 'worker-1', attempt, leaseUntil },
});

export const applied = (step: string, time: string = t0): Told => ({
  type: 'step-applied',
  time,
  data: { step, answers: [null] },
});

export const verified = (step: string, time: string = t0, by: 'applied' | 'already so' = 'applied'): Told => ({
  type: 'step-verified',
  time,
  data: { step, observed: { enabled: false }, by },
});

export const deferred = (step: string, attempt: number, until: string, time: string = t0): Told => ({
  type: 'step-deferred',
  time,
  data: { step, reason: 'busy', until, attempt },
});

export const failed = (step: string, time: string = t0): Told => ({
  type: 'step-failed',
  time,
  data: { step, code: 'forbidden', reason: 'not allowed' },
});

export const waiting = (step: string, until: string, time: string = t0): Told => ({
  type: 'waiting',
  time,
  data: { step, until },
});

export const voided = (reason: string, time: string = t0): Told => ({ type: 'plan-voided', time, data: { reason } });

export const ended = (outcome: Outcome = 'done', time: string = t0): Told => ({
  type: 'run-ended',
  time,
  data: { outcome, reason: 'because' },
});

export const undoDecided = (time: string = t0): Told => ({
  type: 'undo-decided',
  time,
  data: { by: 'p-2', byName: 'Ria', reason: 'was needed' },
});

export const undoReopened = (step: string, time: string = t0): Told => ({
  type: 'undo-reopened',
  time,
  data: { step },
});

export const undoEnded = (outcome: UndoOutcome = 'undone', time: string = t0): Told => ({
  type: 'undo-ended',
  time,
  data: { outcome, reason: 'because' },
});
