import type { Exclusion } from './domain/exclusion.ts';
import type { Report } from './domain/report.ts';
import type { Format } from './domain/report-definition.ts';
import type { Exclusions } from './ports.ts';

/*
 * The seams of reports. The flow itself knows none of them.
 */

/** The same, for whoever looks over all of them. */
export interface ExclusionList extends Exclusions {
  /** Those that end at `from` or later and before `before` (ISO 8601), the soonest first, at most `limit`. */
  ending(period: { from: string; before: string; limit: number }): Promise<readonly Exclusion[]>;
}

/** Reports as they were made: kept once, never changed. */
export interface ReportStore {
  /** Keeps the text under this name; false where there is one already, which stays as it is. */
  put(name: string, text: string, contentType: string): Promise<boolean>;
  /** The text of that name; null where there is none. */
  get(name: string): Promise<string | null>;
}

/** A report as text of one format. */
export type Render = (report: Report, format: Format) => Promise<string>;
