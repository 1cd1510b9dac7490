import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import { Fault } from '../../domain/fault.ts';
import { isRole } from '../../domain/right.ts';
import type { Authenticate } from '../../ports.ts';

/** Whose tokens are believed. */
export interface TokenPlace {
  readonly authorityHost: string;
  readonly tenantId: string;
  readonly audience: string;
}

const claimsSchema = z.object({
  oid: z.string().min(1),
  tid: z.string(),
  name: z.string().optional(),
  preferred_username: z.string().optional(),
  azp: z.string().optional(),
  roles: z.array(z.string()).default([]),
});

/**
 * Believes access tokens of one tenant for one audience: RS256 by the tenant's published keys, issuer, audience, tenant
 * and times checked here and not by whoever stands in front.
 * https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-tokens
 */
export function callerOf(place: TokenPlace): Authenticate {
  const { tenantId, audience } = place;
  const published = rememberedMetadata(place);
  return async (authorization) => {
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) throw unauthenticated('A bearer token is needed.');
    const { issuer, keys } = await published();
    const checks = {
      issuer,
      audience,
      algorithms: ['RS256'],
      clockTolerance: 60,
      requiredClaims: ['exp', 'oid', 'tid'],
    };
    const { payload } = await jwtVerify(token, keys, checks).catch((error: unknown) => {
      throw refused(error);
    });
    const claims = claimsSchema.safeParse(payload);
    if (!claims.success || claims.data.tid !== tenantId) throw unauthenticated('The token is not valid here.');
    const { oid, name, preferred_username, azp, roles } = claims.data;
    return { id: oid, name: name ?? preferred_username ?? azp ?? oid, roles: roles.filter(isRole) };
  };
}

interface Published {
  readonly issuer: string;
  readonly keys: JWTVerifyGetKey;
}

const metadataSchema = z.object({ issuer: z.url(), jwks_uri: z.url() });

/** How long the authority may take, in milliseconds. */
const answerMs = 5000;

/** Issuer and keys as the tenant publishes them (OpenID Connect Discovery 1.0); the keys renew themselves. */
function rememberedMetadata({ authorityHost, tenantId }: TokenPlace): () => Promise<Published> {
  let known: Promise<Published> | null = null;
  const fetched = async (): Promise<Published> => {
    const address = `${authorityHost}/${tenantId}/v2.0/.well-known/openid-configuration`;
    const response = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(answerMs) });
    const { issuer, jwks_uri } = metadataSchema.parse(await response.json());
    return { issuer, keys: createRemoteJWKSet(new URL(jwks_uri), { timeoutDuration: answerMs }) };
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
function refused(error: unknown): Fault {
  if (error instanceof errors.JWTExpired) return unauthenticated('The token has expired.', error);
  const ours = !(error instanceof errors.JOSEError) || keyFailures.has(error.code);
  return ours ? noKeys(error) : unauthenticated('The token is not valid here.', error);
}

function noKeys(cause: unknown): Fault {
  return new Fault('retry', 'no-keys', 'The keys to check the token with cannot be had now.', { cause });
}

function unauthenticated(message: string, cause?: unknown): Fault {
  return new Fault('refuse', 'unauthenticated', message, { status: 401, cause });
}
