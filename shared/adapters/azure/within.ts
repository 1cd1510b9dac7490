/**
 * Does something that takes a signal, which is given when time is over. The clock ends with the work: `AbortSignal.timeout`
 * goes off later all the same, and keeps what the work held until then.
 */
export async function within<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), ms);
  try {
    return await work(limit.signal);
  } finally {
    clearTimeout(timer);
  }
}
