import { permits } from '../permissions.ts';
import { Refusal } from '../refusal.ts';
import { findRoute } from '../router.ts';
import type { Tenant } from '../tenant.ts';
import type { Tokens } from '../tokens.ts';
import { type Answer, type Asked, parseObject } from '../wire.ts';
import { authenticate } from './authenticate.ts';
import { answerBatch } from './batch.ts';
import { operations } from './operations.ts';
import { refuseUnknownOptions } from './page.ts';
import { badSyntax, denied } from './refusals.ts';

const ROOT = '/v1.0';

/** One request to Microsoft Graph v1.0, from the token to the answer. */
export async function answerGraph(tenant: Tenant, tokens: Tokens, asked: Asked): Promise<Answer> {
  const identity = {
    'request-id': crypto.randomUUID(),
    'client-request-id': asked.headers['client-request-id'] ?? crypto.randomUUID(),
  };
  try {
    const answer = await respond(tenant, tokens, asked);
    return { ...answer, headers: { ...identity, ...answer.headers } };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const body = graphError(tenant, error, identity);
    return { status: error.status, headers: { ...identity, ...error.headers }, body };
  }
}

/** Error responses: "code", "message" and an inner error that names the request. */
function graphError(tenant: Tenant, { code, message }: Refusal, identity: Record<string, string>): unknown {
  const date = new Date(tenant.now()).toISOString().slice(0, 19);
  return { error: { code, message, innerError: { date, ...identity } } };
}

async function respond(tenant: Tenant, tokens: Tokens, asked: Asked): Promise<Answer> {
  const caller = await authenticate(tokens, asked.headers.authorization);
  const path = asked.url.pathname.slice(ROOT.length);
  if (path === '/$batch') return answerBatch(asked, (part) => answerGraph(tenant, tokens, part));
  const found = findRoute(operations, asked.method, path);
  if (!found) throw badSyntax(`Resource not found for the segment '${path.split('/').at(-1)}'.`);
  if ('allowed' in found) throw methodNotAllowed(found.allowed);
  const { route, params } = found;
  if (!permits(route.allow, caller.roles)) throw denied();
  const query = asked.url.searchParams;
  refuseUnknownOptions(query);
  const eventual = asked.headers.consistencylevel === 'eventual';
  const advanced = eventual && query.get('$count') === 'true';
  const { operation } = route;
  const body = readBody(asked);
  const answer = route.handle({ operation, tenant, caller, params, query, url: asked.url, body, advanced, eventual });
  if (isWrite(route)) tenant.record(asked.method, asked.url.pathname, answer.status);
  return answer;
}

function isWrite({ method, operation }: { readonly method: string; readonly operation: string }): boolean {
  return method !== 'GET' && operation !== 'checkMemberGroups';
}

function methodNotAllowed(allowed: readonly string[]): Refusal {
  const message = 'Specified HTTP method is not allowed for the request target.';
  return new Refusal(405, 'Request_BadRequest', message, { allow: allowed.join(', ') });
}

function readBody({ body, method }: Asked): Record<string, unknown> {
  if (body === '' && method !== 'PATCH') return {};
  const parsed = parseObject(body);
  if (!parsed)
    throw badSyntax(
      'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
    );
  return parsed;
}
