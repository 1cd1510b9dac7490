import type { AccessToken, TokenCredential } from '@azure/identity';
import { Fault } from '../domain/fault.ts';

/**
 * A token for one far side. `refused` where the last one was: with the claims of the challenge, if it named some, for a
 * credential that can ask anew with them.
 */
export type TokenOf = (refused?: { readonly claims: string | undefined }) => Promise<string>;

/** The credential remembers tokens, and gives none that ends within five minutes; but asking it costs as much as a request. */
const keptMs = 60_000;

/** Tokens of a credential for one audience, asked for once a minute. @throws Fault `retry`: nothing was sent yet */
export function tokenOf(credential: TokenCredential, audience: string, waitMs: number): TokenOf {
  const asked = tokenAsked(credential, audience, waitMs);
  let known: Promise<string> | null = null;
  return (refused) => {
    if (known && !refused) return known;
    const token = asked(refused?.claims);
    const forget = () => {
      if (known === token) known = null;
    };
    known = token;
    token.catch(forget);
    setTimeout(forget, keptMs).unref();
    return token;
  };
}

function tokenAsked(credential: TokenCredential, audience: string, waitMs: number) {
  const scope = `${audience}/.default`;
  return async (claims: string | undefined): Promise<string> => {
    const asked = credential.getToken(scope, claims === undefined ? {} : { claims });
    const token = await within(asked, waitMs).catch((error: unknown) => {
      throw new Fault('retry', 'no-token', `No token for ${scope} could be had.`, { cause: error });
    });
    if (token === null) throw new Fault('halt', 'no-token', `The credential gives no token for ${scope}.`);
    return token.token;
  };
}

// The managed identity credential heeds no abort signal.
async function within(asked: Promise<AccessToken | null>, waitMs: number): Promise<AccessToken | null> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no token in ${waitMs} ms`)), waitMs);
  return Promise.race([asked, promise]).finally(() => clearTimeout(timer));
}

/** The claims that a 401 asks a new token to have (continuous access evaluation); undefined where it asks for none. */
export function claimsOf(challenge: string | null): string | undefined {
  const encoded = /\bclaims="([A-Za-z0-9+/=_-]+)"/.exec(challenge ?? '')?.[1];
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8');
}
