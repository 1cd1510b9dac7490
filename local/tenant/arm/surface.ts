import { Refusal } from '../refusal.ts';
import { findRoute } from '../router.ts';
import type { Tenant } from '../tenant.ts';
import type { Tokens } from '../tokens.ts';
import type { Answer, Asked } from '../wire.ts';
import { checkVersion } from './api-version.ts';
import { authenticate } from './authenticate.ts';
import { operations } from './operations.ts';

/** One request to Azure Resource Manager, from the token to the answer. */
export async function answerArm(tenant: Tenant, tokens: Tokens, asked: Asked): Promise<Answer> {
  const id = crypto.randomUUID();
  const identity = {
    'x-ms-request-id': id,
    'x-ms-correlation-request-id': asked.headers['x-ms-correlation-request-id'] ?? id,
  };
  try {
    const answer = await respond(tenant, tokens, asked);
    return { ...answer, headers: { ...identity, ...answer.headers } };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { status, code, message, headers } = error;
    return { status, headers: { ...identity, ...headers }, body: { error: { code, message } } };
  }
}

async function respond(tenant: Tenant, tokens: Tokens, asked: Asked): Promise<Answer> {
  const caller = await authenticate(tokens, asked.headers.authorization);
  const path = asked.url.pathname;
  const found = findRoute(operations, asked.method, path);
  if (!found) throw unknownPath(path);
  if ('allowed' in found) {
    const message = `The requested resource does not support http method '${asked.method}'.`;
    throw new Refusal(405, 'MethodNotAllowed', message, { allow: found.allowed.join(', ') });
  }
  const { route, params } = found;
  const query = asked.url.searchParams;
  checkVersion(route, query.get('api-version'));
  const answer = route.handle({ tenant, caller, params, query, url: asked.url, body: asked.body });
  if (asked.method !== 'GET') tenant.record(asked.method, path, answer.status);
  return answer;
}

function unknownPath(path: string): Refusal {
  const type = /\/providers\/Microsoft\.Authorization\/(\w+)/i.exec(path)?.[1];
  if (!type) return new Refusal(404, 'NotFound', `No HTTP resource was found that matches the request URI '${path}'.`);
  const message = `The resource type '${type}' could not be found in the namespace 'Microsoft.Authorization'.`;
  return new Refusal(404, 'InvalidResourceType', message);
}
