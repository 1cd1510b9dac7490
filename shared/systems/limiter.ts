import { Fault } from '../domain/fault.ts';
import type { Clock, Sleep } from '../ports.ts';

/** How much one far side is asked at most. */
export interface Quota {
  /** Calls per second, and how many at once after a pause. */
  readonly read: Rate;
  readonly write: Rate;
}
interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/**
 * Half of what is documented, or less. Graph, identity: 3,000 writes in 150 s and 3,500 resource units in 10 s for the
 * smallest tenants, a read costing 1 to 3 of them (learn.microsoft.com/graph/throttling-limits). Azure: buckets of 250
 * reads filled with 25 a second and of 200 writes filled with 10, per principal and subscription
 * (learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling).
 */
export const quotas = {
  graph: { read: { perSecond: 100, burst: 200 }, write: { perSecond: 10, burst: 50 } },
  azure: { read: { perSecond: 12, burst: 125 }, write: { perSecond: 5, burst: 100 } },
  /** A stand-in on this machine has none. */
  none: { read: { perSecond: 100_000, burst: 100_000 }, write: { perSecond: 100_000, burst: 100_000 } },
} as const satisfies Readonly<Record<string, Quota>>;

/** Keeps everything in this process below a quota, and away from a far side that asked to be left alone. */
export interface Limiter {
  /**
   * Sends when it may be sent. @throws Fault `retry` (`paused`) without sending, where that would take longer than a call
   * may wait; with the time until then
   */
  send<T extends Heard>(writes: boolean, call: () => Promise<T>): Promise<T>;
}

/** What an answer says about load. */
export interface Heard {
  readonly busy: boolean;
  /** How long it asks us to wait, in milliseconds; null where it does not say. */
  readonly waitMs: number | null;
}

/** Longer than this nobody waits for their turn, in milliseconds. */
const patienceMs = 2_000;
/** A first pause where the far side names no time, doubled each time up to the longest. */
const firstPauseMs = 5_000;
const longestPauseMs = 300_000;

export function limiterOf(name: string, quota: Quota, { clock, sleep }: { clock: Clock; sleep: Sleep }): Limiter {
  const now = () => Date.parse(clock());
  const buckets = { read: bucketOf(quota.read, now()), write: bucketOf(quota.write, now()) };
  let until = 0;
  let pauses = 0;
  let probe: Promise<unknown> | null = null;

  const pausedFault = (ms: number) =>
    new Fault('retry', 'paused', `${name} asked to be left alone; nothing was sent.`, {
      retryAfterMs: Math.max(ms, 1),
    });

  const heard = ({ busy, waitMs }: Heard): void => {
    if (!busy) {
      [until, pauses] = [0, 0];
      return;
    }
    until = Math.max(until, now() + (waitMs ?? Math.min(firstPauseMs * 2 ** pauses, longestPauseMs)));
    pauses += 1;
  };

  const turn = async (writes: boolean): Promise<void> => {
    const wait = (writes ? buckets.write : buckets.read).take(now());
    if (wait > patienceMs) throw pausedFault(wait);
    if (wait > 0) await sleep(wait);
  };

  /** The first after a pause goes alone; whoever comes meanwhile waits for what it hears. */
  const probing = async <T extends Heard>(call: () => Promise<T>): Promise<T> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    probe = promise;
    try {
      const answer = await call();
      heard(answer);
      return answer;
    } catch (error) {
      // No answer says nothing about load: the next one tries.
      until = now();
      throw error;
    } finally {
      probe = null;
      resolve();
    }
  };

  const send = async <T extends Heard>(writes: boolean, call: () => Promise<T>): Promise<T> => {
    if (now() < until) throw pausedFault(until - now());
    await turn(writes);
    while (probe) {
      await probe;
      if (now() < until) throw pausedFault(until - now());
    }
    if (pauses > 0) return probing(call);
    const answer = await call();
    if (answer.busy) heard(answer);
    return answer;
  };
  return { send };
}

interface Bucket {
  /** Takes one. @returns how long to wait for it, in milliseconds; nothing is taken where that is longer than anybody waits */
  take(now: number): number;
}

function bucketOf({ perSecond, burst }: Rate, start: number): Bucket {
  let [level, at] = [burst, start];
  return {
    take: (now) => {
      // A clock that is set back fills nothing.
      level = Math.min(burst, level + (Math.max(now - at, 0) / 1000) * perSecond);
      at = now;
      const wait = level >= 1 ? 0 : ((1 - level) / perSecond) * 1000;
      if (wait <= patienceMs) level -= 1;
      return Math.ceil(wait);
    },
  };
}
