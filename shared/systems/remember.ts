import type { Clock } from '../ports.ts';

/**
 * Remembers what was looked up, by key, for so many milliseconds; a look-up that fails is forgotten at once. Whoever asks
 * meanwhile gets the same answer, also while it is still on its way.
 */
export function remembering<T>(clock: Clock, ms: number, lookUp: (key: string) => Promise<T>) {
  const known = new Map<string, { until: number; answer: Promise<T> }>();
  return (key: string): Promise<T> => {
    const now = Date.parse(clock());
    const found = known.get(key);
    // A clock that was set back makes nothing live longer than it was to.
    if (found && now < found.until && found.until <= now + ms) return found.answer;
    const answer = lookUp(key);
    const entry = { until: now + ms, answer };
    known.set(key, entry);
    answer.catch(() => {
      if (known.get(key) === entry) known.delete(key);
    });
    return answer;
  };
}
