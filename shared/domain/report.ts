import type { Cell } from './csv.ts';
import { canonical } from './json.ts';
import type { Period } from './period.ts';
import { type Chart, chartOf } from './report-chart.ts';
import { columns, columnsOf, type ReportRow, rowKinds } from './report-columns.ts';
import type { FigureDefinition, ReportDefinition, SectionDefinition, TableDefinition } from './report-definition.ts';
import { figureOf, keep } from './report-figure.ts';

/** A value in a table, with what it is, so that a renderer can put it right. */
export interface Table {
  readonly kind: 'table';
  readonly title: string;
  readonly columns: readonly { readonly name: string; readonly title: string; readonly type: string }[];
  readonly rows: readonly (readonly Cell[])[];
  /** Rows that are not shown here; the CSV has them. */
  readonly left: number;
  readonly empty: string;
}
export interface Figures {
  readonly kind: 'figures';
  readonly figures: readonly { readonly label: string; readonly value: string }[];
}
export type Section = Figures | Chart | Table;

/** A report, ready to be rendered. */
export interface Report {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly audience: ReportDefinition['audience'];
  readonly period: Period;
  /** When it was made. Before the end of its period it is a report so far. */
  readonly made: string;
  /** What a reader has to know about the data. */
  readonly notes: readonly string[];
  readonly sections: readonly Section[];
  /** Every row, as the CSV has it. */
  readonly all: { readonly titles: readonly string[]; readonly rows: readonly (readonly Cell[])[] };
}

/** What the rows of a query are, and whether that is all of them. */
export interface Found {
  readonly rows: readonly ReportRow[];
  /** Reading stopped at the most runs or rows a report may have. */
  readonly cut: boolean;
}

/** The report that these rows make. Pure: the same rows, period and time give the same report. */
export function reportOf(definition: ReportDefinition, found: Found, period: Period, made: string): Report {
  const { report: name, title, about, audience, query, show } = definition;
  if (!query) throw new RangeError(`${name} has no query`);
  const rows = keep(found.rows, query.where).toSorted(byTime);
  const names = columnsOf(query.rows);
  return {
    name,
    title,
    about,
    audience,
    period,
    made,
    notes: notesOf(rowKinds[query.rows].about, found.cut, made < period.to),
    sections: show.map((section) => sectionOf(section, rows, period)),
    all: { titles: names.map(titleOf), rows: rows.map((row) => names.map((column) => row[column] ?? null)) },
  };
}

function notesOf(about: string, cut: boolean, early: boolean): readonly string[] {
  return [
    `Rows are ${about}.`,
    ...(early ? ['The period has not ended yet: this is the report so far.'] : []),
    ...(cut ? ['There was more than a report can hold: this is a part, the newest runs first.'] : []),
  ];
}

function sectionOf(section: SectionDefinition, rows: readonly ReportRow[], period: Period): Section {
  if ('figures' in section) return figures(section.figures, rows);
  if ('table' in section) return table(section, keep(rows, section.where));
  return chartOf(section, keep(rows, section.where), period);
}

function figures(wanted: readonly FigureDefinition[], rows: readonly ReportRow[]): Figures {
  return { kind: 'figures', figures: wanted.map((one) => ({ label: one.label, value: figureOf(one, rows) })) };
}

function table(
  { table: title, columns: names, order, limit, empty }: TableDefinition,
  rows: readonly ReportRow[],
): Table {
  const sorted = order === undefined ? rows : rows.toSorted(by(order));
  return {
    kind: 'table',
    title,
    columns: names.map((name) => ({ name, title: titleOf(name), type: columns[name]?.type ?? 'text' })),
    rows: sorted.slice(0, limit).map((row) => names.map((name) => row[name] ?? null)),
    left: Math.max(0, rows.length - limit),
    empty,
  };
}

function titleOf(name: string): string {
  return columns[name]?.title ?? name;
}

/** An order of all rows, so that the one they were read in does not show. */
function byTime(one: ReportRow, other: ReportRow): number {
  return compare(one.at ?? null, other.at ?? null) || compare(canonical(one), canonical(other));
}

function by(order: string): (one: ReportRow, other: ReportRow) => number {
  const name = order.replace(/^-/, '');
  const sign = order.startsWith('-') ? -1 : 1;
  return (one, other) => sign * compare(one[name] ?? null, other[name] ?? null);
}

/** Nothing comes first; numbers as numbers. */
function compare(one: Cell, other: Cell): number {
  if (one === other) return 0;
  if (one === null || other === null) return one === null ? -1 : 1;
  return one < other ? -1 : 1;
}
