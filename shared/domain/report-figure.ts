import type { ReportRow } from './report-columns.ts';
import type { FigureDefinition } from './report-definition.ts';

/** Rows whose columns have one of the values asked for. */
export function keep(
  rows: readonly ReportRow[],
  where: Readonly<Record<string, readonly (string | number)[]>> | undefined,
): readonly ReportRow[] {
  const wanted = Object.entries(where ?? {});
  return rows.filter((row) =>
    wanted.every(([column, values]) => {
      const value = row[column] ?? null;
      return value !== null && values.includes(value);
    }),
  );
}

/** One number for the top of a report, as text: `12`, `3.5 h`, `8 %`; a dash where there is nothing to say it of. */
export function figureOf(definition: FigureDefinition, rows: readonly ReportRow[]): string {
  const value = amountOf(definition, rows);
  if (value === null) return '–';
  const unit = definition.of === 'share' ? '%' : definition.unit;
  const digits = Math.abs(value) < 10 && !Number.isInteger(value) ? 1 : 0;
  const number = value.toLocaleString('en-US', { maximumFractionDigits: digits });
  return unit === undefined ? number : `${number} ${unit}`;
}

function amountOf({ of, column, where }: FigureDefinition, rows: readonly ReportRow[]): number | null {
  const kept = keep(rows, where);
  if (of === 'count') return kept.length;
  if (of === 'share') return rows.length === 0 ? null : (100 * kept.length) / rows.length;
  const values = kept.map((row) => row[column ?? ''] ?? null);
  if (of === 'distinct') return new Set(values.filter((value) => value !== null)).size;
  const numbers = values.filter((value) => typeof value === 'number').toSorted((one, other) => one - other);
  if (of === 'sum') return numbers.reduce((sum, one) => sum + one, 0);
  if (of === 'most') return numbers.at(-1) ?? null;
  return quantile(numbers, of === 'median' ? 0.5 : 0.9);
}

/** Of sorted numbers, with what lies between two of them shared out; null where there are none. */
function quantile(numbers: readonly number[], at: number): number | null {
  const place = (numbers.length - 1) * at;
  const [low, high] = [numbers[Math.floor(place)], numbers[Math.ceil(place)]];
  if (low === undefined || high === undefined) return null;
  return low + (high - low) * (place - Math.floor(place));
}
