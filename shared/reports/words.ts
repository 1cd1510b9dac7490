import type { Cell } from '../domain/csv.ts';
import type { Period } from '../domain/period.ts';

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** A period for a person: `23 – 29 November 2026`, `November 2026`, `28 November 2026, 13:00 – 14:00`. */
export function periodInWords({ cadence, from, to }: Period): string {
  const [first, last] = [new Date(from), new Date(Date.parse(to) - 1)];
  if (cadence === 'monthly') return `${monthOf(first)} ${first.getUTCFullYear()}`;
  if (cadence === 'hourly') return `${dayOf(first)}, ${from.slice(11, 16)} – ${to.slice(11, 16)}`;
  if (cadence === 'daily') return dayOf(first);
  if (first.getUTCFullYear() !== last.getUTCFullYear()) return `${dayOf(first)} – ${dayOf(last)}`;
  if (first.getUTCMonth() !== last.getUTCMonth()) return `${first.getUTCDate()} ${monthOf(first)} – ${dayOf(last)}`;
  return `${first.getUTCDate()} – ${dayOf(last)}`;
}

function dayOf(date: Date): string {
  return `${date.getUTCDate()} ${monthOf(date)} ${date.getUTCFullYear()}`;
}

function monthOf(date: Date): string {
  return months[date.getUTCMonth()] ?? '';
}

/** A value as people read it; the CSV has it exactly. */
export function cellInWords(value: Cell, { name, type }: { name: string; type: string }): string {
  if (value === null) return '';
  if (type === 'time') return minute(String(value));
  // As long as the CLI needs to find it.
  return name === 'run' ? String(value).slice(0, 12) : String(value);
}

/** `2026-11-28 13:05` */
export function minute(time: string): string {
  return time.slice(0, 16).replace('T', ' ');
}
