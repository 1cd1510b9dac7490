import type { ReportStore } from '../../ports-reports.ts';
import { checkReportName } from '../report-name.ts';

/** Reports that last as long as the process. */
export function memoryReports(): ReportStore {
  const kept = new Map<string, string>();
  return {
    put: async (name, text) => {
      checkReportName(name);
      if (kept.has(name)) return false;
      kept.set(name, text);
      return true;
    },
    get: async (name) => {
      checkReportName(name);
      return kept.get(name) ?? null;
    },
  };
}
