import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for work to end, at most this long; tells whether it did. Failures of the work count as its end. */
export async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  const timeout = new AbortController();
  const ended = work.then(
    () => true,
    () => true,
  );
  const late = sleep(ms, false, { signal: timeout.signal }).catch(() => false);
  try {
    return await Promise.race([ended, late]);
  } finally {
    timeout.abort();
  }
}
