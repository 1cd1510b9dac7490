import type { Container, Sender, Session } from 'rhea';
import {
  announce,
  confirmDrain,
  confirmEveryDrain,
  creditLimit,
  mirrorTermini,
  type OutcomeEvent,
  type SenderEvent,
} from './amqp.ts';
import { toAmqpError } from './amqp-error.ts';
import { CBS_ADDRESS } from './cbs.ts';
import { type Consumer, Consumers } from './consumers.ts';
import { MANAGEMENT_SUFFIX } from './management.ts';
import type { Namespace } from './namespace.ts';
import { SessionAttach } from './session-attach.ts';
import { applyOutcome, OUTCOMES } from './settlement.ts';

const SENT_SETTLED = 1;
const SESSION_LOST = { condition: 'com.microsoft:session-lock-lost', description: 'The session lock was lost.' };

/** Serves the links from which clients receive. */
export class Outbound {
  readonly #consumers = new Consumers();
  readonly #sessions = new SessionAttach(this.#consumers);
  #deliveryDue = false;

  /** Delivers what there is once the current events are dealt with, however often it is asked to. */
  readonly deliverSoon = (): void => {
    if (this.#deliveryDue) return;
    this.#deliveryDue = true;
    setImmediate(() => {
      this.#deliveryDue = false;
      this.#deliver();
    });
  };

  serve(container: Container, namespace: Namespace): void {
    container.on('sender_open', ({ sender }: SenderEvent) => this.#attach(sender, namespace));
    container.on('sender_close', ({ sender }: SenderEvent) => this.#forget(sender));
    container.on('session_close', ({ session }: { session: Session }) =>
      this.forgetWhere((sender) => sender.session === session),
    );
    container.on('sender_flow', this.deliverSoon);
    container.on('sender_draining', ({ sender }: SenderEvent) => this.#drain(sender));
    for (const outcome of OUTCOMES) {
      container.on(outcome, ({ sender, delivery }: OutcomeEvent) => {
        const consumer = this.#consumers.get(sender);
        if (consumer) applyOutcome(consumer.queue, delivery, outcome);
      });
    }
  }

  /** For links that went without a word, with their session or socket. */
  forgetWhere(gone: (sender: Sender) => boolean): void {
    const senders = [...this.#consumers.senders(), ...this.#sessions.senders()];
    for (const sender of senders.filter(gone)) this.#forget(sender);
  }

  close(): void {
    this.#sessions.close();
  }

  #attach(sender: Sender, namespace: Namespace): void {
    const { address } = sender.source;
    mirrorTermini(sender);
    announce(sender, { snd_settle_mode: sender.snd_settle_mode, rcv_settle_mode: sender.rcv_settle_mode });
    // Answers to requests leave on these; nothing is received from them.
    if (address === CBS_ADDRESS || address.endsWith(MANAGEMENT_SUFFIX)) return;
    try {
      this.#consume(sender, namespace);
    } catch (error) {
      sender.set_source({ address });
      sender.close(toAmqpError(error));
    }
  }

  #consume(sender: Sender, namespace: Namespace): void {
    const consumer: Consumer = {
      sender,
      queue: namespace.queue(sender.source.address),
      removes: sender.snd_settle_mode === SENT_SETTLED,
      issued: 0,
      sessionLost: () => sender.close(SESSION_LOST),
    };
    confirmEveryDrain(sender);
    if (consumer.queue.settings.requiresSession) this.#sessions.attach(consumer);
    else this.#consumers.add(consumer);
  }

  #deliver(): void {
    this.#sessions.serve();
    this.#consumers.deliver();
  }

  /** The client takes back its remaining credit: first what is there, then none of the rest may be used. */
  #drain(sender: Sender): void {
    this.#deliver();
    const consumer = this.#consumers.get(sender);
    if (consumer) consumer.issued = creditLimit(sender);
    confirmDrain(sender);
  }

  #forget(sender: Sender): void {
    this.#consumers.remove(sender);
    this.#sessions.remove(sender);
  }
}
