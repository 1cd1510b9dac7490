import {
  type Attributes,
  type Context,
  context,
  type Link,
  ROOT_CONTEXT,
  type Span,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';

/** Spans go to whoever has registered with the OpenTelemetry API; where nobody has, they cost next to nothing. */
const tracer = () => trace.getTracer('quell');

/** Ids of ours end in 32 hexadecimal digits, which is what a trace id is (W3C Trace Context, trace-id). */
const traced = /-([0-9a-f]{32})$/;

/**
 * Where everything about an alert or a run belongs: the trace that has its id. So no trace context has to be kept through
 * a wait of thirty days, a lost message or a restart: whoever knows the run knows its trace.
 */
export function traceOf(journal: string): Context {
  const traceId = traced.exec(journal)?.[1];
  if (traceId === undefined) return ROOT_CONTEXT;
  const spanContext = { traceId, spanId: traceId.slice(0, 16), traceFlags: TraceFlags.SAMPLED, isRemote: true };
  return trace.setSpanContext(ROOT_CONTEXT, spanContext);
}

const parents = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;

/** What a message says it was sent from, as a link; none where it says nothing usable. */
export function linksTo(traceparent: unknown): Link[] {
  const [, traceId, spanId] = parents.exec(String(traceparent ?? '')) ?? [];
  if (traceId === undefined || spanId === undefined) return [];
  return [{ context: { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true } }];
}

/** `traceparent` of what is being done now (W3C Trace Context); null outside of any span. */
export function traceparent(): string | null {
  const current = trace.getActiveSpan()?.spanContext();
  if (!current || !trace.isSpanContextValid(current)) return null;
  return `00-${current.traceId}-${current.spanId}-0${current.traceFlags & 1}`;
}

interface About {
  readonly attributes?: Attributes;
  readonly links?: Link[];
  /** Where it belongs; else to what is being done now. */
  readonly within?: Context;
}

/** Does the work as a span: how long it took, and whether it failed. What it throws goes on. */
export async function inSpan<T>(name: string, about: About, work: () => Promise<T>): Promise<T> {
  const { attributes = {}, links = [], within = context.active() } = about;
  return tracer().startActiveSpan(name, { attributes, links }, within, async (span) => {
    try {
      return await work();
    } catch (error) {
      failed(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

/** A fault says more by its code than by its text, which could name people. */
function failed(span: Span, error: unknown): void {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unexpected';
  span.setStatus({ code: SpanStatusCode.ERROR, message: code });
}
