import type { HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import { type ApiCall, pathOf } from './domain/call-entry.ts';
import { later } from './domain/duration.ts';
import { dispositions, type Fault, toFault } from './domain/fault.ts';
import type { Json } from './domain/json.ts';
import { checkRight, type Right } from './domain/right.ts';
import { inInvocation } from './log.ts';
import type { Authenticate, Caller, Clock, Log, Received, RecordCall, Sleep } from './ports.ts';

/** What the edge itself needs. */
interface Parts {
  readonly log: Log;
  readonly clock: Clock;
  readonly sleep: Sleep;
}

/** What a door needs besides: who is believed, and where calls are written down. */
interface Door extends Parts {
  readonly authenticate: Authenticate;
  readonly recordCall: RecordCall;
}

/** What a handler answers: a status, and JSON or text of another kind. */
export type Answer =
  | { readonly status: number; readonly body: Json }
  | { readonly status: number; readonly text: string; readonly contentType: string };

/** An HTTP handler, and who comes in: whoever has the right, or `own` where the request is proved by the handler. */
export type HttpHandler = ((request: HttpRequest, context: InvocationContext) => Promise<HttpResponseInit>) & {
  readonly door: Right | 'own';
};

/** Told of whoever does not get through the door; the caller is null where no token was believed. */
export type TurnedAway = (request: HttpRequest, caller: Caller | null, fault: Fault) => Promise<void>;

/** An HTTP handler for callers with a right. Who calls is taken from the verified token and from nothing else. */
export function http(
  parts: Door,
  right: Right,
  handle: (request: HttpRequest, caller: Caller) => Promise<Answer>,
  turnedAway: TurnedAway = async () => {},
): HttpHandler {
  const letIn = async (request: HttpRequest): Promise<Caller> => {
    let caller: Caller | null = null;
    try {
      caller = await parts.authenticate(request.headers.get('authorization'));
      checkRight(caller, right);
      return caller;
    } catch (error) {
      const fault = toFault(error);
      // Whoever is refused stays refused, also where that cannot be written down.
      if (caller)
        await parts
          .recordCall(callOf(request, caller, right), fault.status)
          .catch((unwritten: unknown) => record(parts.log, toFault(unwritten)));
      await turnedAway(request, caller, fault);
      throw error;
    }
  };
  const guarded = async (request: HttpRequest) => {
    const caller = await letIn(request);
    return recorded(parts, callOf(request, caller, right), () => handle(request, caller));
  };
  return Object.assign(answering(parts, guarded), { door: right });
}

function callOf(request: HttpRequest, { id, name }: Caller, right: Right): ApiCall {
  return { by: id, byName: name, right, method: request.method.toUpperCase(), path: pathOf(request.url) };
}

/**
 * Every call of somebody known is in the ledger. What may change something is written down before it is done, and refused
 * where that cannot be; how it ended is written after it, but by then it has happened, and is in its own journal as well.
 * Reading changes nothing, so it is written once, after it and before it is answered; where that cannot be, there is no answer.
 */
async function recorded(parts: Door, call: ApiCall, work: () => Promise<Answer>): Promise<Answer> {
  const changes = call.method !== 'GET';
  if (changes) await parts.recordCall(call, null);
  const done = await work().then(
    (answer) => ({ answer, status: answer.status }),
    (error: unknown) => ({ error, status: toFault(error).status }),
  );
  const written = parts.recordCall(call, done.status);
  await (changes ? written.catch((error: unknown) => record(parts.log, toFault(error))) : written);
  if ('error' in done) throw done.error;
  return done.answer;
}

/** An HTTP handler that proves itself who sent the request, such as a mail's own signature: nobody is checked here. */
export function httpOwnDoor(parts: Parts, handle: (request: HttpRequest) => Promise<Answer>): HttpHandler {
  return Object.assign(answering(parts, handle), { door: 'own' as const });
}

/**
 * Turns a function that answers or throws into an HTTP handler. A fault becomes its status and a problem document
 * (RFC 9457); what nobody foresaw is logged whole and told as nothing but a 500.
 */
function answering(parts: Parts, handle: (request: HttpRequest) => Promise<Answer>) {
  return (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> =>
    inInvocation(context, async () => {
      try {
        const answer = await handle(request);
        const { status } = answer;
        return 'body' in answer
          ? { status, headers: headersOf('application/json'), body: JSON.stringify(answer.body) }
          : { status, headers: headersOf(answer.contentType), body: answer.text };
      } catch (error) {
        return problem(parts, toFault(error), context.invocationId);
      }
    });
}

function problem({ log }: Parts, fault: Fault, invocation: string): HttpResponseInit {
  record(log, fault);
  const { code, message, status, detail, retryAfterMs } = fault;
  const hidden = fault.disposition === 'halt';
  const body = {
    title: code,
    status,
    detail: hidden ? 'Something is wrong on our side; it was logged under this instance.' : message,
    instance: invocation,
    ...(hidden || detail === undefined ? {} : { facts: detail }),
  };
  const headers: Record<string, string> = headersOf('application/problem+json');
  if (status === 401) headers['www-authenticate'] = 'Bearer';
  if (status === 503) headers['retry-after'] = String(Math.ceil((retryAfterMs ?? 5000) / 1000));
  return { status, headers, body: JSON.stringify(body) };
}

function headersOf(contentType: string): Record<string, string> {
  return { 'content-type': contentType, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
}

/** What came in by HTTP, before anybody believed it. */
export async function receivedOf(request: HttpRequest, clock: Clock): Promise<Received> {
  return {
    bytes: new Uint8Array(await request.arrayBuffer()),
    contentType: request.headers.get('content-type') ?? '',
    authorization: request.headers.get('authorization'),
    receivedAt: clock(),
  };
}

/** Has the work of a message looked at again, not before that time (ISO 8601). */
export type Again = (due: string) => Promise<void>;

/** How long a fault that gives the message back waits, where the far side named no time: 2 s. */
const againMs = 2000;

/** Between two tries of a message that only the broker can bring again, so that its ten deliveries outlast a short outage. */
const pauseMs = 20_000;

/**
 * Turns a function that finishes or throws into a queue handler. Service Bus brings an abandoned message back at once
 * and dead-letters it after ten times; so "later" is a time for the timer to look again, and this message is complete. A delayed
 * message of our own would do it too, but beside the timer's, and each of both would leave another while an outage lasts. Where the
 * message is the only copy (`again` is null), it is given back after a pause. What breaks an invariant goes to the dead letters.
 */
export async function queue(
  parts: Parts,
  context: InvocationContext,
  read: () => Promise<{ handle: () => Promise<void>; again: Again | null }>,
): Promise<void> {
  await inInvocation(context, async () => {
    let again: Again | null = null;
    try {
      const message = await read();
      again = message.again;
      await message.handle();
    } catch (error) {
      await settle(parts, toFault(error), again);
    }
  });
}

async function settle({ log, clock, sleep }: Parts, fault: Fault, again: Again | null): Promise<void> {
  record(log, fault);
  const settlement = dispositions[fault.disposition].queue;
  if (settlement === 'complete') return;
  if (settlement === 'dead-letter') throw fault;
  if (!again) {
    await sleep(pauseMs);
    throw fault;
  }
  const due = later(clock(), fault.retryAfterMs ?? againMs);
  // Where not even that can be written down, the time that was there before stands.
  await again(due).catch((error: unknown) => record(log, toFault(error)));
}

/** What a message says it was sent from: its `traceparent`, if it has one. */
export function causeOf({ triggerMetadata }: InvocationContext): unknown {
  return Reflect.get(Object(triggerMetadata?.applicationProperties), 'traceparent');
}

/** Turns a function into a timer handler: a tick that fails is logged, and the next one comes anyway. */
export function timer(
  parts: Parts,
  handle: () => Promise<unknown>,
): (timer: unknown, context: InvocationContext) => Promise<void> {
  return (_timer, context) =>
    inInvocation(context, async () => {
      try {
        await handle();
      } catch (error) {
        record(parts.log, toFault(error));
      }
    });
}

/** Writes a fault to the log: loud where an invariant is broken. */
export function record(log: Log, fault: Fault): void {
  const { disposition, code, message, detail, cause } = fault;
  const fields = { disposition, code, detail, cause };
  if (disposition === 'halt') log.error(fields, message);
  else log.warn(fields, message);
}
