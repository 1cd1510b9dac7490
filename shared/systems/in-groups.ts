/** How many requests of one question are under way at once: a far side's limits are per second. */
const atOnce = 5;

/** Does the work for every item, a few at a time, and gives the results in order. @throws what the first failing work throws */
export async function inGroups<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += atOnce)
    results.push(...(await Promise.all(items.slice(start, start + atOnce).map(work))));
  return results;
}
