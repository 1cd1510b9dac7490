import { randomUUID } from 'node:crypto';
import { BrokerError } from './broker-error.ts';
import type { StoredMessage } from './message.ts';
import { Timers } from './timers.ts';

export interface MessageLock {
  /** Names this delivery; a later delivery of the same message has another token. */
  readonly token: string;
  /** Epoch milliseconds. */
  until: number;
}

type HeldMessage = StoredMessage & { lock: MessageLock };

/** Which messages receivers hold, by lock token. */
export class Locks {
  readonly #held = new Map<string, HeldMessage>();
  readonly #timers = new Timers<string>();
  readonly #duration: number;
  readonly #expired: ((message: StoredMessage) => void) | undefined;

  /** @param expired absent where locks do not run out one by one because a session's lock stands for them */
  constructor(duration: number, expired: ((message: StoredMessage) => void) | undefined) {
    this.#duration = duration;
    this.#expired = expired;
  }

  take(message: StoredMessage): void {
    const lock: MessageLock = { token: randomUUID(), until: 0 };
    const held = Object.assign(message, { state: 'locked' as const, lock });
    this.#held.set(lock.token, held);
    this.#arm(held);
  }

  /** @returns the new end of the lock, epoch milliseconds */
  renew(token: string): number {
    return this.#arm(this.holding(token));
  }

  /** @throws BrokerError when the token no longer holds a message */
  holding(token: string): HeldMessage {
    const message = this.#held.get(token);
    if (message) return message;
    throw new BrokerError(
      'com.microsoft:message-lock-lost',
      'The lock is no longer valid: it expired, or the message has already been settled.',
    );
  }

  /** Held messages of one lane, oldest first. */
  inLane(lane: string): StoredMessage[] {
    return [...this.#held.values()].filter((message) => message.lane === lane);
  }

  drop(message: StoredMessage): void {
    if (!message.lock) return;
    this.#timers.clear(message.lock.token);
    this.#held.delete(message.lock.token);
    message.lock = undefined;
  }

  close(): void {
    this.#timers.clearAll();
  }

  #arm(held: HeldMessage): number {
    held.lock.until = Date.now() + this.#duration;
    const expired = this.#expired;
    if (expired) this.#timers.set(held.lock.token, this.#duration, () => expired(held));
    return held.lock.until;
  }
}
