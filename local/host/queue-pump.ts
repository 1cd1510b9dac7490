import type { ServiceBusClient, ServiceBusReceivedMessage } from '@azure/service-bus';
import type { Deliver } from './delivery.ts';
import type { ServiceBusOptions } from './host-json.ts';
import type { Outage } from './outage.ts';
import { within } from './within.ts';

const STOP_MS = 2_000;

export interface PumpOptions {
  bus: ServiceBusClient;
  queue: string;
  limits: ServiceBusOptions;
  deliver: Deliver;
  outage: Outage;
}

export interface Pump {
  stop(graceMs: number): Promise<void>;
}

/** A queue without sessions. The client's subscription reconnects for ever by itself. */
export function startQueuePump({ bus, queue, limits, deliver, outage }: PumpOptions): Pump {
  const inFlight = new Map<ServiceBusReceivedMessage, Promise<void>>();
  const stopping = new AbortController();
  const receiver = bus.createReceiver(queue, {
    maxAutoLockRenewalDurationInMs: limits.maxAutoLockRenewalDuration,
    skipParsingBodyAsJson: true,
  });
  const processMessage = async (message: ServiceBusReceivedMessage): Promise<void> => {
    outage.recovered();
    const work = deliver(receiver, message).finally(() => inFlight.delete(message));
    inFlight.set(message, work);
    await work;
  };
  const subscription = receiver.subscribe(
    { processMessage, processError: async ({ error }) => outage.failed(error) },
    {
      autoCompleteMessages: false,
      maxConcurrentCalls: limits.maxConcurrentCalls,
      abortSignal: stopping.signal,
    },
  );
  return {
    stop: async (graceMs) => {
      // Bounded: while the bus is away the client cannot drain what it is not connected to.
      const stopped = subscription.close();
      stopping.abort();
      await within(STOP_MS, stopped);
      await within(graceMs, Promise.all(inFlight.values()));
      // Locks of a plain queue outlive the link, so what is still running is given back by hand.
      const left = [...inFlight.keys()].map((message) => receiver.abandonMessage(message).catch(() => undefined));
      await within(STOP_MS, Promise.all(left));
      await within(STOP_MS, bus.close());
    },
  };
}
