import { isIn, type Period } from './period.ts';
import type { PlannedAction } from './plan.ts';
import { risks } from './plan.ts';
import type { ReportRow, RowKind } from './report-columns.ts';
import { questionsOf } from './report-questions.ts';
import type { Run } from './run.ts';
import type { RunEntry } from './run-entry.ts';
import { summaryOf } from './summary.ts';
import { undoneKey } from './undo.ts';

type Told = RunEntry & { readonly time: string };

/** A run up to a time, and the entries it is the fold of. */
export interface History {
  readonly run: Run;
  readonly entries: readonly Told[];
}

/** Kinds of rows that come out of runs alone. */
export type RunRowKind = Extract<RowKind, 'runs' | 'changes' | 'approvals' | 'refusals' | 'inactive'>;

/**
 * The rows one run gives for a period. The history has no entry after the end of the period, so a report says the same
 * whenever it is made. Pure.
 */
export const rowsOfRun: Readonly<Record<RunRowKind, (history: History, period: Period) => readonly ReportRow[]>> = {
  runs: ({ run }, period) => (touches(run, period) ? [runRow(run, period)] : []),
  changes: changeRows,
  approvals: approvalRows,
  refusals: refusalRows,
  inactive: ({ run }, period) =>
    run.opened.playbook.proof.claim === 'inactive' && touches(run, period) ? [inactiveRow(run, period)] : [],
};

function about({ id, opened }: Run) {
  const { identity, system, playbook } = opened;
  return {
    run: id,
    playbook: playbook.name,
    identity: identity.displayName,
    account: identity.userPrincipalName,
    id: identity.id,
    system: system.name,
  };
}

/** Opened or ended in the period, or taken back in it. */
function touches(run: Run, period: Period): boolean {
  return [run.openedAt, run.ended?.at, run.undo?.ended?.at].some((time) => time !== undefined && isIn(time, period));
}

function endOf(run: Run): string | null {
  return run.undo?.ended?.at ?? run.ended?.at ?? null;
}

function runRow(run: Run, period: Period): ReportRow {
  const { rule, source, mode } = run.opened;
  const { state, because } = summaryOf(run, period.to);
  const ended = endOf(run);
  const hours = ended === null ? null : hoursBetween(run.openedAt, ended);
  return { ...about(run), at: run.openedAt, ended, rule, source, mode, state, why: because, hours };
}

function changeRows({ run, entries }: History, period: Period): readonly ReportRow[] {
  const by = run.decision?.byName ?? null;
  return entries.flatMap((entry) => {
    if (entry.type !== 'step-verified' || !isIn(entry.time, period)) return [];
    const step = actionAt(run, undoneKey(entry.data.step) ?? entry.data.step);
    if (!step || step.risk === 'notify') return [];
    const back = undoneKey(entry.data.step) !== null;
    return [
      {
        ...about(run),
        at: entry.time,
        action: back ? `undo ${step.action}` : step.action,
        risk: step.risk,
        how: entry.data.by,
        by: back ? (run.undo?.byName ?? null) : by,
        undo: undoOf(run, step, back),
      },
    ];
  });
}

function undoOf(run: Run, step: PlannedAction, back: boolean): string {
  if (back) return '';
  if (run.steps.get(`undo:${step.key}`)?.state === 'verified') return 'taken back';
  return step.undo === null ? 'none' : 'possible';
}

function actionAt(run: Run, key: string): PlannedAction | null {
  const step = run.everPlanned.find((one) => one.key === key);
  return step && 'action' in step ? step : null;
}

function approvalRows({ run, entries }: History, period: Period): readonly ReportRow[] {
  return questionsOf(entries, period)
    .filter(({ at, answer }) => answer === 'open' || isIn(at, period))
    .map((question) => ({ ...about(run), ...question, hours: hoursBetween(question.asked, question.at) }));
}

function refusalRows({ run, entries }: History, period: Period): readonly ReportRow[] {
  const rows = new Map<string, ReportRow>();
  for (const entry of entries) {
    if (entry.type !== 'guarded' || !isIn(entry.time, period)) continue;
    for (const { guard, action, reason } of entry.data.choices.flatMap(({ refusals }) => refusals)) {
      const key = `${guard}:${action}`;
      if (!rows.has(key)) rows.set(key, { ...about(run), at: entry.time, guard, action, why: reason });
    }
  }
  return [...rows.values()];
}

function inactiveRow(run: Run, period: Period): ReportRow {
  const { state, because } = summaryOf(run, period.to);
  const verdicts = { true: 'yes', false: 'no', unknown: 'unknown' } as const;
  const verdict = run.proof === null ? 'not proved yet' : verdicts[run.proof.verdict];
  const became = run.undo?.ended ? run.undo.ended.outcome : (heaviest(run) ?? state);
  return { ...about(run), at: run.openedAt, verdict, became, ended: endOf(run), why: because };
}

/** The gravest thing that was done and stands; null where nothing was. */
function heaviest(run: Run): string | null {
  const done = run.everPlanned.filter(
    (step): step is PlannedAction =>
      'action' in step && step.risk !== 'notify' && run.steps.get(step.key)?.state === 'verified',
  );
  return done.reduce<PlannedAction | null>(heavier, null)?.action ?? null;
}

/** Of the same risk, what was done first says more: accounts are changed before sessions are ended. */
function heavier(one: PlannedAction | null, other: PlannedAction): PlannedAction {
  return one === null || risks.indexOf(other.risk) > risks.indexOf(one.risk) ? other : one;
}

function hoursBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 36_000) / 100;
}
