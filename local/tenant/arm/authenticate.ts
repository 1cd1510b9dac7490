import { errors } from 'jose';
import { Refusal } from '../refusal.ts';
import { TENANT } from '../seed.ts';
import type { Tokens } from '../tokens.ts';
import type { ArmCaller } from './call.ts';

const AUDIENCES = [
  'https://management.core.windows.net/',
  'https://management.core.windows.net',
  'https://management.azure.com/',
  'https://management.azure.com',
];
const CHALLENGE = `Bearer authorization_uri="https://login.microsoftonline.com/${TENANT.id}"`;

export async function authenticate(tokens: Tokens, authorization: string | undefined): Promise<ArmCaller> {
  const token = /^bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1];
  if (!token)
    throw refuse(
      '',
      "Authentication failed. The 'Authorization' header is missing or invalid.",
      'AuthenticationFailed',
    );
  const claims = await tokens.verify(token).catch((error: unknown) => {
    if (error instanceof errors.JWTExpired)
      throw refuse(
        'invalid_token',
        'The access token expiry UTC time is earlier than current UTC time.',
        'ExpiredAuthenticationToken',
      );
    throw refuse('invalid_token', 'The access token is invalid.', 'InvalidAuthenticationToken');
  });
  const audience = String(claims.aud);
  if (!AUDIENCES.includes(audience)) {
    const allowed = AUDIENCES.map((one) => `'${one}'`).join(',');
    throw refuse(
      'invalid_token',
      `The access token has been obtained for wrong audience or resource '${audience}'. It should exactly match with one of the allowed audiences ${allowed}.`,
      'InvalidAuthenticationTokenAudience',
    );
  }
  if (claims.tid !== TENANT.id) {
    throw refuse('invalid_token', 'The access token is from the wrong issuer.', 'InvalidAuthenticationTokenTenant');
  }
  return { objectId: String(claims.oid), appId: String(claims.appid) };
}

function refuse(error: string, message: string, code: string): Refusal {
  const detail = error === '' ? '' : `, error="${error}", error_description="${message}"`;
  return new Refusal(401, code, message, { 'www-authenticate': `${CHALLENGE}${detail}` });
}
