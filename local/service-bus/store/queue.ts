import { BrokerError } from './broker-error.ts';
import { type DeadLetterReason, deadLettered, deliveredTooOften, EXPIRED } from './dead-letter.ts';
import { Duplicates } from './duplicates.ts';
import { Lanes, ONLY_LANE } from './lanes.ts';
import { Locks } from './locks.ts';
import { type MessageState, newMessage, type Properties, type SentMessage, type StoredMessage } from './message.ts';
import { Sessions } from './sessions.ts';
import { DEFAULT_SETTINGS, type QueueSettings } from './settings.ts';
import { Timers } from './timers.ts';

export type QueueCounts = Record<MessageState | 'deadLetter' | 'total', number>;

export interface QueueLinks {
  /** Called whenever a message or a session may have become receivable. */
  readonly available: () => void;
  /** Where dead letters go; without it they are dropped. */
  readonly deadLetters?: Queue;
}

/** A queue in memory: peek-lock, redelivery, scheduling, deferral, expiry, dead letters, sessions. Knows no AMQP. */
export class Queue {
  readonly name: string;
  readonly settings: Readonly<Required<QueueSettings>>;
  readonly sessions: Sessions;
  readonly #messages = new Map<number, StoredMessage>();
  readonly #lanes = new Lanes();
  readonly #locks: Locks;
  readonly #duplicates: Duplicates;
  // A message waits for its schedule first and for its expiry afterwards, never for both.
  readonly #timers = new Timers<StoredMessage>();
  readonly #links: QueueLinks;
  #sequence = 0;

  constructor(name: string, settings: QueueSettings, links: QueueLinks) {
    this.name = name;
    this.settings = { ...DEFAULT_SETTINGS, ...settings };
    this.#links = links;
    const { lockDuration, requiresSession, duplicateDetectionWindow } = this.settings;
    this.#locks = new Locks(lockDuration, requiresSession ? undefined : (message) => this.#giveBack(message, true));
    this.#duplicates = new Duplicates(duplicateDetectionWindow);
    this.sessions = new Sessions(lockDuration, (id, expired) => this.#endSession(id, expired));
  }

  /**
   * Takes all of the messages or, when one is not acceptable, none.
   * @returns their sequence numbers; a duplicate gets one too, as it does from the service
   * @throws BrokerError when the queue requires sessions and a message names none
   */
  send(messages: readonly SentMessage[]): number[] {
    if (this.settings.requiresSession && messages.some(({ sessionId }) => sessionId === undefined)) {
      throw new BrokerError(
        'amqp:not-allowed',
        `The SessionId was not set on a message, and it cannot be sent to '${this.name}', which requires sessions.`,
      );
    }
    return messages.map((message) => this.#admit(message));
  }

  /** @throws BrokerError when no such message is scheduled (any more) */
  cancelScheduled(sequence: number): void {
    this.#remove(this.#inState('scheduled', sequence));
  }

  /** The next message of the session, or of the queue: locked, or gone at once when `remove` is set. */
  take({ sessionId = ONLY_LANE, remove = false }: { sessionId?: string; remove?: boolean }): StoredMessage | undefined {
    const message = this.#lanes.take(sessionId);
    return message && this.#handOver(message, remove);
  }

  /** @throws BrokerError when one of them is not deferred; then none is taken */
  takeDeferred(sequences: readonly number[], remove = false): StoredMessage[] {
    return sequences
      .map((sequence) => this.#inState('deferred', sequence))
      .map((message) => this.#handOver(message, remove));
  }

  /** Messages in any state from a sequence number on, without taking them. */
  peek(from: number, count: number, sessionId?: string): StoredMessage[] {
    const found: StoredMessage[] = [];
    for (const message of this.#messages.values()) {
      if (found.length >= count) break;
      const inSession = sessionId === undefined || message.sent.sessionId === sessionId;
      if (message.sequence >= from && inSession) found.push(message);
    }
    return found;
  }

  /** The session nobody holds whose message has waited longest. */
  nextSession(): string | undefined {
    return this.#lanes.oldest((id) => !this.sessions.isHeld(id));
  }

  /**
   * @returns the new end of the lock, epoch milliseconds
   * @throws BrokerError when the lock is lost
   */
  renew(token: string): number {
    return this.#locks.renew(token);
  }

  /** @throws BrokerError when the lock is lost */
  complete(token: string): void {
    this.#remove(this.#locks.holding(token));
  }

  /** @throws BrokerError when the lock is lost */
  abandon(token: string, properties?: Properties): void {
    const message = this.#locks.holding(token);
    message.properties = { ...message.properties, ...properties };
    this.#giveBack(message, true);
  }

  /** @throws BrokerError when the lock is lost */
  defer(token: string, properties?: Properties): void {
    const message = this.#locks.holding(token);
    message.properties = { ...message.properties, ...properties };
    this.#locks.drop(message);
    message.deliveryCount++;
    message.restingState = 'deferred';
    message.state = 'deferred';
  }

  /** @throws BrokerError when the lock is lost */
  deadLetter(token: string, why: DeadLetterReason): void {
    this.#bury(this.#locks.holding(token), why);
  }

  counts(): QueueCounts {
    const deadLetter = this.#links.deadLetters?.counts().total ?? 0;
    const counts = { active: 0, locked: 0, scheduled: 0, deferred: 0, deadLetter, total: this.#messages.size };
    for (const { state } of this.#messages.values()) counts[state]++;
    return counts;
  }

  /** Stops every timer; the queue must not be used afterwards. */
  close(): void {
    this.#timers.clearAll();
    this.#locks.close();
    this.sessions.close();
  }

  #admit(sent: SentMessage): number {
    const sequence = ++this.#sequence;
    if (this.#duplicates.isRepeat(sent.id, Date.now())) return sequence;
    const message = newMessage(sequence, sent, this.settings.requiresSession ? (sent.sessionId ?? '') : ONLY_LANE);
    this.#messages.set(sequence, message);
    const wait = (sent.scheduledFor ?? 0) - Date.now();
    if (wait <= 0) {
      this.#enqueue(message);
    } else {
      message.state = 'scheduled';
      this.#timers.set(message, wait, () => this.#enqueue(message));
    }
    return sequence;
  }

  #enqueue(message: StoredMessage): void {
    message.enqueuedAt = Date.now();
    const ttl = Math.min(message.sent.ttl ?? Number.POSITIVE_INFINITY, this.settings.defaultTtl);
    this.#timers.set(message, ttl, () => this.#expire(message));
    this.#offer(message);
  }

  #offer(message: StoredMessage): void {
    message.state = 'active';
    this.#lanes.offer(message);
    this.#links.available();
  }

  #inState(state: MessageState, sequence: number): StoredMessage {
    const message = this.#messages.get(sequence);
    if (message?.state === state) return message;
    throw new BrokerError('com.microsoft:message-not-found', `There is no ${state} message ${sequence}.`);
  }

  #handOver(message: StoredMessage, remove: boolean): StoredMessage {
    if (remove) this.#remove(message);
    else this.#locks.take(message);
    return message;
  }

  #giveBack(message: StoredMessage, counted: boolean): void {
    this.#locks.drop(message);
    if (counted) message.deliveryCount++;
    if (message.deliveryCount >= this.settings.maxDeliveryCount) {
      this.#bury(message, deliveredTooOften(this.settings.maxDeliveryCount));
    } else if (message.expired) {
      this.#discardExpired(message);
    } else if (message.restingState === 'deferred') {
      message.state = 'deferred';
    } else {
      this.#offer(message);
    }
  }

  /** As the service documents it: a lock that ran out counts as a delivery, a receiver that closed does not. */
  #endSession(id: string, expired: boolean): void {
    for (const message of this.#locks.inLane(id)) this.#giveBack(message, expired);
    this.#links.available();
  }

  #expire(message: StoredMessage): void {
    message.expired = true;
    if (message.state !== 'locked') this.#discardExpired(message);
  }

  #discardExpired(message: StoredMessage): void {
    if (this.settings.deadLetterOnExpiration) this.#bury(message, EXPIRED);
    else this.#remove(message);
  }

  #bury(message: StoredMessage, why: DeadLetterReason): void {
    this.#remove(message);
    this.#links.deadLetters?.send([deadLettered(message, this.name, why)]);
  }

  #remove(message: StoredMessage): void {
    this.#timers.clear(message);
    this.#locks.drop(message);
    if (message.state === 'active') this.#lanes.withdraw(message);
    this.#messages.delete(message.sequence);
  }
}
