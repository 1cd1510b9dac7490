import { ENGINE, PAGE_APP, TENANT } from '../seed.ts';
import type { Tenant } from '../tenant.ts';
import type { Tokens } from '../tokens.ts';
import type { Answer, Asked } from '../wire.ts';
import type { Codes } from './codes.ts';

const PATH = `/${TENANT.id}/oauth2/v2.0/token`;

/** What a managed identity's token has to be for, to stand for an app registration that trusts it. */
const exchange = 'api://AzureADTokenExchange';
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * The token endpoint: an id token for a code, once. The app proves itself with a token of the managed identity that it
 * trusts (https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity).
 */
export async function answerToken(
  parts: { tenant: Tenant; tokens: Tokens; codes: Codes },
  { method, url, headers, body }: Asked,
): Promise<Answer | undefined> {
  if (method !== 'POST' || url.pathname !== PATH) return undefined;
  const given = new URLSearchParams(body);
  const value = (name: string) => given.get(name) ?? '';
  if (!headers['content-type']?.startsWith('application/x-www-form-urlencoded'))
    return refused('invalid_request', 'AADSTS900144: The request body must contain the parameters.');
  if (value('grant_type') !== 'authorization_code')
    return refused('unsupported_grant_type', 'AADSTS70003: The grant type is not supported.');
  if (!(await isTrusted(parts.tokens, value('client_assertion_type'), value('client_assertion'))))
    return refused('invalid_client', 'AADSTS700213: No matching federated identity record found.', 401);
  const issued = parts.codes.redeem(value('code'), {
    clientId: value('client_id'),
    redirectUri: value('redirect_uri'),
    verifier: value('code_verifier'),
  });
  const user = issued && parts.tenant.truth().users[issued.user];
  if (!issued || !user)
    return refused('invalid_grant', 'AADSTS70008: The code is used, expired, or does not match what it was given for.');
  const { token } = await parts.tokens.forSignIn({
    audience: PAGE_APP.appId,
    nonce: issued.nonce,
    objectId: user.id,
    name: user.displayName,
    upn: user.userPrincipalName,
  });
  return { status: 200, body: { token_type: 'Bearer', scope: 'openid profile', expires_in: 3600, id_token: token } };
}

async function isTrusted(tokens: Tokens, type: string, assertion: string): Promise<boolean> {
  if (type !== assertionType) return false;
  const claims = await tokens.verify(assertion).catch(() => null);
  return claims?.aud === exchange && claims.oid === ENGINE.objectId;
}

function refused(error: string, description: string, status = 400): Answer {
  const codes = [Number(/\d+/.exec(description)?.[0])];
  return { status, body: { error, error_description: description, error_codes: codes } };
}
