import { setTimeout as sleep } from 'node:timers/promises';
import type { Selection } from '../shared/domain/selection.ts';
import { Complaint } from './http.ts';

/** Some results, and where to go on. */
export interface Page<T> {
  readonly results: readonly T[];
  readonly next: string | null;
  readonly looked: number;
}

interface Walk<T> {
  readonly page: (after: string | null) => Promise<Page<T>>;
  readonly after: string | null;
  /** At most so many runs a second are looked at. */
  readonly rate: number;
  readonly selection: Selection;
  /** What to type to go on from there. */
  readonly again: (after: string) => string;
  readonly each: (result: T) => void;
}

/** Ended by the user: not an error, and said how to go on. */
export class Stopped extends Complaint {
  readonly exitCode = 130;
}

/** How many runs a second, where nothing else is asked for: what it costs the far sides is theirs to bear. */
export const usualRate = 20;

/**
 * Walks through all pages, no faster than asked, with a bar on the terminal; ctrl-C ends it after the page at hand.
 * @returns how many runs were looked at
 * @throws Stopped with the command that goes on
 */
export async function walk<T>({ page, after, rate, selection, again, each }: Walk<T>): Promise<number> {
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once('SIGINT', onSignal);
  const bar = progress(selection);
  let looked = 0;
  try {
    for (let from = after; ; ) {
      const begun = performance.now();
      const { results, next, looked: more } = await page(from);
      for (const result of results) each(result);
      looked += more;
      bar.show(next, looked);
      if (next === null) return looked;
      from = next;
      if (stop.signal.aborted) throw new Stopped(`stopped after ${looked}; go on with: ${again(next)}`);
      const due = (more / rate) * 1000 - (performance.now() - begun);
      await sleep(Math.max(0, due), undefined, { signal: stop.signal }).catch(() => undefined);
      if (stop.signal.aborted) throw new Stopped(`stopped after ${looked}; go on with: ${again(next)}`);
    }
  } finally {
    bar.clear();
    process.removeListener('SIGINT', onSignal);
  }
}

const width = 30;

/** How far it is, as far as that is known: the pages go back in time, from now or `until` to `since`. */
function progress({ since, until }: Selection): { show(next: string | null, looked: number): void; clear(): void } {
  const seen = process.stderr.isTTY === true;
  const end = until === undefined ? Date.now() : Date.parse(until);
  return {
    show: (next, looked) => {
      if (!seen) return;
      const at = Date.parse(next?.split('~')[0] ?? '');
      const done = next === null ? 1 : since === undefined ? 0 : (end - at) / (end - Date.parse(since));
      const full = Math.round(width * Math.min(1, Math.max(0, done)));
      process.stderr.write(`\r[${'='.repeat(full)}${' '.repeat(width - full)}] ${looked} looked at`);
    },
    clear: () => {
      if (seen) process.stderr.write('\r\u001b[K');
    },
  };
}

/** A rate as an option has it. @throws Complaint */
export function rateOf(written: string | undefined): number {
  const rate = written === undefined ? usualRate : Number(written);
  if (rate > 0 && rate <= 1000) return rate;
  throw new Complaint('--rate is a number of runs a second, at most 1000');
}
