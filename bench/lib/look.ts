/** How often each kind of call was made, such as `table batch` or `bus send`. */
export type Counts = Readonly<Record<string, number>>;

/** What the functions say of themselves (`apps/counted.ts`): calls since they started, and memory in bytes. */
export interface Look {
  readonly counts: Counts;
  readonly memory: { readonly rss: number; readonly heapUsed: number; readonly external: number };
}

/** @param url of the host @param collect after a garbage collection */
export async function lookAt(url: string, collect = false): Promise<Look> {
  const response = await fetch(`${url}/api/bench/look${collect ? '?collect' : ''}`, {
    signal: AbortSignal.timeout(30_000),
  });
  return (await response.json()) as Look;
}

/** What was asked between two looks, for each of so many. */
export function perAlert(before: Look, after: Look, alerts: number): Counts {
  return Object.fromEntries(
    Object.entries(after.counts)
      .map(([kind, count]): [string, number] => [kind, (count - (before.counts[kind] ?? 0)) / alerts])
      .filter(([, count]) => count > 0)
      .sort(([one], [other]) => one.localeCompare(other)),
  );
}

/** Sum of what begins with one of these words. */
export function sumOf(counts: Counts, ...words: readonly string[]): number {
  return Object.entries(counts)
    .filter(([kind]) => words.some((word) => kind.startsWith(word)))
    .reduce((sum, [, count]) => sum + count, 0);
}
