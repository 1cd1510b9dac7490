import type { ServiceBusReceivedMessage } from '@azure/service-bus';
import type { TypedData } from './core.ts';

/** A message body as the host sends it to the worker, where the library parses strings that hold JSON. */
export function toBody(message: ServiceBusReceivedMessage, binary: boolean): TypedData {
  const body: unknown = message.body;
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return binary ? { bytes } : { string: bytes.toString('utf8') };
}

/** Trigger metadata under the host's names; the library turns them (and the keys inside) to camel case. */
export function toMetadata(message: ServiceBusReceivedMessage): Record<string, TypedData> {
  const values: Record<string, unknown> = {
    // The AMQP header counts failed deliveries from 0, the host counts deliveries from 1.
    DeliveryCount: (message.deliveryCount ?? 0) + 1,
    DeadLetterSource: message.deadLetterSource,
    LockToken: message.lockToken,
    ExpiresAtUtc: message.expiresAtUtc,
    ExpiresAt: message.expiresAtUtc,
    EnqueuedTimeUtc: message.enqueuedTimeUtc,
    EnqueuedTime: message.enqueuedTimeUtc,
    MessageId: message.messageId,
    ContentType: message.contentType,
    ReplyTo: message.replyTo,
    // A JSON number there too: above 2^53 it loses precision in the function.
    SequenceNumber: message.sequenceNumber?.toNumber(),
    To: message.to,
    Subject: message.subject,
    Label: message.subject,
    CorrelationId: message.correlationId,
    ApplicationProperties: message.applicationProperties ?? {},
    UserProperties: message.applicationProperties ?? {},
    SessionId: message.sessionId,
    ReplyToSessionId: message.replyToSessionId,
    PartitionKey: message.partitionKey,
  };
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => [name, toTypedData(value)]),
  );
}

function toTypedData(value: unknown): TypedData {
  return typeof value === 'string' ? { string: value } : { json: JSON.stringify(value) };
}
