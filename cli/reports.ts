import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { z } from 'zod';
import { ask, askText, Complaint, type Connection } from './http.ts';
import { bold, dim } from './render.ts';

export interface ReportOptions {
  readonly period?: string | undefined;
  readonly format?: string | undefined;
  readonly out?: string | undefined;
  readonly json?: boolean | undefined;
}

const listSchema = z.object({
  reports: z.array(
    z.object({
      report: z.string(),
      title: z.string(),
      audience: z.array(z.string()),
      guide: z.string().nullable(),
      missing: z.string().nullable(),
      format: z.array(z.string()),
      cadence: z.array(z.object({ cadence: z.string(), period: z.string(), delivered: z.boolean() })),
    }),
  ),
});

/** `quell reports`: every report, who it is for, how often it is made; and what cannot be made here, and why. */
export async function reports(to: Connection, { json = false }: ReportOptions): Promise<string> {
  const answer = await ask(to, listSchema, '/api/reports');
  if (json) return JSON.stringify(answer, null, 2);
  return answer.reports
    .map(({ report, title, audience, guide, missing, cadence }) => {
      const when = cadence.map((one) => `${one.cadence}${one.delivered ? ` (${one.period} delivered)` : ''}`);
      const name = guide === null ? title : `${title}; in the guide: ${guide}`;
      const lines = [`${bold(report)}  ${name}`, dim(`  for ${audience.join(', ')}`)];
      return [...lines, missing === null ? dim(`  ${when.join(', ')}`) : `  not made here: ${missing}`].join('\n');
    })
    .join('\n');
}

const byEnding: ReadonlyMap<string, string> = new Map([
  ['.html', 'html'],
  ['.csv', 'csv'],
  ['.md', 'markdown'],
]);

/** `quell report NAME [--period P] [--format F] [--out FILE]`: Markdown where nothing else is asked for. */
export async function report(to: Connection, name: string, options: ReportOptions): Promise<string> {
  const { period, out } = options;
  const format = options.format ?? byEnding.get(extname(out ?? '').toLowerCase()) ?? 'markdown';
  const query = new URLSearchParams({ format, ...(period === undefined ? {} : { period }) });
  const text = await askText(to, `/api/reports/${encodeURIComponent(name)}?${query}`);
  if (out === undefined) return text.trimEnd();
  await writeFile(out, text).catch((error: unknown) => {
    throw new Complaint(`${out} cannot be written (${error instanceof Error ? error.message : String(error)})`);
  });
  return `wrote ${out}`;
}
