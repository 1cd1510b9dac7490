import type { AmqpError, Delivery } from 'rhea';
import type { Properties } from '../store/message.ts';
import type { Queue } from '../store/queue.ts';
import { settle } from './amqp.ts';
import { toAmqpError } from './amqp-error.ts';
import { lockToken } from './lock-token.ts';

export const OUTCOMES = ['accepted', 'released', 'modified', 'rejected'] as const;
type OutcomeName = (typeof OUTCOMES)[number];

interface OutcomeFields {
  readonly undeliverable_here?: boolean;
  readonly message_annotations?: Properties;
  readonly error?: AmqpError;
}

/** Applies what a client decided about a delivered message, and tells it whether that still counted. */
export function applyOutcome(queue: Queue, delivery: Delivery, outcome: OutcomeName): void {
  try {
    HANDLERS[outcome](queue, lockToken(delivery.tag), delivery.remote_state ?? {});
    settle(delivery);
  } catch (error) {
    settle(delivery, toAmqpError(error));
  }
}

const HANDLERS: Readonly<Record<OutcomeName, (queue: Queue, token: string, fields: OutcomeFields) => void>> = {
  accepted: (queue, token) => queue.complete(token),
  released: (queue, token) => queue.abandon(token),
  modified: (queue, token, { undeliverable_here, message_annotations }) =>
    undeliverable_here ? queue.defer(token, message_annotations) : queue.abandon(token, message_annotations),
  rejected: (queue, token, { error }) => {
    const { DeadLetterReason: reason, DeadLetterErrorDescription: description, ...properties } = error?.info ?? {};
    queue.deadLetter(token, { reason, description, properties });
  },
};
