import { randomBytes } from 'node:crypto';
import {
  type Attributes,
  type Context,
  context,
  INVALID_SPAN_CONTEXT,
  type Link,
  type Span,
  type SpanContext,
  type SpanOptions,
  type SpanStatus,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import { AsyncContext } from './context.ts';
import type { Ended } from './otlp.ts';

/** Nanoseconds since 1970, as text. */
export type Now = () => string;

/** Registers for everything that is a span: `ended` is told of each. */
export function recordSpans(now: Now, ended: (span: Ended) => void): void {
  context.setGlobalContextManager(new AsyncContext().enable());
  trace.setGlobalTracerProvider(providerOf(now, ended));
}

function providerOf(now: Now, ended: (span: Ended) => void): TracerProvider {
  const tracer: Tracer = {
    startSpan: (name, options = {}, within = context.active()) => startSpan(name, options, within),
    startActiveSpan: (name: string, ...given: unknown[]) => {
      const work = given.at(-1);
      if (typeof work !== 'function') throw new TypeError('a span needs work');
      const [options = {}, within = context.active()] = given.slice(0, -1) as [SpanOptions?, Context?];
      const span = startSpan(name, options, within);
      return context.with(trace.setSpan(within, span), () => Reflect.apply(work, undefined, [span]));
    },
  };
  const startSpan = (name: string, options: SpanOptions, within: Context): Span =>
    new Recorded({ name, options, now, ended, parent: trace.getSpanContext(within) ?? INVALID_SPAN_CONTEXT });
  return { getTracer: () => tracer };
}

interface Begun {
  readonly name: string;
  readonly options: SpanOptions;
  readonly parent: SpanContext;
  readonly now: Now;
  readonly ended: (span: Ended) => void;
}

/** One span while it lasts. */
class Recorded implements Span {
  readonly #begun: Begun;
  readonly #context: SpanContext;
  readonly #start: string;
  #attributes: Attributes;
  #links: Link[];
  #name: string;
  #failed: string | null = null;
  #open = true;

  constructor(begun: Begun) {
    const { parent, options, now, name } = begun;
    const child = trace.isSpanContextValid(parent);
    this.#begun = begun;
    this.#name = name;
    this.#start = now();
    this.#attributes = { ...options.attributes };
    this.#links = [...(options.links ?? [])];
    this.#context = {
      traceId: child ? parent.traceId : randomBytes(16).toString('hex'),
      spanId: randomBytes(8).toString('hex'),
      traceFlags: TraceFlags.SAMPLED,
    };
  }

  spanContext(): SpanContext {
    return this.#context;
  }
  setAttribute(key: string, value: Attributes[string]): this {
    this.#attributes = { ...this.#attributes, [key]: value };
    return this;
  }
  setAttributes(attributes: Attributes): this {
    this.#attributes = { ...this.#attributes, ...attributes };
    return this;
  }
  addEvent(): this {
    return this;
  }
  addLink(link: Link): this {
    return this.addLinks([link]);
  }
  addLinks(links: Link[]): this {
    this.#links = [...this.#links, ...links];
    return this;
  }
  setStatus({ code, message }: SpanStatus): this {
    this.#failed = code === SpanStatusCode.ERROR ? (message ?? '') : null;
    return this;
  }
  updateName(name: string): this {
    this.#name = name;
    return this;
  }
  /** What went wrong is told by its code (`setStatus`): a stack could hold what no log may. */
  recordException(): void {}
  isRecording(): boolean {
    return this.#open;
  }
  end(): void {
    if (!this.#open) return;
    this.#open = false;
    const { parent, now, ended } = this.#begun;
    ended({
      traceId: this.#context.traceId,
      spanId: this.#context.spanId,
      parentSpanId: trace.isSpanContextValid(parent) ? parent.spanId : '',
      name: this.#name,
      startTimeUnixNano: this.#start,
      endTimeUnixNano: now(),
      attributes: this.#attributes,
      links: this.#links.map(({ context: { traceId, spanId } }) => ({ traceId, spanId })),
      failed: this.#failed,
    });
  }
}
