import { type Budget, type BudgetClass, windows } from './budget.ts';
import { isIn, type Period } from './period.ts';
import type { ReportRow } from './report-columns.ts';

/** One change that was intended: it took a place in the budget of its class and system. */
export interface Place {
  readonly class: BudgetClass;
  readonly system: string;
  /** ISO 8601. */
  readonly at: string;
}

/** How long before a period a place still counts in it, in milliseconds. */
export const countedMs: number = Math.max(...windows.map(({ ms }) => ms));

/** The most places of each class, system and window at any time in the period, and what there was room for. Pure. */
export function budgetRows(
  places: readonly Place[],
  limits: Readonly<Record<BudgetClass, Budget>>,
  period: Period,
): readonly ReportRow[] {
  const groups = Map.groupBy(places, (place) => JSON.stringify([place.class, place.system]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first || !group.some(({ at }) => isIn(at, period))) return [];
    const times = group.map(({ at }) => at).toSorted();
    return windows.map(({ name, ms }) => {
      const { at, used } = peak(times, ms, period);
      const limit = limits[first.class][name];
      const percent = limit === 0 ? null : Math.round((1000 * used) / limit) / 10;
      return { at, class: first.class, system: first.system, window: name, used, limit, percent };
    });
  });
}

/** A window is fullest just after a place was taken. Times are sorted, so its beginning only moves forward. */
function peak(times: readonly string[], windowMs: number, period: Period): { at: string; used: number } {
  let [best, begin] = [{ at: period.from, used: 0 }, 0];
  times.forEach((at, index) => {
    while (Date.parse(times[begin] ?? at) <= Date.parse(at) - windowMs) begin += 1;
    const used = index - begin + 1;
    if (isIn(at, period) && used > best.used) best = { at, used };
  });
  return best;
}
