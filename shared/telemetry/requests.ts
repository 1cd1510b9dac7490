import type { Message, Requests } from '../requests/requests.ts';
import type { TakeIn } from '../requests/taking-in.ts';
import { inSpan, linksTo, traceOf, traceparent } from './spans.ts';

/** The same requests, each a span; what is about an alert or a run is a part of its trace. */
export function tracedRequests(requests: Requests): Requests {
  return {
    ...requests,
    alertMessage: (body, cause) => traced('answer an alert', 'alert', body, cause, requests.alertMessage(body, cause)),
    runMessage: (body, cause) => traced('advance a run', 'run', body, cause, requests.runMessage(body, cause)),
  };
}

/** Taking in, as a span. */
export function tracedTakingIn(takeIn: TakeIn): TakeIn {
  return (source, request) =>
    inSpan('ingest', { attributes: { 'quell.source': source } }, () => takeIn(source, request));
}

/** A run that goes on behind its alert is a part of its own trace, and linked to what it came from. */
export function tracedRun(run: string, move: () => Promise<void>): Promise<void> {
  const span = { attributes: { 'quell.run': run }, links: linksTo(traceparent()), within: traceOf(run) };
  return inSpan('advance a run', span, move);
}

function traced(name: string, about: 'alert' | 'run', body: unknown, cause: unknown, message: Message): Message {
  const journal = String(Reflect.get(Object(body), about) ?? '');
  const span = { attributes: { [`quell.${about}`]: journal }, links: linksTo(cause), within: traceOf(journal) };
  return { ...message, handle: () => inSpan(name, span, message.handle) };
}
