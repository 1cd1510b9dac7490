import type { TokenCredential } from '@azure/identity';
import { Client, type Context, type Middleware, ResponseType } from '@microsoft/microsoft-graph-client';
import { type HttpApi, headersOf, httpApi, type Transport } from '../http-api.ts';

/** Where Microsoft Graph is and who we are there. */
export interface GraphPlace {
  /** Address without the version: https://graph.microsoft.com, or a sovereign cloud's. */
  readonly url: string;
  /** Audience of the tokens. */
  readonly audience: string;
  readonly credential: TokenCredential;
}

/** Microsoft Graph v1.0 by Microsoft's own client, without its retries: when to try again is the engine's to say. */
export function graphClient({ url, audience, credential }: GraphPlace): HttpApi {
  // The client's own authentication sends a token to https hosts it knows only; this one sends it to the one address that is set.
  const middleware: Middleware = { execute: (context) => send(context, credential, audience) };
  const client = Client.initWithMiddleware({ middleware, baseUrl: url, defaultVersion: 'v1.0' });
  const transport: Transport = (path, { method, body, signal }) =>
    client
      .api(path)
      .responseType(ResponseType.RAW)
      .options({ signal })
      [verb(method)](body ?? undefined);
  return httpApi({ name: 'graph', url: `${url}/v1.0`, transport, linkName: '@odata.nextLink' });
}

function verb(method: string): 'get' | 'post' | 'put' | 'patch' | 'delete' {
  if (method === 'POST') return 'post';
  if (method === 'PUT') return 'put';
  if (method === 'PATCH') return 'patch';
  return method === 'DELETE' ? 'delete' : 'get';
}

async function send(context: Context, credential: TokenCredential, audience: string): Promise<void> {
  const { method, body, signal } = context.options ?? {};
  const text = typeof body === 'string' ? body : null;
  const headers = await headersOf(credential, `${audience}/.default`, text);
  const options: RequestInit = {
    headers,
    body: text,
    redirect: 'error',
    ...(method ? { method } : {}),
    ...(signal ? { signal } : {}),
  };
  context.response = await fetch(context.request, options);
}
