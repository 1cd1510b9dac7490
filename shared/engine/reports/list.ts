import type { JsonObject } from '../../domain/json.ts';
import { toJson } from '../../domain/json.ts';
import { periodAt, periodBefore } from '../../domain/period.ts';
import { audiences } from '../../domain/report-definition.ts';
import { keptName } from './make.ts';
import type { Reporting } from './reporting.ts';

/** Every report with its audience and cadence, what was delivered last, and which cannot be made here and why. */
export async function listReports({ definitions, store, engine }: Reporting): Promise<JsonObject> {
  const now = engine.clock();
  const rows = definitions().map(async ({ report, title, about, audience, cadence, guide, missing, format }) => ({
    report,
    title,
    about,
    audience: audience.map((one) => audiences[one]),
    guide: guide ?? null,
    missing: missing ?? null,
    format: missing === undefined ? format : [],
    cadence: await Promise.all(
      cadence.map(async (one) => {
        const { name } = periodBefore(periodAt(one, now));
        const delivered = missing === undefined && (await store.get(keptName(report, name, 'json'))) !== null;
        return { cadence: one, period: name, delivered };
      }),
    ),
  }));
  return toJson({ reports: await Promise.all(rows) });
}
