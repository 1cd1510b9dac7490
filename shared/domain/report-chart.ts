import { type Period, periodAt } from './period.ts';
import { columns, type ReportRow } from './report-columns.ts';
import type { ChartDefinition } from './report-definition.ts';

/** Numbers to be drawn, one row of them for each series. */
export interface Chart {
  readonly kind: 'chart';
  readonly title: string;
  readonly form: 'columns' | 'bars';
  readonly categories: readonly string[];
  readonly series: readonly { readonly name: string; readonly values: readonly number[] }[];
  /** What it shows, in a sentence, for whoever does not see it. */
  readonly text: string;
}

/** More categories than this do not fit; the smaller ones are put together. */
const mostBars = 12;
const mostSeries = 6;
const others = 'others';

/** The chart of these rows. Over time, every part of the period has its place, whether something happened in it or not. */
export function chartOf(definition: ChartDefinition, rows: readonly ReportRow[], period: Period): Chart {
  const { chart: title, form, by, split } = definition;
  const timed = columns[by]?.type === 'time';
  const place = (row: ReportRow) => (timed ? partOf(String(row[by] ?? ''), period) : label(row[by] ?? null));
  const amount = (row: ReportRow) => (definition.sum === undefined ? 1 : Number(row[definition.sum] ?? 0));
  const all = totals(rows, place, amount);
  const categories = timed ? partsOf(period) : largest(all, mostBars);
  const names =
    split === undefined
      ? [title]
      : largest(
          totals(rows, (row) => label(row[split] ?? null), amount),
          mostSeries,
        );
  const cells = new Map<string, number>();
  for (const row of rows) {
    const category = known(categories, place(row));
    const name = split === undefined ? title : known(names, label(row[split] ?? null));
    const key = JSON.stringify([name, category]);
    cells.set(key, (cells.get(key) ?? 0) + amount(row));
  }
  const series = names.map((name) => ({
    name,
    values: categories.map((category) => cells.get(JSON.stringify([name, category])) ?? 0),
  }));
  return { kind: 'chart', title, form, categories, series, text: inWords(title, categories, series) };
}

function totals(
  rows: readonly ReportRow[],
  key: (row: ReportRow) => string,
  amount: (row: ReportRow) => number,
): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(key(row), (sums.get(key(row)) ?? 0) + amount(row));
  return sums;
}

/** The largest first, and of the same size by name; the rest are one. */
function largest(sums: ReadonlyMap<string, number>, most: number): readonly string[] {
  const sorted = [...sums].toSorted(([a, one], [b, other]) => other - one || (a < b ? -1 : 1)).map(([name]) => name);
  return sorted.length <= most ? sorted : [...sorted.slice(0, most - 1), others];
}

function known(names: readonly string[], name: string): string {
  return names.includes(name) ? name : others;
}

function label(value: string | number | null): string {
  return value === null || value === '' ? 'none' : String(value);
}

/** Hours of a day, days of anything longer. */
function partOf(time: string, { cadence }: Period): string {
  if (time === '') return 'none';
  return cadence === 'hourly' || cadence === 'daily' ? `${time.slice(11, 13)}:00` : time.slice(0, 10);
}

function partsOf(period: Period): readonly string[] {
  const step = period.cadence === 'hourly' || period.cadence === 'daily' ? 'hourly' : 'daily';
  const parts: string[] = [];
  for (let part = periodAt(step, period.from); part.from < period.to; part = periodAt(step, part.to))
    parts.push(partOf(part.from, period));
  return parts;
}

function inWords(title: string, categories: readonly string[], series: Chart['series']): string {
  const sums = categories.map((name, index) => ({
    name,
    sum: series.reduce((sum, { values }) => sum + (values[index] ?? 0), 0),
  }));
  const total = sums.reduce((sum, one) => sum + one.sum, 0);
  const most = sums.toSorted((one, other) => other.sum - one.sum)[0];
  return total === 0 || !most ? `${title}: nothing.` : `${title}: ${total} in all, most at ${most.name} (${most.sum}).`;
}
