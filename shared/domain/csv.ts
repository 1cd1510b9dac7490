/** A value of a table: text, a number, or nothing. */
export type Cell = string | number | null;

/**
 * What a spreadsheet would take for a formula: it begins with one of these, in the wide forms too, or after a tab or line
 * break (https://owasp.org/www-community/attacks/CSV_Injection).
 */
const formula = /^[=+\-@\t\r\n＝＋－＠]/;

/** One table as CSV (RFC 4180), with a line of titles. Text that could be run as a formula gets a `'` before it. */
export function csvOf(titles: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [titles, ...rows].map(csvLine).join('');
}

/** One line of it, with its end. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(field).join(',')}\r\n`;
}

function field(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = formula.test(value) ? `'${value}` : value;
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
