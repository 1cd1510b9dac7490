import { z } from 'zod';
import type { Risk } from './plan.ts';

/** Classes of changes that are counted: what takes something away. */
export type BudgetClass = Extract<Risk, 'reversible' | 'destructive'>;

const hour = 3_600_000;

/** The windows, shortest first. They slide: `day` is the last 24 hours, not since midnight. */
export const windows = [
  { name: 'hour', letter: 'h', ms: hour },
  { name: 'day', letter: 'd', ms: 24 * hour },
  { name: 'week', letter: 'w', ms: 7 * 24 * hour },
  { name: 'month', letter: 'm', ms: 30 * 24 * hour },
] as const;
export type Window = (typeof windows)[number]['name'];

/** How many changes each window has room for. */
export interface Budget extends Readonly<Record<Window, number>> {
  /** The same in percent of the users, for the windows that have a limit of that kind: the smaller one counts. */
  readonly percent?: Readonly<Partial<Record<Window, number>>>;
}

/** What a store has to hold at most for one class in one system. */
export const mostReservations = 1_000;

/** The longest window: what is older counts nowhere. */
const longestMs = Math.max(...windows.map(({ ms }) => ms));

/**
 * The budget as counts alone: of each window's count and percentage of the users the smaller, rounded down, but never
 * by the percentage to less than one. @throws RangeError where `users` is no count of users
 */
export function inCounts({ percent, ...counts }: Budget, users: number): Budget {
  if (!Number.isSafeInteger(users) || users < 1) throw new RangeError(`${users} is no count of users`);
  const limitOf = (window: Window): number => {
    const share = percent?.[window];
    return share === undefined
      ? counts[window]
      : Math.min(counts[window], Math.max(1, Math.floor((users * share) / 100)));
  };
  return { hour: limitOf('hour'), day: limitOf('day'), week: limitOf('week'), month: limitOf('month') };
}

/** One place taken: which step, and when. */
export interface Reservation {
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** The place is taken, or the window that is full. */
export type Reserved =
  | { readonly granted: true }
  | { readonly granted: false; readonly window: Window; readonly used: number; readonly limit: number };

/** A place, with what has to be kept then. */
export type Taken = { readonly reserved: Reserved; readonly kept: readonly Reservation[] };

/**
 * Takes a place where every window has room. Pure. A key counts once, at the time it was taken last: a retry soon after
 * needs no room, one after a long time is a change of now and needs room now.
 */
export function takePlace(
  standing: readonly Reservation[],
  { key, now, budget }: { key: string; now: string; budget: Budget },
): Taken {
  const time = Date.parse(now);
  if (Number.isNaN(time)) throw new RangeError(`${now} is no time`);
  const before = standing.find((one) => one.key === key);
  const others = standing.filter((one) => one.key !== key && one.at > time - longestMs);
  for (const { name, ms } of windows) {
    const used = others.filter(({ at }) => at > time - ms).length;
    const limit = Math.min(budget[name], mostReservations);
    // Not `used >= limit`: where the limit is no number, nothing is granted.
    if (!(used < limit)) return { reserved: { granted: false, window: name, used, limit }, kept: standing };
  }
  // A clock that is behind does not make a place older than it is.
  const at = Math.max(time, before?.at ?? time);
  return { reserved: { granted: true }, kept: [...others, { key, at }] };
}

/** For how many more changes every window has room. Pure. */
export function roomLeft(standing: readonly Reservation[], { now, budget }: { now: string; budget: Budget }): number {
  const time = Date.parse(now);
  const left = windows.map(({ name, ms }) => {
    const used = standing.filter(({ at }) => at > time - ms).length;
    return Math.min(budget[name], mostReservations) - used;
  });
  return Math.max(0, Math.min(...left));
}

/** What is full, for a person. */
export function fullInWords(
  what: { class: BudgetClass; system: string },
  { window, used, limit }: Extract<Reserved, { granted: false }>,
): string {
  const span = window === 'month' ? '30 days' : window;
  return `budget of ${what.class} changes in ${what.system} is used up: ${used} of ${limit} in the last ${span}`;
}

const part = /^(?:(\d{1,4})|(\d{1,2}(?:\.\d{1,2})?)%)\/([hdwm])$/;

/** A budget as a setting has it, `10/h,25/d,60/w,120/m,1%/d`: a count for each window, and percentages where wanted. */
export const budgetSchema = z.string().transform((text, context): Budget => {
  const parts = text.split(',').map((one) => part.exec(one.trim()));
  const limits = (letter: string, position: 1 | 2) =>
    parts.flatMap((one) => (one?.[3] === letter && one[position] !== undefined ? [Number(one[position])] : []));
  const counts = windows.map(({ letter }) => limits(letter, 1));
  const shares = windows.map(({ name, letter }) => ({ name, found: limits(letter, 2) }));
  const right =
    !parts.includes(null) &&
    counts.every(([limit, ...more]) => limit !== undefined && more.length === 0 && limit <= mostReservations) &&
    shares.every(({ found: [share, ...more] }) => share !== 0 && more.length === 0);
  if (!right) context.addIssue({ code: 'custom', message: problem });
  const [hour, day, week, month] = counts.map(([limit]) => limit ?? Number.NaN);
  const percent = Object.fromEntries(shares.flatMap(({ name, found }) => found.map((share) => [name, share])));
  return {
    ...{ hour: hour ?? Number.NaN, day: day ?? Number.NaN, week: week ?? Number.NaN, month: month ?? Number.NaN },
    ...(Object.keys(percent).length > 0 ? { percent } : {}),
  };
});

const problem = `is written like 10/h,25/d,60/w,120/m,1%/d: a count for hour, day, week and month once each, at most ${mostReservations}, and percentages of the users above 0 where wanted`;
