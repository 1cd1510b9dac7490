import { controlEntryOf, controlJournal, scopeInWords } from '../../domain/control.ts';
import { later } from '../../domain/duration.ts';
import { isIn, type Period } from '../../domain/period.ts';
import type { Found } from '../../domain/report.ts';
import { budgetRows, countedMs, type Place } from '../../domain/report-budgets.ts';
import type { ReportRow, RowKind } from '../../domain/report-columns.ts';
import { type History, type RunRowKind, rowsOfRun } from '../../domain/report-rows.ts';
import { runOf } from '../../domain/run.ts';
import { systemOf } from '../hold.ts';
import { historiesIn } from './histories.ts';
import type { Reporting } from './reporting.ts';

/** The most rows a report holds. */
const mostRows = 50_000;

/** How far ahead of the period's end an exclusion is about to end: 30 days. */
const aheadMs = 30 * 86_400_000;

/** The rows of a kind for a period, which ends now where it has not ended yet. */
export async function rowsFor(reporting: Reporting, kind: RowKind, period: Period): Promise<Found> {
  const now = reporting.engine.clock();
  const until = now < period.to ? { ...period, to: now } : period;
  switch (kind) {
    case 'controls':
      return { rows: await controlRows(reporting, until), cut: false };
    case 'budgets':
      return budgets(reporting, until);
    case 'exclusions':
      return exclusions(reporting, until);
    default:
      return runRows(reporting, kind, until);
  }
}

async function runRows({ engine }: Reporting, kind: RunRowKind, period: Period): Promise<Found> {
  const rows: ReportRow[] = [];
  const cut = await each(historiesIn(engine, period), (history) => {
    rows.push(...rowsOfRun[kind](history, period));
    return rows.length < mostRows;
  });
  return { rows, cut };
}

/** Hands every one over until the receiver has enough; tells whether some were left. */
async function each(
  histories: AsyncGenerator<History, boolean>,
  take: (history: History) => boolean,
): Promise<boolean> {
  for (let next = await histories.next(); ; next = await histories.next()) {
    if (next.done) return next.value;
    if (!take(next.value)) return true;
  }
}

/** Places are counted from the intents in the ledger: each took one, just before it was written. */
async function budgets({ engine }: Reporting, period: Period): Promise<Found> {
  const counted = { ...period, from: later(period.from, -countedMs) };
  const places: Place[] = [];
  const cut = await each(historiesIn(engine, counted), (history) => {
    places.push(...placesOf(engine, history, counted));
    return places.length < mostRows;
  });
  return { rows: budgetRows(places, engine.limits.budgets, period), cut };
}

function placesOf(engine: Reporting['engine'], { run, entries }: History, period: Period): readonly Place[] {
  const last = new Map<string, Place>();
  for (const entry of entries) {
    if (entry.type !== 'step-intended' || !isIn(entry.time, period)) continue;
    const step = run.everPlanned.find(({ key }) => key === entry.data.step);
    if (!step || !('action' in step) || (step.risk !== 'reversible' && step.risk !== 'destructive')) continue;
    // A place counts once, at its last use.
    last.set(step.key, { class: step.risk, system: systemOf(engine, run, step), at: entry.time });
  }
  return [...last.values()];
}

async function controlRows({ engine }: Reporting, period: Period): Promise<readonly ReportRow[]> {
  const entries = (await engine.ledger.read(controlJournal)).filter(({ time }) => isIn(time, period));
  return entries.flatMap((entry): ReportRow[] => {
    const told = controlEntryOf(entry);
    if (told.type === 'controls-released')
      return told.data.controls.map((control) => ({
        at: entry.time,
        kind: 'released',
        what: scopeInWords(control),
        by: told.data.byName,
        why: told.data.reason,
      }));
    const { kind, byName, reason, ...scope } = told.data.control;
    const word = kind === 'stop' ? 'stopped' : 'quarantined';
    return [{ at: entry.time, kind: word, what: scopeInWords(scope), by: byName, why: reason }];
  });
}

async function exclusions({ engine, exclusions: registry }: Reporting, { to }: Period): Promise<Found> {
  const found = await registry.ending({ from: to, before: later(to, aheadMs), limit: mostRows + 1 });
  const rows: ReportRow[] = [];
  for (const { system, identity, reason, expiresAt, run } of found.slice(0, mostRows)) {
    const who = await whoOf(engine, run);
    const days = Math.ceil((Date.parse(expiresAt) - Date.parse(to)) / 86_400_000);
    const names = { identity: who?.displayName ?? null, account: who?.userPrincipalName ?? null, id: identity };
    rows.push({ at: expiresAt, days, ...names, system: who?.system ?? system, why: reason, run });
  }
  return { rows, cut: found.length > mostRows };
}

/** Names are in the run that excluded; a row that somebody wrote by hand may name none. */
async function whoOf({ ledger }: Reporting['engine'], run: string) {
  const entries = await ledger.read(run);
  if (entries.length === 0) return null;
  const { identity, system } = runOf(run, entries).opened;
  return { ...identity, system: system.name };
}
