import { once } from 'node:events';
import { createServer } from 'node:http';
import { answerArm } from './arm/surface.ts';
import { answerControl, type Controlled } from './controls/controls.ts';
import { createFaults, faultAnswer } from './controls/faults.ts';
import { createInbox } from './controls/inbox.ts';
import { answerGraph } from './graph/surface.ts';
import type { State } from './model.ts';
import { seedState } from './seed/state.ts';
import { answerAuthorize } from './sign-in/authorize.ts';
import { type Codes, createCodes } from './sign-in/codes.ts';
import { answerDiscovery } from './sign-in/discovery.ts';
import { answerManagedIdentity } from './sign-in/managed-identity.ts';
import { answerToken } from './sign-in/redeem.ts';
import { createTenant, type Tenant } from './tenant.ts';
import { createTokens, type Tokens } from './tokens.ts';
import { type Answer, type Asked, readRequest, writeAnswer } from './wire.ts';

export interface TenantOptions {
  /** 0, or nothing: any free port. */
  readonly port?: number;
  readonly host?: string;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** What App Service would have put into `IDENTITY_HEADER`. */
  readonly identityHeader: string;
  readonly seed?: (now: number) => State;
}

export interface RunningTenant {
  readonly url: string;
  readonly port: number;
  readonly tenant: Tenant;
  /** Mints tokens, for a caller other than the engine or one with other permissions. */
  readonly tokens: Tokens;
  close(): Promise<void>;
}

/** Starts the stand-in tenant: Microsoft Graph, Azure Resource Manager and sign-in on one port. */
export async function startTenant(options: TenantOptions): Promise<RunningTenant> {
  const { port: wanted = 0, host = '127.0.0.1', now = Date.now, identityHeader, seed = seedState } = options;
  const tokens = await createTokens(now);
  const tenant = createTenant(() => seed(now()), now);
  const parts: Parts = { tenant, tokens, codes: createCodes(now), faults: createFaults(), inbox: createInbox() };

  const server = createServer(async (request, response) => {
    const answer = await readRequest(request, `http://${request.headers.host ?? host}`)
      .then((asked) => respond(parts, identityHeader, asked))
      .catch((error: unknown) => failure(error));
    if (answer) writeAnswer(response, answer);
    else response.destroy();
  });
  server.listen(wanted, host);
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : wanted;

  return {
    url: `http://${host}:${port}`,
    port,
    tenant,
    tokens,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

interface Parts extends Controlled {
  readonly codes: Codes;
}

/** @returns nothing where the connection is to be cut. */
async function respond(parts: Parts, identityHeader: string, asked: Asked): Promise<Answer | undefined> {
  const { pathname } = asked.url;
  if (pathname === '/healthz') return { status: 200, body: { status: 'ok' } };
  if (pathname.startsWith('/local/')) return answerControl(parts, asked);
  const fault = parts.faults.take(asked);
  if (fault?.after) await serve(parts, identityHeader, asked);
  if (fault) return fault.drop ? undefined : faultAnswer(fault);
  return serve(parts, identityHeader, asked);
}

async function serve({ tenant, tokens, codes }: Parts, identityHeader: string, asked: Asked): Promise<Answer> {
  const { pathname } = asked.url;
  if (pathname === '/msi/token') return answerManagedIdentity(tenant, tokens, identityHeader, asked);
  if (pathname.startsWith('/v1.0/')) return answerGraph(tenant, tokens, asked);
  return (
    answerDiscovery(tokens, asked) ??
    answerAuthorize(tenant, codes, asked) ??
    (await answerToken({ tenant, tokens, codes }, asked)) ??
    answerArm(tenant, tokens, asked)
  );
}

function failure(error: unknown): Answer {
  const message = error instanceof Error ? error.message : String(error);
  return { status: 500, body: { error: { code: 'InternalServerError', message } } };
}
