import type { TokenCredential } from '@azure/identity';
import { Client, GraphClientError, type Middleware, ResponseType } from '@microsoft/microsoft-graph-client';
import { callMs } from '../far-side.ts';
import { type HttpApi, httpApi, type Transport } from '../http-api.ts';
import type { Limiter } from '../limiter.ts';
import { send } from '../sending.ts';
import { tokenOf } from '../token.ts';

/** Where Microsoft Graph is and who we are there. */
export interface GraphPlace {
  /** Address without the version: https://graph.microsoft.com, or a sovereign cloud's. */
  readonly url: string;
  /** Audience of the tokens. */
  readonly audience: string;
  readonly credential: TokenCredential;
  /** Whose turn it is; shared by everything that goes to the same place with the same identity. */
  readonly limiter?: Limiter;
  /** How long one call may take; set by tests. */
  readonly waitMs?: number;
}

/**
 * Microsoft Graph v1.0 by Microsoft's own client. Of its middleware only the transport is left: when to try again is the
 * engine's to say, no redirect is followed, and its own authentication sends tokens to https hosts it knows only.
 */
export function graphClient({ url, audience, credential, limiter, waitMs = callMs }: GraphPlace): HttpApi {
  const client = Client.initWithMiddleware({ middleware: transportOnly, baseUrl: url, defaultVersion: 'v1.0' });
  const transport: Transport = (path, { method, body, headers, signal }) =>
    client
      // An address in a query it would take for the host to send to.
      .api(path.replaceAll('://', '%3A%2F%2F'))
      .responseType(ResponseType.RAW)
      .headers(headers)
      .options({ signal })
      [verb(method)](body ?? undefined);
  const token = tokenOf(credential, audience, waitMs);
  return httpApi({
    name: 'graph',
    url: `${url}/v1.0`,
    token,
    transport,
    linkName: '@odata.nextLink',
    limiter: limiter ?? null,
    waitMs,
  });
}

function verb(method: string): 'get' | 'post' | 'put' | 'patch' | 'delete' {
  if (method === 'POST') return 'post';
  if (method === 'PUT') return 'put';
  if (method === 'PATCH') return 'patch';
  return method === 'DELETE' ? 'delete' : 'get';
}

function plainOf(headers: RequestInit['headers']): Record<string, string> {
  return Object.fromEntries(new Headers(headers));
}

const transportOnly: Middleware = {
  execute: async (context) => {
    const { method = 'GET', body, headers, signal } = context.options ?? {};
    // Bodies are text by then: `httpApi` writes them.
    const text = typeof body === 'string' ? body : null;
    try {
      const address = String(context.request);
      context.response = await send(address, { method, body: text, headers: plainOf(headers), signal: signal ?? null });
    } catch (error) {
      // Errors of any other class the client replaces by one that no longer says what the socket did.
      throw Object.assign(new GraphClientError('no answer'), { cause: error });
    }
  },
};
