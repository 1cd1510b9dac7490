import type { TokenCredential } from '@azure/identity';
import { sessionsOf } from '../channels/page/session.ts';
import type { Config } from '../config.ts';
import type { Engine } from '../engine/engine.ts';
import type { Clock } from '../ports.ts';
import { type PageParts, type PageRequests, pageRequestsOf } from '../requests/page.ts';
import { signInOf } from '../systems/entra/sign-in.ts';
import { callMs } from '../systems/far-side.ts';
import { tokenOf } from '../systems/token.ts';

/** What a managed identity's token has to be for, to stand for an app registration that trusts it. */
const exchangeAudience = 'api://AzureADTokenExchange';

interface Given {
  readonly clock: Clock;
  /** 256 bits, as text. */
  readonly random: () => string;
}

/** The approval page, put together. */
export function pageOf(config: Config, engine: Engine, credential: TokenCredential, given: Given): PageRequests {
  return pageRequestsOf(partsOf(config, engine, credential, given));
}

/** What it is made of; null where none is set up. */
function partsOf(
  config: Config,
  engine: Engine,
  credential: TokenCredential,
  { clock, random }: Given,
): PageParts | null {
  const { AUTHORITY_HOST, TENANT_ID, PAGE_URL, PAGE_CLIENT_ID, PAGE_SESSION_KEY } = config;
  if (PAGE_URL === undefined || PAGE_CLIENT_ID === undefined || PAGE_SESSION_KEY === undefined) return null;
  const { origin } = new URL(PAGE_URL);
  const signIn = signInOf({
    authorityHost: AUTHORITY_HOST,
    tenantId: TENANT_ID,
    clientId: PAGE_CLIENT_ID,
    redirectUri: `${origin}/api/sign-in`,
    assertion: tokenOf(credential, exchangeAudience, callMs),
  });
  return { engine, signIn, sessions: sessionsOf({ secret: PAGE_SESSION_KEY, clock }), random, origin };
}
