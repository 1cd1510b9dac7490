/** How often a report is made. */
export const cadences = ['hourly', 'daily', 'weekly', 'biweekly', 'monthly'] as const;
export type Cadence = (typeof cadences)[number];

/** A stretch of time a report is about, in UTC: `from` is in it, `to` no longer (ISO 8601). */
export interface Period {
  readonly cadence: Cadence;
  /** `2026-11-28T13`, `2026-11-28`, `2026-W48`, `2026-W47-W48` or `2026-11`. */
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const weekMs = 7 * dayMs;

/** The first Monday there is to count from: weeks are those of ISO 8601, and two of them together begin with an even one. */
const firstMonday = Date.UTC(1970, 0, 5);

/** The period of a cadence that a time lies in. @throws RangeError on what is no time */
export function periodAt(cadence: Cadence, time: string): Period {
  const ms = Date.parse(time);
  if (Number.isNaN(ms)) throw new RangeError(`${time} is no time`);
  if (cadence === 'monthly') return monthOf(new Date(ms));
  const [from, length] = beginning(cadence, ms);
  const name = nameOf(cadence, from);
  return { cadence, name, from: new Date(from).toISOString(), to: new Date(from + length).toISOString() };
}

/** The period before. */
export function periodBefore({ cadence, from }: Period): Period {
  return periodAt(cadence, new Date(Date.parse(from) - 1).toISOString());
}

const shapes: readonly (readonly [Cadence, RegExp])[] = [
  ['hourly', /^(\d{4}-\d{2}-\d{2})T(\d{2})$/],
  ['daily', /^(\d{4}-\d{2}-\d{2})$/],
  ['weekly', /^(\d{4})-W(\d{2})$/],
  ['biweekly', /^(\d{4})-W(\d{2})-W\d{2}$/],
  ['monthly', /^(\d{4}-\d{2})$/],
];

/** The period of that name; null where there is none. */
export function periodNamed(name: string): Period | null {
  for (const [cadence, shape] of shapes) {
    const [, first = '', second = ''] = shape.exec(name) ?? [];
    if (first === '') continue;
    const start = startOf(cadence, first, second);
    const period = Number.isNaN(start) ? null : periodAt(cadence, new Date(start).toISOString());
    // What looks like a name but is no day, hour or week of the calendar ends up elsewhere.
    return period?.name === name ? period : null;
  }
  return null;
}

/** Is the time in the period? */
export function isIn(time: string, { from, to }: Pick<Period, 'from' | 'to'>): boolean {
  return time >= from && time < to;
}

function startOf(cadence: Cadence, first: string, second: string): number {
  if (cadence === 'hourly') return Date.parse(`${first}T${second}:00:00Z`);
  if (cadence === 'daily') return Date.parse(`${first}T00:00:00Z`);
  if (cadence === 'monthly') return Date.parse(`${first}-01T00:00:00Z`);
  // ISO 8601: the week with January 4th is the first.
  return mondayOf(Date.UTC(Number(first), 0, 4)) + (Number(second) - 1) * weekMs;
}

function beginning(cadence: Exclude<Cadence, 'monthly'>, ms: number): readonly [from: number, length: number] {
  if (cadence === 'hourly') return [ms - modulo(ms, hourMs), hourMs];
  if (cadence === 'daily') return [ms - modulo(ms, dayMs), dayMs];
  if (cadence === 'weekly') return [mondayOf(ms), weekMs];
  return [ms - modulo(ms - firstMonday, 2 * weekMs), 2 * weekMs];
}

function mondayOf(ms: number): number {
  return ms - modulo(ms - firstMonday, weekMs);
}

/** Never negative, also for times before 1970. */
function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}

function nameOf(cadence: Exclude<Cadence, 'monthly'>, from: number): string {
  const iso = new Date(from).toISOString();
  if (cadence === 'hourly') return iso.slice(0, 13);
  if (cadence === 'daily') return iso.slice(0, 10);
  const { year, week } = weekOf(from);
  return cadence === 'weekly' ? `${year}-W${week}` : `${year}-W${week}-W${weekOf(from + weekMs).week}`;
}

/** A week belongs to the year its Thursday is in. */
function weekOf(monday: number): { year: number; week: string } {
  const year = new Date(monday + 3 * dayMs).getUTCFullYear();
  const first = mondayOf(Date.UTC(year, 0, 4));
  return { year, week: String((monday - first) / weekMs + 1).padStart(2, '0') };
}

function monthOf(date: Date): Period {
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const from = new Date(Date.UTC(year, month, 1)).toISOString();
  return { cadence: 'monthly', name: from.slice(0, 7), from, to: new Date(Date.UTC(year, month + 1, 1)).toISOString() };
}
