import { toFault } from '../../domain/fault.ts';
import { type Cadence, type Period, periodAt, periodBefore } from '../../domain/period.ts';
import type { Report } from '../../domain/report.ts';
import { audiences, type ReportDefinition } from '../../domain/report-definition.ts';
import { endings, keptName, makeReport } from './make.ts';
import type { Reporting } from './reporting.ts';

/**
 * How many periods that have ended are looked at: what a timer missed is made up for, but not the whole past of a new
 * report, and not for ever where something does not work.
 */
const lookedAt: Readonly<Record<Cadence, number>> = { hourly: 6, daily: 3, weekly: 2, biweekly: 1, monthly: 1 };

/** The most reports made at one time; the rest comes with the next. */
const mostAtOnce = 20;

/**
 * Makes, keeps and announces every report that is due. Due is what has ended and has no mark, so a timer that is late,
 * missed or runs twice changes nothing: texts are kept once, and word goes out again only with the same key.
 * @returns how many were delivered
 */
export async function deliverDue(reporting: Reporting): Promise<number> {
  let delivered = 0;
  for (const { definition, period } of candidates(reporting)) {
    if (delivered >= mostAtOnce) break;
    try {
      if (await deliver(reporting, definition, period)) delivered += 1;
    } catch (error) {
      const { code, message, cause } = toFault(error);
      const about = { report: definition.report, period: period.name, code, cause };
      reporting.engine.log.error(about, `a report was not delivered: ${message}`);
    }
  }
  return delivered;
}

interface Candidate {
  readonly definition: ReportDefinition;
  readonly period: Period;
}

/** Everything that has ended and might not have been delivered, the oldest period of each first. */
function candidates({ definitions, engine }: Reporting): readonly Candidate[] {
  const now = engine.clock();
  return definitions()
    .filter(({ query }) => query !== undefined)
    .flatMap((definition) =>
      definition.cadence.flatMap((cadence) => ended(cadence, now).map((period) => ({ definition, period }))),
    );
}

function ended(cadence: Cadence, now: string): readonly Period[] {
  const periods: Period[] = [];
  for (let period = periodAt(cadence, now); periods.length < lookedAt[cadence]; ) {
    period = periodBefore(period);
    periods.unshift(period);
  }
  return periods;
}

/** The mark is written last: what is interrupted before is done again, and finds its texts kept. */
async function deliver(reporting: Reporting, definition: ReportDefinition, period: Period): Promise<boolean> {
  const { store, render } = reporting;
  const mark = keptName(definition.report, period.name, 'json');
  if ((await store.get(mark)) !== null) return false;
  const report = await makeReport(reporting, definition, period);
  for (const format of definition.format) {
    const { ending, contentType } = endings[format];
    await store.put(keptName(report.name, period.name, ending), await render(report, format), contentType);
  }
  const told = await tell(reporting, report, definition);
  const about = { report: report.name, period, made: report.made, rows: report.all.rows.length, told };
  await store.put(mark, `${JSON.stringify(about, null, 2)}\n`, 'application/json');
  reporting.engine.log.info({ report: report.name, period: period.name, told }, 'report delivered');
  return true;
}

/** Word of a report: what is in it and where it is, to be opened by whoever may read it. Nothing secret is in a link. */
async function tell({ effects, address }: Reporting, report: Report, { format }: ReportDefinition): Promise<boolean> {
  const { name, title, period, audience } = report;
  const path = `/api/reports/${name}?period=${period.name}`;
  const body = {
    text: `${title}, ${period.name}: ${inShort(report)}`,
    report: name,
    period: { name: period.name, cadence: period.cadence, from: period.from, to: period.to },
    audience: audience.map((one) => audiences[one]),
    kept: format.map((one) => `reports/${keptName(name, period.name, endings[one].ending)}`),
    link: address === null ? null : `${address}${path}`,
    command: `npx quell report ${name} --period ${period.name}`,
  };
  try {
    await effects.send({ to: 'webhook', method: 'POST', path: '/', body }, `report:${name}:${period.name}`, 'notify');
    return true;
  } catch (error) {
    // Nobody is to be told: the report is kept, and that is all there is to do.
    if (toFault(error).code === 'no-webhook') return false;
    throw error;
  }
}

function inShort({ sections, all }: Report): string {
  const figures = sections.flatMap((section) => (section.kind === 'figures' ? section.figures : []));
  if (figures.length === 0) return `${all.rows.length} rows`;
  return figures.map(({ label, value }) => `${label} ${value}`).join(', ');
}
