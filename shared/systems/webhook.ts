import type { Call } from '../domain/call.ts';
import { Fault } from '../domain/fault.ts';
import { canonical, type Json } from '../domain/json.ts';
import { callMs, faultOf, silence } from './far-side.ts';
import { timesOf } from './http-api.ts';

/** Sends word to the one configured address; the key lets its receiver tell a repetition. */
export async function tellWebhook(url: string | null, { method, path, body }: Call, key: string): Promise<Json> {
  if (url === null) throw new Fault('refuse', 'no-webhook', 'NOTIFY_URL is not set, so there is nobody to tell.');
  if (method !== 'POST' || path !== '/')
    throw new Fault('reject', 'unknown-call', `${method} ${path} is not how word is sent.`);
  const init: RequestInit = {
    method,
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    // The same bytes whoever sends it, the process that planned it or one that read the plan: a receiver may compare them.
    body: canonical(body),
    redirect: 'manual',
    signal: AbortSignal.timeout(callMs),
  };
  const response = await fetch(url, init).catch((error: unknown) => {
    throw silence('POST webhook', true, error);
  });
  // What the receiver says is not ours to keep; its status is.
  await response.body?.cancel().catch(() => undefined);
  if (response.ok) return { status: response.status };
  const { status, statusText: message } = response;
  throw faultOf({ what: 'POST webhook', status, code: 'unknown', message, ...timesOf(response), writes: true });
}
