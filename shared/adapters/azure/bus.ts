import {
  isServiceBusError,
  type ServiceBusClient,
  type ServiceBusMessage,
  type ServiceBusSender,
} from '@azure/service-bus';
import { Fault } from '../../domain/fault.ts';
import type { Bus, Hint } from '../../ports.ts';
import { traceparent } from '../../telemetry/spans.ts';
import { instantOf, messageKeyOf } from '../keys.ts';
import { within } from './within.ts';

/** A bus that holds connections. */
export interface ClosableBus extends Bus {
  /** Connects before there is a message. */
  open(): Promise<void>;
  close(): Promise<void>;
}

/** The bus in a Service Bus namespace with the queues `alerts` and `runs`, the latter with sessions. */
export function azureBus(client: ServiceBusClient): ClosableBus {
  const alerts = client.createSender('alerts');
  const runs = client.createSender('runs');
  return {
    alert: async (alert, hint) => send(alerts, messageOf({ alert }, alert, hint)),
    run: async (run, session, hint) =>
      send(runs, { ...messageOf({ run }, run, hint), sessionId: messageKeyOf(session) }),
    // An empty batch asks how large a message may be, and so opens the link that the first one goes over.
    open: async () => {
      await within(limitMs, (abortSignal) => alerts.createMessageBatch({ abortSignal }));
    },
    close: () => client.close(),
  };
}

function messageOf(body: object, journal: string, { reason, notBefore }: Hint): ServiceBusMessage {
  const cause = traceparent();
  return {
    body,
    ...(cause === null ? {} : { applicationProperties: { traceparent: cause } }),
    contentType: 'application/json',
    messageId: messageKeyOf(`${journal}:${reason}`),
    ...(notBefore === undefined ? {} : { scheduledEnqueueTimeUtc: new Date(instantOf(notBefore)) }),
  };
}

/** No hint takes longer, the client's own retries included. */
const limitMs = 15_000;

async function send(sender: ServiceBusSender, message: ServiceBusMessage): Promise<void> {
  try {
    await within(limitMs, (abortSignal) => sender.sendMessages(message, { abortSignal }));
  } catch (error) {
    throw busFault(sender.entityPath, error);
  }
}

/** What no repetition mends. Everything else is worth another try: a message is only a hint. */
const forGood = new Set([
  'MessagingEntityNotFound',
  'MessagingEntityDisabled',
  'UnauthorizedAccess',
  'MessageSizeExceeded',
]);

function busFault(queue: string, error: unknown): Fault {
  // Where the client tried more than once it throws all the errors together; the last one says how things stand.
  const last: unknown = error instanceof AggregateError ? error.errors.at(-1) : error;
  const code = isServiceBusError(last) ? last.code : null;
  const options = { detail: { queue, code }, cause: error };
  if (code !== null && forGood.has(code))
    return new Fault('halt', 'bus-refused', `The queue ${queue} does not take our message.`, options);
  return new Fault('retry', 'bus-unreachable', `The queue ${queue} cannot take a message now.`, options);
}
