import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import { z } from 'zod';
import { Fault } from '../../../domain/fault.ts';
import type { Clock } from '../../../ports.ts';
import type { BotCloud } from '../clouds.ts';

/** What a token of the Bot Connector says, once it is believed. */
export interface Vouched {
  /** Where the call came from; has to be what the activity says, too. */
  readonly serviceUrl: string;
  /** The channels that the signing key stands for. */
  readonly endorsements: readonly string[];
}

/** Keys are kept a day, and asked for again at once where one is unknown, but not more than every 30 s. */
const keyCache = { cacheMaxAge: 24 * 3600_000, cooldownDuration: 30_000, timeoutDuration: 5000 };

/** Clocks may differ by 5 minutes. */
const skewSeconds = 300;

const endorsedSchema = z.object({ endorsements: z.array(z.string()).default([]) });

/**
 * Believes a token of the Bot Connector, or does not: Bearer, RS256 by a published key, one issuer, our bot as audience,
 * times within 5 minutes, and a claim `serviceurl`. Tokens of the directory with the same audience are not believed:
 * any app of a tenant can get one.
 * https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
 * @throws Fault `refuse` (401), `retry` where the keys cannot be had
 */
export function tokenVerifier(
  cloud: BotCloud,
  appId: string,
  clock: Clock,
): (authorization: string | null) => Promise<Vouched> {
  const keys = createRemoteJWKSet(new URL(cloud.keysUrl), keyCache);
  return async (authorization) => {
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) throw notBelieved('no bearer token');
    const checks = {
      issuer: cloud.issuer,
      audience: appId,
      algorithms: ['RS256'],
      clockTolerance: skewSeconds,
      currentDate: new Date(clock()),
      requiredClaims: ['exp', 'serviceurl'],
    };
    const { payload, protectedHeader } = await jwtVerify(token, keys, checks).catch((error: unknown) => {
      throw refused(error);
    });
    const key = keys.jwks()?.keys.find(({ kid }) => kid === protectedHeader.kid);
    const { endorsements } = endorsedSchema.parse(key ?? {});
    if (typeof payload.serviceurl !== 'string') throw notBelieved('serviceurl is no text');
    return { serviceUrl: payload.serviceurl, endorsements };
  };
}

/** Codes for a key set that does not come or is none; the generic one is for an answer other than 200. */
const keyFailures: ReadonlySet<string> = new Set(['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC']);

/** A bad token is its sender's fault; keys that cannot be had are not. */
function refused(error: unknown): Fault {
  if (error instanceof errors.JOSEError && !keyFailures.has(error.code)) return notBelieved(error.message, error);
  return new Fault('retry', 'no-keys', 'The keys to check the token with cannot be had now.', { cause: error });
}

function notBelieved(why: string, cause?: unknown): Fault {
  return new Fault('refuse', 'not-from-teams', 'This call is not from Teams.', { status: 401, detail: { why }, cause });
}
