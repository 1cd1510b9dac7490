import { z } from 'zod';
import { findRoute } from '../router.ts';
import type { Tenant } from '../tenant.ts';
import type { Tokens } from '../tokens.ts';
import { type Answer, type Asked, parseObject } from '../wire.ts';
import type { Faults } from './faults.ts';
import type { Inbox } from './inbox.ts';
import { personToken } from './person-tokens.ts';

export interface Controlled {
  readonly tenant: Tenant;
  readonly tokens: Tokens;
  readonly faults: Faults;
  readonly inbox: Inbox;
}

type Control = (parts: Controlled, asked: Asked) => Answer | Promise<Answer>;

const lag = z.strictObject({ readAfterWriteMs: z.number().min(0) });

const controls: readonly { readonly method: string; readonly path: string; readonly run: Control }[] = [
  { method: 'POST', path: '/local/faults', run: ({ faults }, { body }) => faults.add(parseObject(body)) },
  { method: 'POST', path: '/local/lag', run: setLag },
  { method: 'GET', path: '/local/mutations', run: ({ tenant }) => ok({ mutations: tenant.mutations() }) },
  { method: 'POST', path: '/local/reset', run: reset },
  { method: 'GET', path: '/local/inbox', run: ({ inbox }) => inbox.list() },
  {
    method: 'POST',
    path: '/local/inbox',
    run: ({ inbox, tenant }, asked) => inbox.receive(asked, new Date(tenant.now()).toISOString()),
  },
  {
    method: 'GET',
    path: '/local/tokens',
    run: ({ tenant, tokens }, { url }) => personToken(tenant, tokens, url.searchParams.get('person')),
  },
];

/** What the real tenant has nothing of: the handles by which a test or a demonstration steers the stand-in. */
export async function answerControl(parts: Controlled, asked: Asked): Promise<Answer> {
  const found = findRoute(controls, asked.method, asked.url.pathname);
  if (!found) return failed(404, 'NoSuchControl', asked.url.pathname);
  if ('allowed' in found) return failed(405, 'MethodNotAllowed', `allowed: ${found.allowed.join(', ')}`);
  return found.route.run(parts, asked);
}

function setLag({ tenant }: Controlled, { body }: Asked): Answer {
  const parsed = lag.safeParse(parseObject(body));
  if (!parsed.success) return failed(400, 'BadLag', parsed.error.message);
  tenant.setLag(parsed.data.readAfterWriteMs);
  return ok(parsed.data);
}

function reset({ tenant, faults, inbox }: Controlled): Answer {
  tenant.reset();
  faults.clear();
  inbox.clear();
  return { status: 204 };
}

const ok = (body: unknown): Answer => ({ status: 200, body });

const failed = (status: number, code: string, message: string): Answer => {
  return { status, body: { error: { code, message } } };
};
