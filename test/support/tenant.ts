import { Client } from '@microsoft/microsoft-graph-client';
import { servicePrincipals } from '../../local/tenant/seed/directory.ts';
import { ENGINE } from '../../local/tenant/seed.ts';
import { type RunningTenant, startTenant, type TenantOptions } from '../../local/tenant/server.ts';

export const IDENTITY_HEADER = 'a-secret-of-the-platform';
export const GRAPH = 'https://graph.microsoft.com';
export const ARM = 'https://management.azure.com';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export interface Call {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Graph permissions in place of the engine's. */
  readonly roles?: readonly string[];
  /** Object id of a caller other than the engine. */
  readonly as?: string;
}

export interface TestTenant extends RunningTenant {
  graph(path: string, call?: Call): Promise<Reply>;
  arm(path: string, call?: Call): Promise<Reply>;
  local(path: string, call?: Call): Promise<Reply>;
}

/** A stand-in tenant, with the calls that a test makes to it over HTTP. */
export async function testTenant(options: Partial<TenantOptions> = {}): Promise<TestTenant> {
  const running = await startTenant({ identityHeader: IDENTITY_HEADER, ...options });
  const granted = servicePrincipals[ENGINE.objectId]?.appRoles ?? [];
  const bearer = async (audience: string, { roles = granted, as = ENGINE.objectId }: Call) => {
    const { token } = await running.tokens.forApp({ audience, roles, objectId: as });
    return { authorization: `Bearer ${token}` };
  };
  return {
    ...running,
    graph: async (path, call = {}) => send(`${running.url}/v1.0${path}`, call, await bearer(GRAPH, call)),
    arm: async (path, call = {}) => send(`${running.url}${path}`, call, await bearer(ARM, call)),
    local: (path, call = {}) => send(`${running.url}${path}`, call, {}),
  };
}

export async function send(url: string, call: Call, headers: Readonly<Record<string, string>>): Promise<Reply> {
  const { method = 'GET', body } = call;
  const content = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  const response = await fetch(new URL(url), { method, ...content, headers: { ...headers, ...call.headers } });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}

/** The rows of a list, whatever is wrong with the answer. */
export function rows(reply: Reply): readonly Record<string, unknown>[] {
  const { body } = reply;
  return typeof body === 'object' && body !== null && 'value' in body && Array.isArray(body.value) ? body.value : [];
}

/** All pages of a list in Resource Manager. */
export async function allRows(tenant: TestTenant, path: string, call: Call = {}): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  let next: string | undefined = path;
  while (next !== undefined) {
    const reply: Reply = await tenant.arm(next, call);
    found.push(...rows(reply));
    const link: unknown = Reflect.get(Object(reply.body), 'nextLink');
    next = typeof link === 'string' ? link.slice(tenant.url.length) : undefined;
  }
  return found;
}

/**
 * The real Graph client. Its own authentication sends a token to https hosts only, so the last step does both:
 * puts the token in and sends.
 */
export function graphClient(tenant: TestTenant, roles: readonly string[]): Client {
  return Client.initWithMiddleware({
    baseUrl: tenant.url,
    middleware: {
      async execute(context) {
        const { token } = await tenant.tokens.forApp({ audience: GRAPH, roles });
        const headers = { ...Object(context.options?.headers), authorization: `Bearer ${token}` };
        context.response = await fetch(context.request, { ...context.options, headers });
      },
    },
  });
}
