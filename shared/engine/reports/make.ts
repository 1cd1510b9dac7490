import { Fault } from '../../domain/fault.ts';
import { type Period, periodAt, periodBefore, periodNamed } from '../../domain/period.ts';
import { type Report, reportOf } from '../../domain/report.ts';
import type { Format, ReportDefinition } from '../../domain/report-definition.ts';
import type { Reporting } from './reporting.ts';
import { rowsFor } from './rows.ts';

/** Endings of the names reports are kept under, and what they are served as. */
export const endings: Readonly<Record<Format, { ending: string; contentType: string }>> = {
  html: { ending: 'html', contentType: 'text/html; charset=utf-8' },
  csv: { ending: 'csv', contentType: 'text/csv; charset=utf-8' },
  markdown: { ending: 'md', contentType: 'text/markdown; charset=utf-8' },
};

/** Name of a kept report: `approvals/2026-W48.html`. */
export function keptName(report: string, period: string, ending: string): string {
  return `${report}/${period}.${ending}`;
}

/** @throws Fault `reject` (404) where there is none of that name, or it cannot be made here */
export function definitionOf({ definitions }: Reporting, name: string): ReportDefinition {
  const all = definitions();
  const found = all.find(({ report }) => report === name);
  if (!found) {
    const names = all.map(({ report }) => report).join(', ');
    throw new Fault('reject', 'unknown-report', `There is no report ${name}; there are ${names}.`, { status: 404 });
  }
  if (found.missing !== undefined)
    throw new Fault('reject', 'report-without-data', `${name} cannot be made: ${found.missing}`, { status: 404 });
  return found;
}

/** The report for a period, with what is known now. */
export async function makeReport(reporting: Reporting, definition: ReportDefinition, period: Period): Promise<Report> {
  if (!definition.query) throw new RangeError(`${definition.report} has no query`);
  const found = await rowsFor(reporting, definition.query.rows, period);
  return reportOf(definition, found, period, reporting.engine.clock());
}

/** What somebody asks for: a report, of a period, in a format. */
export interface Wanted {
  readonly name: string;
  /** A name such as `2026-W48`; `now` for the period that has not ended; null for the last that has. */
  readonly period: string | null;
  readonly format: Format;
}

/** The report as text: the kept one where there is one, else made now and not kept. */
export async function readReport(reporting: Reporting, wanted: Wanted): Promise<{ text: string; contentType: string }> {
  const definition = definitionOf(reporting, wanted.name);
  const period = periodOf(definition, wanted.period, reporting.engine.clock());
  const { ending, contentType } = endings[wanted.format];
  const kept = await reporting.store.get(keptName(wanted.name, period.name, ending));
  if (kept !== null) return { text: kept, contentType };
  const report = await makeReport(reporting, definition, period);
  return { text: await reporting.render(report, wanted.format), contentType };
}

function periodOf({ cadence }: ReportDefinition, wanted: string | null, now: string): Period {
  const current = periodAt(cadence[0] ?? 'daily', now);
  if (wanted === 'now') return current;
  if (wanted === null) return periodBefore(current);
  const period = periodNamed(wanted);
  if (!period) {
    const shapes = '2026-11-28T13, 2026-11-28, 2026-W48, 2026-W47-W48 or 2026-11';
    throw new Fault('reject', 'wrong-period', `${wanted} is no period; write it like ${shapes}, or now.`);
  }
  if (period.from <= now) return period;
  throw new Fault('reject', 'wrong-period', `${wanted} has not begun.`);
}
