import { csvOf } from '../domain/csv.ts';
import type { Report } from '../domain/report.ts';
import type { Format } from '../domain/report-definition.ts';
import { htmlOf } from './html.ts';
import { markdownOf } from './markdown.ts';

/** A report as text of one format. Pure but for the time it takes: the same report gives the same text. */
export async function render(report: Report, format: Format): Promise<string> {
  switch (format) {
    case 'html':
      return htmlOf(report);
    case 'csv':
      return csvOf(report.all.titles, report.all.rows);
    case 'markdown':
      return markdownOf(report);
  }
}
