import type { MessageLock } from './locks.ts';

export type Properties = Readonly<Record<string, unknown>>;

/** A message as its sender handed it over. The payload is opaque here: the wire knows what is in it. */
export interface SentMessage {
  readonly payload: object;
  readonly properties: Properties;
  readonly annotations: Properties;
  readonly id: string;
  readonly sessionId: string | undefined;
  /** Milliseconds from becoming available; undefined means for ever. */
  readonly ttl: number | undefined;
  /** Epoch milliseconds before which nobody may receive it. */
  readonly scheduledFor: number | undefined;
}

export type MessageState = 'active' | 'locked' | 'scheduled' | 'deferred';

export interface StoredMessage {
  readonly sequence: number;
  readonly sent: SentMessage;
  /** The line it waits in: its session, or the queue's only line. */
  readonly lane: string;
  properties: Properties;
  state: MessageState;
  /** Where it goes back to when a receiver lets go of it: a deferred message stays deferred. */
  restingState: 'active' | 'deferred';
  deliveryCount: number;
  enqueuedAt: number;
  /** Its time to live ended while a receiver held it; what follows is decided when the lock ends. */
  expired: boolean;
  lock: MessageLock | undefined;
}

export function newMessage(sequence: number, sent: SentMessage, lane: string): StoredMessage {
  return {
    sequence,
    sent,
    lane,
    properties: sent.properties,
    state: 'active',
    restingState: 'active',
    deliveryCount: 0,
    enqueuedAt: Date.now(),
    expired: false,
    lock: undefined,
  };
}
