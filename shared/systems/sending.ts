import { Agent, type IncomingMessage, request } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import { text } from 'node:stream/consumers';

/** One request, as it goes out. */
export interface Outgoing {
  readonly method: string;
  readonly body: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | null;
}

/* A connection that rests this long is closed by us, before the far side closes it while the next request is on its way. */
const resting = { keepAlive: true, timeout: 4_000 };
const plain = new Agent(resting);
const secure = new SecureAgent(resting);

/**
 * Sends one request and hears the answer to its end; follows no redirect. Node's own `fetch` does the same for twice the
 * processor time, and asking far sides is what an alert does most.
 * @throws what the socket said, where no whole answer came
 */
export async function send(url: string, { method, body, headers, signal }: Outgoing): Promise<Response> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = { method, headers: { 'user-agent': 'quell', ...headers }, ...(signal && { signal }) };
    const sent = url.startsWith('https:')
      ? secureRequest(url, { ...options, agent: secure }, resolve)
      : request(url, { ...options, agent: plain }, resolve);
    sent.on('error', reject);
    sent.end(body ?? undefined);
  });
  const heard = await text(answer);
  const { statusCode: status = 0 } = answer;
  return new Response(bodiless.has(status) ? null : heard, { status, headers: headersOf(answer) });
}

/** Answers that have no body (RFC 9110 §6.4.1), and for which a `Response` takes none. */
const bodiless = new Set([204, 205, 304]);

function headersOf({ headers }: IncomingMessage): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
  );
}
