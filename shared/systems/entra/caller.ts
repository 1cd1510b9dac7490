import { jwtVerify } from 'jose/jwt/verify';
import { z } from 'zod';
import { isRole } from '../../domain/right.ts';
import type { Authenticate } from '../../ports.ts';
import { type Authority, notBelieved, rememberedMetadata, unauthenticated } from './authority.ts';

/** Whose tokens are believed. */
export interface TokenPlace extends Authority {
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
      throw notBelieved(error);
    });
    const claims = claimsSchema.safeParse(payload);
    if (!claims.success || claims.data.tid !== tenantId) throw unauthenticated('The token is not valid here.');
    const { oid, name, preferred_username, azp, roles } = claims.data;
    return { id: oid, name: name ?? preferred_username ?? azp ?? oid, roles: roles.filter(isRole) };
  };
}
