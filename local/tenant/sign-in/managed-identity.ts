import { timingSafeEqual } from 'node:crypto';
import { ENGINE } from '../seed.ts';
import type { Tenant } from '../tenant.ts';
import type { Tokens } from '../tokens.ts';
import type { Answer, Asked } from '../wire.ts';

const GRAPH = /^https:\/\/graph\.microsoft\.com\/?$/;

/** The endpoint that App Service gives to an app with a managed identity (REST endpoint reference, 2019-08-01). */
export async function answerManagedIdentity(
  tenant: Tenant,
  tokens: Tokens,
  identityHeader: string,
  { method, url, headers }: Asked,
): Promise<Answer> {
  const query = url.searchParams;
  const resource = query.get('resource');
  const clientId = query.get('client_id') ?? ENGINE.appId;
  const given = headers['x-identity-header'];
  if (method !== 'GET') return refuse(405, 'The method is not supported.');
  if (given === undefined) return refuse(400, 'The X-IDENTITY-HEADER header is missing.');
  if (!sameSecret(given, identityHeader)) return refuse(401, 'The X-IDENTITY-HEADER header is wrong.');
  if (query.get('api-version') !== '2019-08-01') return refuse(400, 'The api-version is missing or not supported.');
  if (!resource) return refuse(400, 'The resource parameter is missing.');
  if (clientId !== ENGINE.appId) return refuse(400, 'No managed identity was found for the specified client id.');

  const engine = tenant.truth().servicePrincipals[ENGINE.objectId];
  const roles = GRAPH.test(resource) ? (engine?.appRoles ?? []) : [];
  const { token, expiresOn } = await tokens.forApp({ audience: resource, roles });
  const body = {
    access_token: token,
    expires_on: String(expiresOn),
    resource,
    token_type: 'Bearer',
    client_id: clientId,
  };
  return { status: 200, body };
}

function refuse(statusCode: number, message: string): Answer {
  return { status: statusCode, body: { statusCode, message } };
}

function sameSecret(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
