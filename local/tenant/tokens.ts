import { createLocalJWKSet, exportJWK, generateKeyPair, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { ENGINE, PEOPLE, PERSON_ROLES, type Person, TENANT } from './seed.ts';

const HOUR = 3600;

/** The issuers of the real directory: v1 for what a managed identity gets, v2 for people in the engine's own API. */
const ISSUER_V1 = `https://sts.windows.net/${TENANT.id}/`;
export const ISSUER_V2 = `https://login.microsoftonline.com/${TENANT.id}/v2.0`;

export interface AppToken {
  readonly audience: string;
  readonly objectId?: string;
  readonly appId?: string;
  readonly roles?: readonly string[];
  readonly lifetimeSeconds?: number;
  /** The version an API asks for in its registration (`requestedAccessTokenVersion`); Microsoft's own have 1. */
  readonly version?: 1 | 2;
}

/** Who signed in, and to what. */
export interface SignedIn {
  readonly audience: string;
  readonly nonce: string;
  readonly objectId: string;
  readonly name: string;
  readonly upn: string;
}

export interface Tokens {
  readonly jwks: { readonly keys: readonly object[] };
  /** A token as the platform gives it to an application. */
  forApp(token: AppToken): Promise<{ token: string; expiresOn: number }>;
  /** A token as the directory gives it to a person who signed in to the engine's API. */
  forPerson(person: Person, displayName: string, upn: string): Promise<{ token: string; expiresOn: number }>;
  /** An id token for an app that somebody signed in to; `nonce` is the app's own. */
  forSignIn(user: SignedIn): Promise<{ token: string; expiresOn: number }>;
  /** @throws what jose throws: expired, badly signed, not a token at all. Audience and tenant are for the caller. */
  verify(token: string): Promise<JWTPayload>;
}

export async function createTokens(now: () => number): Promise<Tokens> {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const kid = crypto.randomUUID();
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'RS256' }] };
  const keySet = createLocalJWKSet(jwks);

  async function sign(claims: JWTPayload, seconds: number): Promise<{ token: string; expiresOn: number }> {
    const issued = Math.floor(now() / 1000);
    const expiresOn = issued + seconds;
    const token = await new SignJWT({ tid: TENANT.id, ...claims, iat: issued, nbf: issued, exp: expiresOn })
      .setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' })
      .sign(privateKey);
    return { token, expiresOn };
  }

  return {
    jwks,
    forApp({ audience, objectId = ENGINE.objectId, appId = ENGINE.appId, version = 1, ...rest }) {
      const { roles = [], lifetimeSeconds = 24 * HOUR } = rest;
      const who = { aud: audience, oid: objectId, sub: objectId, idtyp: 'app', ...(roles.length > 0 && { roles }) };
      const first = { iss: ISSUER_V1, ver: '1.0', appid: appId, appidacr: '2', idp: ISSUER_V1 };
      const second = { iss: ISSUER_V2, ver: '2.0', azp: appId, azpacr: '2' };
      return sign({ ...who, ...(version === 1 ? first : second) }, lifetimeSeconds);
    },
    forPerson(person, name, upn) {
      const oid = PEOPLE[person];
      const who = { oid, sub: oid, name, preferred_username: upn, roles: PERSON_ROLES[person] };
      return sign({ aud: 'api://quell', iss: ISSUER_V2, ver: '2.0', ...who }, 8 * HOUR);
    },
    forSignIn({ audience, nonce, objectId, name, upn }) {
      const who = { oid: objectId, sub: objectId, name, preferred_username: upn };
      return sign({ aud: audience, iss: ISSUER_V2, ver: '2.0', nonce, ...who }, HOUR);
    },
    async verify(token) {
      const { payload } = await jwtVerify(token, keySet, { currentDate: new Date(now()) });
      return payload;
    },
  };
}
