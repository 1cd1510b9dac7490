import type { Sender } from 'rhea';
import type { RequestEvent } from './amqp.ts';

/** Answers a request on the link its sender opened for answers; without such a link the answer is dropped. */
export function reply(request: RequestEvent, properties: Record<string, unknown>, body?: unknown): void {
  const { reply_to: replyTo, message_id } = request.message;
  const answersTo = (sender: Sender) => sender.name === replyTo || sender.target?.address === replyTo;
  const link = request.connection.find_sender(answersTo);
  const correlation = message_id !== undefined && { correlation_id: message_id };
  link?.send({ ...correlation, application_properties: properties, body }).update(true);
}
