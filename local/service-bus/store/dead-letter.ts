import type { Properties, SentMessage, StoredMessage } from './message.ts';
import type { QueueSettings } from './settings.ts';

export interface DeadLetterReason {
  readonly reason?: string | undefined;
  readonly description?: string | undefined;
  /** Added to the message's own properties. */
  readonly properties?: Properties | undefined;
}

export const EXPIRED: DeadLetterReason = {
  reason: 'TTLExpiredException',
  description: 'The message expired and was dead lettered.',
};

export function deliveredTooOften(limit: number): DeadLetterReason {
  return {
    reason: 'MaxDeliveryCountExceeded',
    description: `Message could not be consumed after ${limit} delivery attempts.`,
  };
}

/** A dead-letter queue never loses a message by itself: no expiry, no duplicates dropped, no delivery limit. */
export function deadLetterSettings(settings: QueueSettings): QueueSettings {
  return {
    ...settings,
    maxDeliveryCount: Number.POSITIVE_INFINITY,
    duplicateDetectionWindow: 0,
    requiresSession: false,
    defaultTtl: Number.POSITIVE_INFINITY,
  };
}

/** What the dead-letter queue receives in place of the message. */
export function deadLettered(message: StoredMessage, source: string, why: DeadLetterReason): SentMessage {
  return {
    ...message.sent,
    properties: {
      ...message.properties,
      ...why.properties,
      ...(why.reason && { DeadLetterReason: why.reason }),
      ...(why.description && { DeadLetterErrorDescription: why.description }),
    },
    annotations: { ...message.sent.annotations, 'x-opt-deadletter-source': source },
    ttl: undefined,
    scheduledFor: undefined,
  };
}
