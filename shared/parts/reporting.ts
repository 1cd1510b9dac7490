import type { Storage } from '../adapters/azure/connect.ts';
import { azureExclusions } from '../adapters/azure/exclusions.ts';
import { azureReports } from '../adapters/azure/reports.ts';
import type { Config } from '../config.ts';
import { Fault } from '../domain/fault.ts';
import type { Engine } from '../engine/engine.ts';
import type { Reporting } from '../engine/reports/reporting.ts';
import { readReports } from '../report-folder.ts';
import { render } from '../reports/render.ts';

/** What reports are made with, on this storage account. */
export function reportingOf(config: Config, storage: Storage, engine: Engine): Reporting {
  return {
    engine,
    effects: engine.effects,
    definitions: definitionsIn(config.REPORTS, engine.log),
    exclusions: azureExclusions(storage.table('exclusions')),
    store: azureReports(storage.container('reports')),
    render,
    address: config.PUBLIC_URL ?? null,
  };
}

/** Reads the reports once. Where they are not valid, none is made, and the log says what is wrong. */
function definitionsIn(folder: string, log: Engine['log']): Reporting['definitions'] {
  const { reports, problems } = readReports(folder);
  for (const { file, line, column, message } of problems)
    log.error({ file, line, column }, `report not valid: ${message}`);
  return () => {
    if (problems.length === 0) return reports;
    throw new Fault('retry', 'reports-invalid', 'The deployed reports are not valid; none is made until they are.');
  };
}
