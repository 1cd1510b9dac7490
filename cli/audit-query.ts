import type { z } from 'zod';
import type { AuditRecord } from '../shared/domain/audit-record.ts';
import { csvLine } from '../shared/domain/csv.ts';
import { ask, Complaint, type Connection } from './http.ts';
import { bold, dim } from './render.ts';
import { auditAnswerSchema, queriesSchema } from './shapes.ts';

/** What the options of these commands say. */
export interface AuditOptions {
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly last?: string | undefined;
  readonly where?: string | undefined;
  readonly csv?: boolean | undefined;
  readonly ndjson?: boolean | undefined;
}

type Answer = z.infer<typeof auditAnswerSchema>;
type Column = Answer['query']['columns'][number];
type Say = (text: string) => void;

/** How records are written: what comes first, and each record. */
interface Form {
  readonly head: (answer: Answer) => string;
  readonly row: (record: AuditRecord, columns: readonly Column[]) => string;
}

const forms: Readonly<Record<'csv' | 'ndjson' | 'table', Form>> = {
  csv: {
    head: ({ query }) => csvLine(query.columns),
    row: (record, columns) => csvLine(columns.map((column) => record[column])),
  },
  ndjson: { head: () => '', row: (record) => `${JSON.stringify(record)}\n` },
  table: { head: headOf, row: line },
};

/** `quell audit`: what there is to ask. */
export async function auditQueries(to: Connection): Promise<string> {
  const { queries } = await ask(to, queriesSchema, '/api/audit/queries');
  const width = Math.max(...queries.map(({ name }) => name.length));
  const lines = queries.map(({ name, title, description }) => [
    `  ${bold(name.padEnd(width))}  ${title}`,
    `  ${' '.repeat(width)}  ${dim(description)}`,
  ]);
  return ['npx quell audit NAME, or npx quell audit --where CONDITION:', ...lines.flat()].join('\n');
}

/** `quell audit NAME`: says every record as it comes, page by page. @returns how many there were */
export async function audit(to: Connection, name: string, options: AuditOptions, say: Say): Promise<number> {
  if (options.csv && options.ndjson) throw new Complaint('give --csv or --ndjson, not both');
  const form = forms[options.csv ? 'csv' : options.ndjson ? 'ndjson' : 'table'];
  const { since, until, last, where } = options;
  let asked = new URLSearchParams(present({ since, until, last, where, limit: '1000' }));
  let count = 0;
  for (let first = true; ; first = false) {
    const answer: Answer = await ask(to, auditAnswerSchema, `/api/audit/${encodeURIComponent(name)}?${asked}`);
    if (first) say(form.head(answer));
    for (const record of answer.records) say(form.row(record, answer.query.columns));
    count += answer.records.length;
    if (answer.next === null) return count;
    // The span of the first page is the span of all: "now" does not move meanwhile.
    const { from, to: end } = answer.query;
    asked = new URLSearchParams(present({ since: from, until: end, where, limit: '1000', after: answer.next }));
  }
}

function present(values: Readonly<Record<string, string | undefined>>): [string, string][] {
  return Object.entries(values).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  );
}

function headOf({ query: { title, needs, where, from, to } }: Answer): string {
  const span = dim(`${from.slice(0, 16)} to ${to.slice(0, 16)}, ${where}`);
  return `${bold(title)}\n${span}\n${needs === undefined ? '' : `note: ${needs}\n`}`;
}

/** For a screen: the columns that a line has room for, cut to their width. */
function line(record: AuditRecord): string {
  const cells: readonly (readonly [string, number])[] = [
    [record.time.slice(0, 19).replace('T', ' '), 19],
    [record.state || '-', 12],
    [record.task, 22],
    [record.username || record.journal.slice(0, 16), 28],
    [record.systemName || record.system, 22],
    [record.actor, 14],
    [record.says, 60],
  ];
  const text = cells.map(([cell, width]) => plain(cell).slice(0, width).padEnd(width)).join('  ');
  return `${text.trimEnd()}\n`;
}

/** What an entry says came from outside: it must not move the cursor of whoever reads it. */
function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}
