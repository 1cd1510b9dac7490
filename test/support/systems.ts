import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { ManagedIdentityCredential, type TokenCredential } from '@azure/identity';
import { expect } from 'vitest';
import { startTenant } from '../../local/tenant/server.ts';
import { memoryExclusions } from '../../shared/adapters/memory/exclusions.ts';
import { Fault } from '../../shared/domain/fault.ts';
import { azureAccessControl } from '../../shared/systems/azure/access-control.ts';
import { armClient } from '../../shared/systems/azure/client.ts';
import { effects } from '../../shared/systems/effects.ts';
import { graphClient } from '../../shared/systems/entra/client.ts';
import { entraDirectory } from '../../shared/systems/entra/directory.ts';

export const GRAPH = 'https://graph.microsoft.com';
export const ARM = 'https://management.azure.com';

/**
 * The stand-in tenant and everything of ours that talks to it, signed in by the real managed identity credential.
 * One per test file: the credential's cache is the process's, and another tenant has other keys.
 */
export async function startSystems() {
  const identityHeader = 'a-secret-of-the-platform';
  let ahead = 0;
  const clock = () => new Date(Date.now() + ahead).toISOString();
  const running = await startTenant({ identityHeader, now: () => Date.now() + ahead });
  process.env.IDENTITY_ENDPOINT = `${running.url}/msi/token`;
  process.env.IDENTITY_HEADER = identityHeader;
  const credential = new ManagedIdentityCredential();
  const graph = graphClient({ url: running.url, audience: GRAPH, credential });
  const azure = armClient({ url: running.url, audience: ARM, credential });
  const exclusions = memoryExclusions();
  const control = async (path: string, body: unknown) => {
    const answer = await fetch(`${running.url}/local/${path}`, { method: 'POST', body: JSON.stringify(body) });
    expect(answer.ok).toBe(true);
  };
  return {
    ...running,
    graph,
    azure,
    exclusions,
    directory: entraDirectory(graph, clock),
    access: azureAccessControl(azure, clock),
    effects: effects({
      changer: { graph, azure },
      deleter: { graph, azure },
      exclusions,
      webhook: `${running.url}/local/inbox`,
    }),
    /** Lets the next matching requests fail. */
    fault: (fault: object) => control('faults', fault),
    lag: (readAfterWriteMs: number) => control('lag', { readAfterWriteMs }),
    /** Lets time pass. */
    pass: (ms: number) => {
      ahead += ms;
    },
    reset: async () => {
      await control('reset', {});
      running.tenant.setLag(0);
    },
  };
}
export type Systems = Awaited<ReturnType<typeof startSystems>>;

/** The time as it is, for whatever asks for a clock. */
export const wallClock = () => new Date().toISOString();

/** The fault a call ends in; fails the test where it does not end in one. */
export async function faultOf(work: Promise<unknown>): Promise<Fault> {
  const outcome = await work.then(
    (value) => new Error(`no fault but ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  if (outcome instanceof Fault) return outcome;
  throw outcome;
}

/** A token nobody checks, and how often it was asked for, with which claims. */
export function anyToken(): TokenCredential & { readonly asked: (string | undefined)[] } {
  const asked: (string | undefined)[] = [];
  return {
    asked,
    getToken: async (_scope, options) => {
      asked.push(options?.claims);
      return { token: `token-${asked.length}`, expiresOnTimestamp: Number.MAX_SAFE_INTEGER };
    },
  };
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A far side that does what a test says. */
export async function farSide(handler: Handler) {
  const seen: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = '', url = '', headers } = request;
    seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
    handler(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { url: `http://127.0.0.1:${address.port}`, seen, close, [Symbol.asyncDispose]: close };
}

/** Answers the same to everything. */
export function always(status: number, body?: unknown, headers: Record<string, string> = {}): Handler {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(body === undefined ? '' : JSON.stringify(body));
  };
}

/** Both far sides behind one address, with little patience. */
export function clientsOf(url: string, credential: TokenCredential = anyToken(), waitMs = 300) {
  return {
    graph: graphClient({ url, audience: GRAPH, credential, waitMs }),
    azure: armClient({ url, audience: ARM, credential, waitMs }),
  };
}
