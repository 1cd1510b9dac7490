import { createHash, randomBytes } from 'node:crypto';

/** What a request to sign in asked for; the code is good for this and nothing else. */
export interface Authorization {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly nonce: string;
  /** PKCE: BASE64URL(SHA-256(verifier)), RFC 7636 §4.2. */
  readonly challenge: string;
  readonly state: string;
}

/** A code somebody signed in for. */
interface Issued extends Authorization {
  readonly user: string;
  readonly until: number;
}

export interface Codes {
  issue(authorization: Authorization, user: string): string;
  /** Takes the code, which is then gone; undefined where there is none, or where it is for something else. */
  redeem(code: string, given: { clientId: string; redirectUri: string; verifier: string }): Issued | undefined;
}

/** How long a code is good, in milliseconds. */
const lifetimeMs = 600_000;

export function createCodes(now: () => number): Codes {
  const codes = new Map<string, Issued>();
  return {
    issue(authorization, user) {
      const code = randomBytes(32).toString('base64url');
      codes.set(code, { ...authorization, user, until: now() + lifetimeMs });
      return code;
    },
    redeem(code, { clientId, redirectUri, verifier }) {
      const issued = codes.get(code);
      codes.delete(code);
      if (!issued || issued.until < now()) return undefined;
      const fits = issued.clientId === clientId && issued.redirectUri === redirectUri;
      return fits && challengeOf(verifier) === issued.challenge ? issued : undefined;
    },
  };
}

function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}
