import type { Sender } from 'rhea';
import type { Queue } from '../store/queue.ts';
import type { SessionHolder } from '../store/sessions.ts';
import { creditLimit, hasRoom } from './amqp.ts';
import { deliveryTag } from './lock-token.ts';
import { toAmqp } from './message-format.ts';

const PLAIN_FORMAT = 0;
const NO_LOCK = Buffer.alloc(16);

/** A link from which a client receives. */
export interface Consumer extends SessionHolder {
  readonly sender: Sender;
  readonly queue: Queue;
  /** Receive-and-delete: messages are gone once sent. */
  readonly removes: boolean;
  /** The session it holds, once it does. */
  sessionId?: string;
  /** Deliveries so far, counted like the credit limit; rhea counts one only when it leaves. */
  issued: number;
}

/** The consumers that are ready for messages. */
export class Consumers {
  readonly #open = new Map<Sender, Consumer>();

  add(consumer: Consumer): void {
    this.#open.set(consumer.sender, consumer);
  }

  get(sender: Sender): Consumer | undefined {
    return this.#open.get(sender);
  }

  /** Forgets a consumer whose link is gone and gives its session back. Its messages wait for their locks to end. */
  remove(sender: Sender): void {
    const consumer = this.#open.get(sender);
    this.#open.delete(sender);
    if (consumer?.sessionId !== undefined) consumer.queue.sessions.release(consumer.sessionId, consumer);
  }

  senders(): Sender[] {
    return [...this.#open.keys()];
  }

  /** Sends every consumer what it has credit for. */
  deliver(): void {
    for (const consumer of this.#open.values()) {
      while (wantsMore(consumer) && deliverNext(consumer));
    }
  }
}

function wantsMore({ sender, issued }: Consumer): boolean {
  return sender.is_open() && issued < creditLimit(sender) && hasRoom(sender);
}

function deliverNext(consumer: Consumer): boolean {
  const { sender, queue, sessionId, removes } = consumer;
  const message = queue.take({ remove: removes, ...(sessionId !== undefined && { sessionId }) });
  if (!message) return false;
  consumer.issued++;
  sender.send(toAmqp(message), message.lock ? deliveryTag(message.lock.token) : NO_LOCK, PLAIN_FORMAT);
  return true;
}
