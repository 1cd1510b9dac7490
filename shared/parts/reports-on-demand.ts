import type { Storage } from '../adapters/azure/connect.ts';
import type { Config } from '../config.ts';
import type { Engine } from '../engine/engine.ts';
import type { ReportRequests } from '../requests/reports.ts';

/** Reports, loaded with all that belongs to them when the first one is asked for: most starts need none. */
export function reportsOnDemand(config: Config, storage: Storage, engine: Engine): ReportRequests {
  let loaded: Promise<ReportRequests> | null = null;
  const reports = () => {
    loaded ??= load(config, storage, engine);
    return loaded;
  };
  return {
    listReports: async () => (await reports()).listReports(),
    readReport: async (request) => (await reports()).readReport(request),
    deliverReports: async () => (await reports()).deliverReports(),
  };
}

async function load(config: Config, storage: Storage, engine: Engine): Promise<ReportRequests> {
  const [{ reportRequestsOf }, { reportingOf }] = await Promise.all([
    import('../requests/reports.ts'),
    import('./reporting.ts'),
  ]);
  return reportRequestsOf(reportingOf(config, storage, engine));
}
