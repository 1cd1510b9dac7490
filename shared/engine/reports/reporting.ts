import type { ReportDefinition } from '../../domain/report-definition.ts';
import type { Effects } from '../../ports.ts';
import type { ExclusionList, Render, ReportStore } from '../../ports-reports.ts';
import type { Engine, Limits } from '../engine.ts';

/** What reports are made with. */
export interface Reporting {
  readonly engine: Pick<Engine, 'ledger' | 'index' | 'actions' | 'clock' | 'log'> & {
    readonly limits: Pick<Limits, 'budgets'>;
  };
  readonly effects: Effects;
  /** @throws Fault `retry` while the deployed reports are not valid */
  readonly definitions: () => readonly ReportDefinition[];
  readonly exclusions: ExclusionList;
  readonly store: ReportStore;
  readonly render: Render;
  /** Address under which people reach this API, without a slash at its end; null where it is not known. */
  readonly address: string | null;
}
