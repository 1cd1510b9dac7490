import { quantile } from './stats.ts';

/** How a load went. */
export interface Loaded {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly seconds: number;
  readonly failed: number;
}

/** Does `work` for 0 … count-1 with so many in flight, each as soon as one ends. Latencies in milliseconds. */
export async function load(
  count: number,
  inFlight: number,
  work: (index: number) => Promise<unknown>,
): Promise<Loaded> {
  const took: number[] = [];
  let [next, failed] = [0, 0];
  const start = performance.now();
  const worker = async () => {
    while (next < count) {
      const index = next;
      next += 1;
      const begin = performance.now();
      await work(index).catch(() => {
        failed += 1;
      });
      took.push(performance.now() - begin);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  const seconds = (performance.now() - start) / 1000;
  return { perSecond: count / seconds, p50: quantile(took, 0.5), p99: quantile(took, 0.99), seconds, failed };
}
