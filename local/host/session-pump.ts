import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceBusSessionReceiver } from '@azure/service-bus';
import { codeOf } from './outage.ts';
import type { Pump, PumpOptions } from './queue-pump.ts';
import { within } from './within.ts';

const STOP_MS = 2_000;
const NO_SESSION_FREE = new Set(['ServiceTimeout', 'OperationTimeoutError', 'SessionCannotBeLocked']);

/** A queue with sessions: each slot holds one session at a time and works through it in order, one message at a time. */
export function startSessionPump(options: PumpOptions): Pump {
  const stopping = new AbortController();
  const held = new Set<Promise<void>>();
  for (let slot = 0; slot < options.limits.maxConcurrentSessions; slot++) void runSlot(options, held, stopping.signal);
  return {
    stop: async (graceMs) => {
      stopping.abort();
      // Only slots that hold a session: the client does not give up waiting for one before its timeout is over.
      await within(graceMs, Promise.all(held));
      // Closing the connection ends those waits, and releases the sessions that are still held.
      await within(STOP_MS, options.bus.close());
    },
  };
}

async function runSlot(options: PumpOptions, held: Set<Promise<void>>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const session = await nextSession(options, signal);
    if (!session) continue;
    const working = work(session, options, signal);
    held.add(working);
    await working;
    held.delete(working);
  }
}

async function work(session: ServiceBusSessionReceiver, options: PumpOptions, signal: AbortSignal): Promise<void> {
  try {
    await drain(session, options, signal);
  } catch (error) {
    if (!signal.aborted) options.outage.failed(error);
  } finally {
    await within(STOP_MS, session.close());
  }
}

async function nextSession(
  { bus, queue, limits, outage }: PumpOptions,
  signal: AbortSignal,
): Promise<ServiceBusSessionReceiver | undefined> {
  try {
    return await bus.acceptNextSession(queue, {
      abortSignal: signal,
      maxAutoLockRenewalDurationInMs: limits.maxAutoLockRenewalDuration,
      skipParsingBodyAsJson: true,
    });
  } catch (error) {
    if (signal.aborted || NO_SESSION_FREE.has(codeOf(error))) return undefined;
    outage.failed(error);
    await sleep(limits.clientRetryOptions.delay, undefined, { signal }).catch(() => undefined);
    return undefined;
  }
}

async function drain(
  session: ServiceBusSessionReceiver,
  { limits, deliver, outage }: PumpOptions,
  signal: AbortSignal,
): Promise<void> {
  outage.recovered();
  while (!signal.aborted) {
    const [message] = await session.receiveMessages(1, {
      maxWaitTimeInMs: limits.sessionIdleTimeout,
      abortSignal: signal,
    });
    if (!message) return;
    await deliver(session, message);
  }
}
