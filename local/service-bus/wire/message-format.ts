import { randomUUID } from 'node:crypto';
import type { MessageState, SentMessage, StoredMessage } from '../store/message.ts';
import { type AmqpMessage, decode, encode, types } from './amqp.ts';

const SCHEDULED_FOR = 'x-opt-scheduled-enqueue-time';
// Numbers of the service's message states; a locked message counts as active.
const STATE_NUMBERS: Record<MessageState, number> = { active: 0, locked: 0, deferred: 1, scheduled: 2 };

export function fromAmqp(message: AmqpMessage): SentMessage {
  const { application_properties = {}, message_annotations = {} } = message;
  const scheduledFor: unknown = message_annotations[SCHEDULED_FOR];
  // The service names a message its sender left unnamed; the client cannot renew the lock of one without an id.
  const id = message.message_id ?? randomUUID().replaceAll('-', '');
  return {
    payload: { ...message, message_id: id },
    properties: application_properties,
    annotations: message_annotations,
    id: String(id),
    sessionId: message.group_id,
    ttl: message.ttl,
    scheduledFor: scheduledFor === undefined ? undefined : Number(scheduledFor),
  };
}

/** The messages inside a transfer in the batch format, whose data sections are whole encoded messages. */
export function fromBatch(transfer: Buffer): SentMessage[] {
  const body = decode(transfer).body as { content: Buffer | Buffer[] };
  return [body.content].flat().map((bytes) => fromAmqp(decode(bytes)));
}

export function toAmqp(message: StoredMessage): Buffer {
  return encode({
    ...message.sent.payload,
    application_properties: message.properties,
    delivery_count: message.deliveryCount,
    message_annotations: {
      ...message.sent.annotations,
      'x-opt-sequence-number': types.wrap_long(message.sequence),
      'x-opt-enqueued-time': new Date(message.enqueuedAt),
      ...(message.lock && { 'x-opt-locked-until': new Date(message.lock.until) }),
      'x-opt-message-state': types.wrap_int(STATE_NUMBERS[message.state]),
    },
  });
}
