import { createHash } from 'node:crypto';
import { jwtVerify } from 'jose/jwt/verify';
import { z } from 'zod';
import { Fault } from '../../domain/fault.ts';
import { type Authority, answerMs, notBelieved, rememberedMetadata, unauthenticated } from './authority.ts';

/** The app registration that people sign in to. */
export interface SignInPlace extends Authority {
  readonly clientId: string;
  /** Exactly as registered. */
  readonly redirectUri: string;
  /** What proves that we are the app: a token of the managed identity that the registration trusts. No secret is kept. */
  readonly assertion: () => Promise<string>;
}

/** What a sign-in is bound to, all of it random: the browser keeps it until the answer comes. */
export interface Binding {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export interface SignIn {
  /** Where to send the browser. `another` asks who one is, also where somebody is signed in. */
  begin(binding: Binding, another: boolean): Promise<string>;
  /** Who signed in. @throws Fault `refuse` (401) for an answer that is not for this, `retry` where Entra gives none */
  finish(code: string, binding: Binding): Promise<{ readonly id: string; readonly name: string }>;
}

const claimsSchema = z.object({
  oid: z.guid(),
  tid: z.string(),
  nonce: z.string(),
  name: z.string().optional(),
  preferred_username: z.string().optional(),
});

/**
 * Signs people in by OpenID Connect: authorization code with PKCE (S256), state, nonce, and an id token checked by the tenant's
 * keys. https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
 */
export function signInOf(place: SignInPlace): SignIn {
  const published = rememberedMetadata(place);
  return {
    begin: async ({ state, nonce, verifier }, another) => {
      const url = new URL((await published()).authorizationEndpoint);
      const query = {
        client_id: place.clientId,
        response_type: 'code',
        response_mode: 'query',
        redirect_uri: place.redirectUri,
        // Without `profile` there is no object id in the token.
        scope: 'openid profile',
        state,
        nonce,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
        ...(another ? { prompt: 'select_account' } : {}),
      };
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
      return url.href;
    },
    finish: async (code, binding) => {
      const { tokenEndpoint, issuer, keys } = await published();
      const idToken = await redeemed(place, tokenEndpoint, code, binding);
      const checks = {
        issuer,
        audience: place.clientId,
        algorithms: ['RS256'],
        clockTolerance: 60,
        requiredClaims: ['exp', 'nonce'],
      };
      const { payload } = await jwtVerify(idToken, keys, checks).catch((error: unknown) => {
        throw notBelieved(error);
      });
      const claims = claimsSchema.safeParse(payload).data;
      if (!claims || claims.tid !== place.tenantId || claims.nonce !== binding.nonce)
        throw unauthenticated('The sign-in is not the one that was begun here.');
      return { id: claims.oid, name: claims.name ?? claims.preferred_username ?? claims.oid };
    },
  };
}

const answerSchema = z.object({ id_token: z.string() });

async function redeemed(place: SignInPlace, endpoint: string, code: string, { verifier }: Binding): Promise<string> {
  const body = new URLSearchParams({
    client_id: place.clientId,
    grant_type: 'authorization_code',
    code,
    redirect_uri: place.redirectUri,
    code_verifier: verifier,
    scope: 'openid profile',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await place.assertion(),
  });
  const response = await fetch(endpoint, {
    method: 'POST',
    body,
    redirect: 'error',
    signal: AbortSignal.timeout(answerMs),
  }).catch((cause: unknown) => {
    throw new Fault('retry', 'no-sign-in', 'Signing in is not possible now.', { cause });
  });
  if (response.status === 400) throw unauthenticated('The sign-in was used, has expired, or was begun elsewhere.');
  const answer = answerSchema.safeParse(await response.json().catch(() => null));
  if (response.ok && answer.success) return answer.data.id_token;
  const message = 'Entra does not give tokens to the approval page; see whether its registration trusts this identity.';
  throw new Fault(response.status >= 500 ? 'retry' : 'halt', 'no-sign-in', message, {
    detail: { status: response.status },
  });
}
