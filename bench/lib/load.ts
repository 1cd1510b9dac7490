import { quantile } from './stats.ts';

/** How a load went. */
export interface Loaded {
  readonly count: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly seconds: number;
  readonly failed: number;
  /** Of the last one that failed. */
  readonly failure: string | null;
}

/** Does `work` for 0 … count-1 with so many in flight, each as soon as one ends. Latencies in milliseconds. */
export async function load(
  count: number,
  inFlight: number,
  work: (index: number) => Promise<unknown>,
): Promise<Loaded> {
  return loadWhile((next) => next < count, inFlight, work);
}

/** The same, where each of them has to succeed. @throws where one does not */
export async function loadAll(
  count: number,
  inFlight: number,
  work: (index: number) => Promise<unknown>,
): Promise<Loaded> {
  const loaded = await load(count, inFlight, work);
  if (loaded.failed > 0) throw new Error(`${loaded.failed} of ${count} were not taken: ${loaded.failure}`);
  return loaded;
}

/** The same for as long as `more` says so of the next number. */
export async function loadWhile(
  more: (next: number) => boolean,
  inFlight: number,
  work: (index: number) => Promise<unknown>,
): Promise<Loaded> {
  const took: number[] = [];
  let [next, failed] = [0, 0];
  let failure: string | null = null;
  const start = performance.now();
  const worker = async () => {
    while (more(next)) {
      const index = next;
      next += 1;
      const begin = performance.now();
      await work(index).catch((error: unknown) => {
        failed += 1;
        failure = String(error);
      });
      took.push(performance.now() - begin);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  const seconds = (performance.now() - start) / 1000;
  const [p50, p99] = [quantile(took, 0.5), quantile(took, 0.99)];
  return { count: next, perSecond: next / seconds, p50, p99, seconds, failed, failure };
}
