import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import { z } from 'zod';
import { Fault } from '../../domain/fault.ts';
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
export function callerOf({ authorityHost, tenantId, audience }: TokenPlace): Authenticate {
  const keys = createRemoteJWKSet(new URL(`${authorityHost}/${tenantId}/discovery/v2.0/keys`), {
    timeoutDuration: 5000,
  });
  const issuer = `${authorityHost}/${tenantId}/v2.0`;
  return async (authorization) => {
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) throw unauthenticated('A bearer token is needed.');
    const options = {
      issuer,
      audience,
      algorithms: ['RS256'],
      clockTolerance: 60,
      requiredClaims: ['exp', 'oid', 'tid'],
    };
    const { payload } = await jwtVerify(token, keys, options).catch((error: unknown) => {
      throw refused(error);
    });
    const claims = claimsSchema.safeParse(payload);
    if (!claims.success || claims.data.tid !== tenantId) throw unauthenticated('The token is not valid here.');
    const { oid, name, preferred_username, azp, roles } = claims.data;
    return { id: oid, name: name ?? preferred_username ?? azp ?? oid, roles };
  };
}

function refused(error: unknown): Fault {
  if (error instanceof errors.JWTExpired) return unauthenticated('The token has expired.', error);
  // Only a key that is not among the published ones, or a bad token, is the caller's fault; keys that cannot be had are not.
  const theirs =
    error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout) && error.code !== 'ERR_JOSE_GENERIC';
  if (theirs) return unauthenticated('The token is not valid here.', error);
  return new Fault('retry', 'no-keys', 'The keys to check the token with cannot be had now.', { cause: error });
}

function unauthenticated(message: string, cause?: unknown): Fault {
  return new Fault('refuse', 'unauthenticated', message, { status: 401, cause });
}
