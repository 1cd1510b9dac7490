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
  const slots = Array.from({ length: options.limits.maxConcurrentSessions }, () => runSlot(options, stopping.signal));
  return {
    stop: async (graceMs) => {
      stopping.abort();
      await within(graceMs, Promise.all(slots));
      // Closing the connection releases the sessions that are still held.
      await within(STOP_MS, options.bus.close());
    },
  };
}

async function runSlot(options: PumpOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const session = await nextSession(options, signal);
    if (!session) continue;
    try {
      await drain(session, options, signal);
    } catch (error) {
      if (!signal.aborted) options.outage.failed(error);
    } finally {
      await within(STOP_MS, session.close());
    }
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
