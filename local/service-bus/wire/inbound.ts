import type { Container, Receiver } from 'rhea';
import type { Queue } from '../store/queue.ts';
import { announce, type MessageEvent, mirrorTermini, type ReceiverEvent, type RequestEvent } from './amqp.ts';
import { toAmqpError } from './amqp-error.ts';
import { type Authorize, answerCbs, CBS_ADDRESS } from './cbs.ts';
import { answerManagement, MANAGEMENT_SUFFIX } from './management.ts';
import { fromAmqp, fromBatch } from './message-format.ts';
import type { Namespace } from './namespace.ts';

const MAX_MESSAGE_BYTES = 1024 * 1024;

type Answer = (event: MessageEvent) => void;

/** Serves the links on which clients send: messages to entities, and requests to `$cbs` and `$management`. */
export function serveInbound(container: Container, namespace: Namespace, authorize: Authorize): void {
  const answers = new WeakMap<Receiver, Answer>();

  container.on('receiver_open', ({ receiver }: ReceiverEvent) => {
    mirrorTermini(receiver);
    announce(receiver, { max_message_size: MAX_MESSAGE_BYTES });
    try {
      answers.set(receiver, answerFor(receiver.target.address, namespace, authorize));
    } catch (error) {
      receiver.close(toAmqpError(error));
    }
  });

  container.on('message', (event: MessageEvent) => answers.get(event.receiver)?.(event));
}

function answerFor(address: string, namespace: Namespace, authorize: Authorize): Answer {
  if (address === CBS_ADDRESS) return (event) => isRequest(event) && answerCbs(event, authorize);
  if (address.endsWith(MANAGEMENT_SUFFIX)) {
    const queues = namespace.targets(address.slice(0, -MANAGEMENT_SUFFIX.length));
    return (event) => isRequest(event) && answerManagement(event, queues);
  }
  const targets = namespace.targets(address);
  return (event) => enqueue(event, targets);
}

function isRequest(event: MessageEvent): event is RequestEvent {
  return !Buffer.isBuffer(event.message);
}

function enqueue({ delivery, message }: MessageEvent, targets: readonly Queue[]): void {
  try {
    const messages = Buffer.isBuffer(message) ? fromBatch(message) : [fromAmqp(message)];
    for (const queue of targets) queue.send(messages);
    delivery.accept();
  } catch (error) {
    delivery.reject(toAmqpError(error));
  }
}
