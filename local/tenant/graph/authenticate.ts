import { errors } from 'jose';
import { Refusal } from '../refusal.ts';
import { TENANT } from '../seed.ts';
import type { Tokens } from '../tokens.ts';
import type { Caller } from './call.ts';

const GRAPH_APP = '00000003-0000-0000-c000-000000000000';
const AUDIENCES = ['https://graph.microsoft.com', 'https://graph.microsoft.com/', GRAPH_APP];
const CHALLENGE = `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="${GRAPH_APP}"`;

export async function authenticate(tokens: Tokens, authorization: string | undefined): Promise<Caller> {
  const token = /^bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1];
  if (!token) throw invalid('Access token is empty.');
  const claims = await tokens.verify(token).catch((error: unknown) => {
    throw invalid(reason(error));
  });
  if (!AUDIENCES.includes(String(claims.aud))) throw invalid('Access token validation failure. Invalid audience.');
  if (claims.tid !== TENANT.id) throw invalid('Access token validation failure. Invalid issuer.');
  const roles = Array.isArray(claims.roles) ? claims.roles.map(String) : [];
  return { objectId: String(claims.oid), roles: new Set(roles) };
}

function reason(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'Lifetime validation failed, the token is expired.';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'Signature is invalid.';
  return 'IDX14100: JWT is not well formed, there are no dots (.).';
}

function invalid(message: string): Refusal {
  return new Refusal(401, 'InvalidAuthenticationToken', message, { 'www-authenticate': CHALLENGE });
}
