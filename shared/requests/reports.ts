import type { HttpRequest } from '@azure/functions';
import { z } from 'zod';
import { formats } from '../domain/report-definition.ts';
import type { Answer } from '../edge.ts';
import { deliverDue } from '../engine/reports/deliver.ts';
import { listReports } from '../engine/reports/list.ts';
import { readReport } from '../engine/reports/make.ts';
import type { Reporting } from '../engine/reports/reporting.ts';
import { read } from './input.ts';

/** What triggers ask about reports. */
export interface ReportRequests {
  listReports(): Promise<Answer>;
  readReport(request: HttpRequest): Promise<Answer>;
  deliverReports(): Promise<number>;
}

const querySchema = z.strictObject({
  period: z.string().max(20).nullable().default(null),
  format: z.enum(formats).default('html'),
});

export function reportRequestsOf(reporting: Reporting): ReportRequests {
  return {
    listReports: async () => ({ status: 200, body: await listReports(reporting) }),
    readReport: async (request) => {
      const query = read(querySchema, Object.fromEntries(request.query.entries()));
      const name = (request.params.name ?? '').slice(0, 100);
      return { status: 200, ...(await readReport(reporting, { name, ...query })) };
    },
    deliverReports: () => deliverDue(reporting),
  };
}
