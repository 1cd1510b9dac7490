import { z } from 'zod';
import { cadences } from './period.ts';
import { columns, columnsOf, type RowKind, rowKindNames } from './report-columns.ts';

/** Who reads reports, as Microsoft's operations guide for Permissions Management (phase 3) calls them. */
export const audiences = {
  'information-security-operations': 'Information Security Operations',
  iam: 'IAM',
  'security-assurance-and-audit': 'Security Assurance and Audit',
  'system-technical-owners': 'Target authorization system technical owners',
  'cloud-infrastructure': 'Cloud Infrastructure',
  'incident-response': 'Incident Response',
} as const;
export type Audience = keyof typeof audiences;

/** What a report can be read as. */
export const formats = ['html', 'csv', 'markdown'] as const;
export type Format = (typeof formats)[number];

const text = z.string().trim().min(1);
const column = z.string();
const where = z
  .record(column, z.array(z.union([z.string(), z.number()])).min(1))
  .describe('Only rows whose column has one of these values; every column named has to.');

const figureSchema = z.strictObject({
  label: text.max(40),
  of: z.enum(['count', 'distinct', 'sum', 'median', 'p90', 'most', 'share']).default('count'),
  column: column.optional(),
  where: where.optional(),
  unit: z.enum(['h', '%']).optional(),
});

const figuresSchema = z.strictObject({ figures: z.array(figureSchema).min(1).max(6) });

const chartSchema = z.strictObject({
  chart: text.max(80),
  /** `columns` over time, `bars` over anything else. */
  form: z.enum(['columns', 'bars']),
  by: column,
  split: column.optional(),
  /** Sums this column, instead of counting rows. */
  sum: column.optional(),
  where: where.optional(),
});

const tableSchema = z.strictObject({
  table: text.max(80),
  columns: z.array(column).min(1).max(10),
  /** `at` or, the other way round, `-at`. */
  order: z
    .string()
    .regex(/^-?[a-z]+$/)
    .optional(),
  limit: z.int().min(1).max(500).default(100),
  where: where.optional(),
  /** What stands there where there are no rows. */
  empty: text.max(120).default('Nothing in this period.'),
});

export const sectionSchema = z.union([figuresSchema, chartSchema, tableSchema]);
export type FigureDefinition = z.infer<typeof figureSchema>;
export type ChartDefinition = z.infer<typeof chartSchema>;
export type TableDefinition = z.infer<typeof tableSchema>;
export type SectionDefinition = z.infer<typeof sectionSchema>;

/** A report as it is written. */
export const reportSchema = z
  .strictObject({
    report: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,59}$/)
      .describe('Its name.'),
    title: text.max(80),
    about: text.max(400).describe('What it tells and what it does not, in a sentence or two.'),
    audience: z.array(z.enum(Object.keys(audiences) as Audience[])).min(1),
    cadence: z.array(z.enum(cadences)).min(1).describe('How often it is made; each period once.'),
    guide: text.optional().describe("Its name in the guide's table of reports and audiences."),
    missing: text.optional().describe('Why it cannot be made here: the data it needs and who has them.'),
    query: z.strictObject({ rows: z.enum(rowKindNames), where: where.optional() }).optional(),
    show: z.array(sectionSchema).default([]),
    format: z
      .array(z.enum(formats))
      .min(1)
      .default([...formats]),
  })
  .superRefine((report, context) => {
    const issue = (path: PropertyKey[], message: string) => context.addIssue({ code: 'custom', path, message });
    if ((report.missing === undefined) === (report.query === undefined))
      issue(['query'], 'a report has either a query or says what is missing');
    if (report.query && report.show.length === 0) issue(['show'], 'a report with a query shows something');
    if (report.query) for (const { path, message } of unknownColumns(report.query, report.show)) issue(path, message);
  });
export type ReportDefinition = z.infer<typeof reportSchema>;

interface Wrong {
  readonly path: PropertyKey[];
  readonly message: string;
}

/** Columns that rows of this kind do not have. */
function unknownColumns(
  query: { rows: RowKind; where?: Record<string, unknown> | undefined },
  show: readonly SectionDefinition[],
): readonly Wrong[] {
  const known = new Set(columnsOf(query.rows));
  const used: (readonly [PropertyKey[], string])[] = [
    ...Object.keys(query.where ?? {}).map((name) => [['query', 'where', name], name] as const),
    ...show.flatMap((section, index) => usedIn(section).map((name) => [['show', index], name] as const)),
  ].map(([path, name]) => [[...path], name] as const);
  const unknown = used
    .filter(([, name]) => !known.has(name))
    .map(([path, name]) => ({
      path,
      message: `rows of ${query.rows} have no column ${name}; they have ${[...known].join(', ')}`,
    }));
  return [...unknown, ...show.flatMap((section, index) => numbersIn(section, index))];
}

function usedIn(section: SectionDefinition): readonly string[] {
  if ('figures' in section)
    return section.figures.flatMap(({ column: one, where: only = {} }) => [
      ...(one === undefined ? [] : [one]),
      ...Object.keys(only),
    ]);
  const filtered = Object.keys(section.where ?? {});
  if ('table' in section) return [...section.columns, ...filtered, ...(section.order ? [plain(section.order)] : [])];
  const { by, split, sum } = section;
  return [by, ...(split ? [split] : []), ...(sum ? [sum] : []), ...filtered];
}

/** What is summed or compared has to be a number, and a median needs to know of what. */
function numbersIn(section: SectionDefinition, index: number): readonly Wrong[] {
  if ('chart' in section)
    return section.sum !== undefined && columns[section.sum]?.type !== 'number'
      ? [{ path: ['show', index, 'sum'], message: `${section.sum} is no number` }]
      : [];
  if ('table' in section) return [];
  return section.figures.flatMap(({ of, column: one }, at) => {
    const path = ['show', index, 'figures', at];
    if (of === 'count' || of === 'share') return [];
    if (one === undefined) return [{ path, message: `${of} needs a column` }];
    return of !== 'distinct' && columns[one]?.type !== 'number' ? [{ path, message: `${one} is no number` }] : [];
  });
}

function plain(order: string): string {
  return order.replace(/^-/, '');
}
