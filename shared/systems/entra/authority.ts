import type { JWTVerifyGetKey } from 'jose';
import * as errors from 'jose/errors';
import { createRemoteJWKSet } from 'jose/jwks/remote';
import { z } from 'zod';
import { Fault } from '../../domain/fault.ts';

/** Where a tenant signs people in. */
export interface Authority {
  readonly authorityHost: string;
  readonly tenantId: string;
}

/** What the tenant publishes about itself. */
export interface Published {
  readonly issuer: string;
  readonly keys: JWTVerifyGetKey;
  /** Empty where it is not published: tokens are believed without it, nobody signs in. */
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
}

const metadataSchema = z.object({
  issuer: z.url(),
  jwks_uri: z.url(),
  authorization_endpoint: z.url().optional(),
  token_endpoint: z.url().optional(),
});

/** How long the authority may take, in milliseconds. */
export const answerMs = 5000;

/** Issuer, keys and endpoints as the tenant publishes them (OpenID Connect Discovery 1.0); the keys renew themselves. */
export function rememberedMetadata({ authorityHost, tenantId }: Authority): () => Promise<Published> {
  let known: Promise<Published> | null = null;
  const fetched = async (): Promise<Published> => {
    const address = `${authorityHost}/${tenantId}/v2.0/.well-known/openid-configuration`;
    const response = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(answerMs) });
    const metadata = metadataSchema.parse(await response.json());
    return {
      issuer: metadata.issuer,
      keys: createRemoteJWKSet(new URL(metadata.jwks_uri), { timeoutDuration: answerMs }),
      authorizationEndpoint: metadata.authorization_endpoint ?? '',
      tokenEndpoint: metadata.token_endpoint ?? '',
    };
  };
  return () => {
    known ??= fetched().catch((error: unknown) => {
      known = null;
      throw noKeys(error);
    });
    return known;
  };
}

/** Codes for a key set that does not come or is none; the generic one is for an answer other than 200. */
const keyFailures: ReadonlySet<string> = new Set(['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC']);

/** A bad token is its sender's fault; keys that cannot be had are not. */
export function notBelieved(error: unknown): Fault {
  if (error instanceof errors.JWTExpired) return unauthenticated('The token has expired.', error);
  const ours = !(error instanceof errors.JOSEError) || keyFailures.has(error.code);
  return ours ? noKeys(error) : unauthenticated('The token is not valid here.', error);
}

function noKeys(cause: unknown): Fault {
  return new Fault('retry', 'no-keys', 'The keys to check the token with cannot be had now.', { cause });
}

export function unauthenticated(message: string, cause?: unknown): Fault {
  return new Fault('refuse', 'unauthenticated', message, { status: 401, cause });
}
