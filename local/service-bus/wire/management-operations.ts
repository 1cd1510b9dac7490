import { z } from 'zod';
import { BrokerError } from '../store/broker-error.ts';
import type { Properties } from '../store/message.ts';
import type { Queue } from '../store/queue.ts';
import { decode, types } from './amqp.ts';
import { uuidBytes, uuidText } from './lock-token.ts';
import { fromAmqp, toAmqp } from './message-format.ts';

const LONG = 0x81;
const RECEIVE_AND_DELETE = 0;

const bytes = z.instanceof(Buffer);
const sessionId = z.string();
const lockTokens = z.union([bytes, z.array(bytes)]).transform((one) => [one].flat().map(uuidText));
const sequenceNumbers = z.union([z.number(), z.array(z.number())]).transform((one) => [one].flat());

const inSession = z.object({ 'session-id': sessionId });
const renewLock = z.object({ 'lock-tokens': lockTokens });
const setState = z.object({ 'session-id': sessionId, 'session-state': z.unknown() });
const schedule = z.object({ messages: z.array(z.object({ message: bytes })) });
const cancel = z.object({ 'sequence-numbers': sequenceNumbers });
const peek = z.object({
  'from-sequence-number': z.number(),
  'message-count': z.number(),
  'session-id': sessionId.optional(),
});
const receiveDeferred = z.object({
  'sequence-numbers': sequenceNumbers,
  'receiver-settle-mode': z.number().optional(),
});
const disposition = z.object({
  'lock-tokens': lockTokens,
  'disposition-status': z.string(),
  'deadletter-reason': z.string().nullish(),
  'deadletter-description': z.string().nullish(),
  'properties-to-modify': z.record(z.string(), z.unknown()).nullish(),
});

type Disposition = z.infer<typeof disposition>;
type Settlement = (queue: Queue, token: string, body: Disposition, properties: Properties) => void;

// The spelling of the third is the protocol's.
const SETTLEMENTS: Readonly<Record<string, Settlement>> = {
  completed: (queue, token) => queue.complete(token),
  abandoned: (queue, token, _body, properties) => queue.abandon(token, properties),
  defered: (queue, token, _body, properties) => queue.defer(token, properties),
  suspended: (queue, token, body, properties) =>
    queue.deadLetter(token, {
      reason: body['deadletter-reason'] ?? undefined,
      description: body['deadletter-description'] ?? undefined,
      properties,
    }),
};

/** Runs one operation on an entity's queues (several for a topic) and returns the body of the answer, if it has one. */
export type Operation = (queues: readonly [Queue, ...Queue[]], body: unknown) => object | undefined;

/** What clients ask of `<entity>/$management`, by the name they ask with. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  'com.microsoft:renew-lock': ([queue], body) => ({
    expirations: renewLock.parse(body)['lock-tokens'].map((token) => new Date(queue.renew(token))),
  }),

  'com.microsoft:renew-session-lock': ([queue], body) => ({
    expiration: new Date(queue.sessions.renew(inSession.parse(body)['session-id'])),
  }),

  'com.microsoft:get-session-state': ([queue], body) => ({
    'session-state': queue.sessions.state(inSession.parse(body)['session-id']),
  }),

  'com.microsoft:set-session-state': ([queue], body) => {
    const { 'session-id': id, 'session-state': state } = setState.parse(body);
    queue.sessions.setState(id, state);
    return undefined;
  },

  'com.microsoft:schedule-message': (queues, body) => {
    const messages = schedule.parse(body).messages.map(({ message }) => fromAmqp(decode(message)));
    const [sequences] = queues.map((queue) => queue.send(messages));
    return { 'sequence-numbers': types.wrap_array(sequences, LONG, undefined) };
  },

  'com.microsoft:cancel-scheduled-message': ([queue], body) => {
    for (const sequence of cancel.parse(body)['sequence-numbers']) queue.cancelScheduled(sequence);
    return undefined;
  },

  'com.microsoft:peek-message': ([queue], body) => {
    const { 'from-sequence-number': from, 'message-count': count, 'session-id': session } = peek.parse(body);
    const found = queue.peek(from, count, session);
    return found.length > 0 ? { messages: found.map((message) => ({ message: toAmqp(message) })) } : undefined;
  },

  'com.microsoft:receive-by-sequence-number': ([queue], body) => {
    const { 'sequence-numbers': sequences, 'receiver-settle-mode': mode } = receiveDeferred.parse(body);
    const messages = queue.takeDeferred(sequences, mode === RECEIVE_AND_DELETE).map((message) => ({
      message: toAmqp(message),
      ...(message.lock && { 'lock-token': types.wrap_uuid(uuidBytes(message.lock.token)) }),
    }));
    return { messages };
  },

  'com.microsoft:update-disposition': ([queue], body) => {
    const request = disposition.parse(body);
    const settle = SETTLEMENTS[request['disposition-status']];
    if (!settle) throw new BrokerError('amqp:not-implemented', `Unknown status ${request['disposition-status']}.`);
    for (const token of request['lock-tokens']) settle(queue, token, request, request['properties-to-modify'] ?? {});
    return undefined;
  },
};
