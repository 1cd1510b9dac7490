import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../../domain/fault.ts';
import { storageFault } from './storage-fault.ts';
import { within } from './within.ts';

const attempts = 3;
const pauseMs = 200;

/**
 * One call to storage, in bounded time. A hiccup is bridged here and not by the clients, which would sit out whatever
 * wait the service names; the engine, who owns longer waits, would never hear of it.
 * @param what the call, as the subject of a sentence
 * @param limitMs how long it may take, repetitions included
 * @throws Fault
 */
export async function storageCall<T>(
  what: string,
  call: (options: { abortSignal: AbortSignal }) => Promise<T>,
  limitMs = 10_000,
): Promise<T> {
  return within(limitMs, (abortSignal) => attempted(what, call, abortSignal));
}

async function attempted<T>(
  what: string,
  call: (options: { abortSignal: AbortSignal }) => Promise<T>,
  abortSignal: AbortSignal,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call({ abortSignal });
    } catch (error) {
      const fault = storageFault(what, error);
      if (attempt === attempts || abortSignal.aborted || !isHiccup(fault)) throw fault;
    }
    await sleep(attempt * pauseMs);
  }
}

function isHiccup({ disposition, retryAfterMs }: Fault): boolean {
  return disposition === 'retry' && retryAfterMs === undefined;
}
