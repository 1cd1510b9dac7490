import type { Log } from '../ports.ts';
import { type Ended, otlpRequest } from './otlp.ts';
import { type Now, recordSpans } from './provider.ts';

/** Spans are sent when there are so many, or this long after the first of them. */
const [most, soonMs] = [200, 1000];

/** Most that wait while a collector is away; the oldest go first. */
const mostWaiting = 5_000;

/** How long one request may take, in milliseconds. */
const answerMs = 5_000;

/**
 * Records spans and sends them to a collector by OTLP/HTTP. A collector that is away costs spans and a line in the log,
 * never an alert: nothing waits for it.
 * @param endpoint address of the collector, without `/v1/traces`
 */
export function exportSpans(endpoint: string, log: Log, now: Now): void {
  let waiting: Ended[] = [];
  let soon = false;
  const send = async () => {
    soon = false;
    const spans = waiting;
    waiting = [];
    try {
      await post(endpoint, spans);
    } catch (cause) {
      log.warn({ spans: spans.length, cause }, 'spans could not be sent');
    }
  };
  recordSpans(now, (span) => {
    waiting.push(span);
    if (waiting.length > mostWaiting) waiting.shift();
    if (waiting.length >= most) void send();
    else if (!soon) {
      soon = true;
      setTimeout(send, soonMs).unref();
    }
  });
}

async function post(endpoint: string, spans: readonly Ended[]): Promise<void> {
  const response = await fetch(`${endpoint}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(otlpRequest(spans)),
    redirect: 'error',
    signal: AbortSignal.timeout(answerMs),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`the collector answered ${response.status}`);
}
