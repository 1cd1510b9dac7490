import type { Attributes, AttributeValue } from '@opentelemetry/api';

/** A span that has ended. Times are nanoseconds since 1970, as text. */
export interface Ended {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: Attributes;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  /** Code of what went wrong; null where nothing did. */
  readonly failed: string | null;
}

/** `SPAN_KIND_INTERNAL`, `STATUS_CODE_ERROR` of opentelemetry-proto, trace.proto. */
const [internal, error] = [1, 2];

/** An export request as OTLP/HTTP has it in JSON (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding). */
export function otlpRequest(spans: readonly Ended[]): object {
  const resource = { attributes: attributesOf({ 'service.name': 'quell' }) };
  return { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'quell' }, spans: spans.map(spanOf) }] }] };
}

function spanOf({ attributes, failed, ...span }: Ended): object {
  return {
    ...span,
    kind: internal,
    attributes: attributesOf(attributes),
    status: failed === null ? {} : { code: error, message: failed },
  };
}

function attributesOf(attributes: Attributes): object[] {
  return Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: anyValueOf(value) }],
  );
}

function anyValueOf(value: AttributeValue): object {
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  return { stringValue: String(value) };
}
