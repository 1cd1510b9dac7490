import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { finished } from 'node:stream/promises';
import type { RegisteredFunction } from './core.ts';
import { type HttpAnswer, toAnswer, toRpcRequest } from './http-marshal.ts';
import type { Invoke } from './invoke.ts';
import type { AuthLevel, Authorize } from './keys.ts';
import { describe, type HostLog } from './log.ts';
import type { RouteMatch, Router } from './routes.ts';
import { within } from './within.ts';

const MAX_BODY = 104_857_600; // the host's own limit

export interface HttpTarget {
  fn: RegisteredFunction;
  binding: string;
  authLevel: AuthLevel;
}

export interface HttpOptions {
  router: Router<HttpTarget>;
  authorize: Authorize;
  invoke: Invoke;
  log: HostLog;
  port: number;
  host: string;
}

export interface RunningServer {
  port: number;
  stop(graceMs: number): Promise<void>;
}

export async function startHttpServer(options: HttpOptions): Promise<RunningServer> {
  const inFlight = new Set<Promise<void>>();
  const server = createServer((request, response) => {
    const answering = answer(options, request)
      .then((result) => write(request, response, result))
      .catch((error: unknown) => {
        // Mostly a caller that left before the answer was there.
        options.log('information', `An HTTP answer could not be given: ${describe(error)}`);
        response.destroy();
      })
      .finally(() => inFlight.delete(answering));
    inFlight.add(answering);
  });
  const port = await listen(server, options.port, options.host);
  return { port, stop: (graceMs) => stop(server, inFlight, graceMs) };
}

async function stop(server: Server, inFlight: Set<Promise<void>>, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  await within(graceMs, Promise.all(inFlight));
  server.closeAllConnections();
  await closed;
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

async function answer(options: HttpOptions, request: IncomingMessage): Promise<HttpAnswer> {
  const { router, authorize } = options;
  const url = URL.parse(`http://${request.headers.host}${request.url}`);
  if (!url) return status(400);
  const match = router(request.method ?? '', (request.url ?? '').replace(/\?.*$/s, ''));
  if (!match) return status(404);
  if (!authorize(match.target.authLevel, request, url.searchParams)) return status(401);
  const body = await readBody(request);
  return body ? call(options, request, url, match, body) : status(413);
}

async function call(
  options: HttpOptions,
  request: IncomingMessage,
  url: URL,
  { target, params }: RouteMatch<HttpTarget>,
  body: Buffer,
): Promise<HttpAnswer> {
  const header = request.headers.traceparent;
  try {
    const response = await options.invoke(target.fn, {
      binding: target.binding,
      data: { http: toRpcRequest(request, url, params, body) },
      metadata: {},
      traceParent: typeof header === 'string' ? header : undefined,
    });
    return toAnswer(response.returnValue?.http);
  } catch {
    // The invoker has logged it. Like the real host, the caller learns nothing but that it failed.
    return status(500);
  }
}

/** Undefined when there is more than the host accepts. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY) return undefined;
  let size = 0;
  // Left to itself, the end of the loop would destroy the socket that the answer has to go out on.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size > MAX_BODY) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function status(code: number): HttpAnswer {
  return { status: code, headers: {}, body: new Uint8Array() };
}

async function write(request: IncomingMessage, response: ServerResponse, answer: HttpAnswer): Promise<void> {
  const hasNoBody = request.method === 'HEAD' || answer.status === 204 || answer.status === 304;
  response.writeHead(answer.status, {
    ...answer.headers,
    ...(!hasNoBody && { 'content-length': answer.body.byteLength }),
    // What is left of a refused body cannot be told from the next request.
    ...(!request.complete && { connection: 'close' }),
  });
  response.end(hasNoBody ? undefined : answer.body);
  // Unlike its 'close' event, this also ends when the caller was gone before.
  await finished(response);
}
