import type { Call } from '../domain/call.ts';
import { Fault } from '../domain/fault.ts';
import type { Json } from '../domain/json.ts';
import { callMs, faultOf, silence } from './far-side.ts';
import { timesOf } from './http-api.ts';

/** Sends word to the one configured address; the key lets its receiver tell a repetition. */
export async function tellWebhook(url: string | null, { method, body }: Call, key: string): Promise<Json> {
  if (url === null) throw new Fault('refuse', 'no-webhook', 'NOTIFY_URL is not set, so there is nobody to tell.');
  const headers = { 'content-type': 'application/json', 'idempotency-key': key };
  const init: RequestInit = {
    method,
    headers,
    body: JSON.stringify(body),
    redirect: 'error',
    signal: AbortSignal.timeout(callMs),
  };
  const response = await fetch(url, init).catch((error: unknown) => {
    throw silence('POST webhook', true, error);
  });
  await response.body?.cancel();
  if (response.ok) return { status: response.status };
  throw faultOf({
    what: 'POST webhook',
    status: response.status,
    code: 'webhook',
    message: response.statusText,
    ...timesOf(response),
    writes: true,
  });
}
