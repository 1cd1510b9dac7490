import { BrokerError } from '../store/broker-error.ts';
import type { Queue } from '../store/queue.ts';
import type { RequestEvent } from './amqp.ts';
import { toAmqpError } from './amqp-error.ts';
import { OPERATIONS } from './management-operations.ts';
import { reply } from './reply.ts';

export const MANAGEMENT_SUFFIX = '/$management';

const PEEK = 'com.microsoft:peek-message';
const STATUS_CODES: Readonly<Record<string, number>> = {
  'amqp:not-allowed': 400,
  'amqp:not-implemented': 501,
  'com.microsoft:message-not-found': 404,
  'com.microsoft:message-lock-lost': 410,
  'com.microsoft:session-lock-lost': 410,
  'com.microsoft:session-cannot-be-locked': 410,
};

/** Answers a request to an entity's management node. The client takes its error from the condition, if there is one. */
export function answerManagement(request: RequestEvent, queues: readonly Queue[]): void {
  request.delivery.accept();
  const name = String(request.message.application_properties?.operation);
  try {
    const body = perform(name, queues, request.message.body);
    // An empty peek is "no content"; any other status would make the client look for messages in the answer.
    const statusCode = name === PEEK && !body ? 204 : 200;
    reply(request, { statusCode, statusDescription: 'OK' }, body);
  } catch (error) {
    const { condition, description } = toAmqpError(error);
    const statusCode = STATUS_CODES[condition] ?? 500;
    reply(request, { statusCode, statusDescription: description, errorCondition: condition });
  }
}

function perform(name: string, [first, ...others]: readonly Queue[], body: unknown): object | undefined {
  const operation = OPERATIONS[name];
  if (!operation || !first) throw new BrokerError('amqp:not-implemented', `${name} is not implemented here.`);
  return operation([first, ...others], body);
}
