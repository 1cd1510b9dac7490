import type { Cookie, HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import { type Fault, toFault } from './domain/fault.ts';
import { type HttpHandler, record } from './edge.ts';
import { inInvocation } from './log.ts';
import type { Log } from './ports.ts';

/** What a page answers: a whole page, or where to go. */
export type PageAnswer = ({ readonly status: number; readonly html: string } | { readonly location: string }) & {
  readonly cookies?: readonly Cookie[];
};

/** What stands behind the pages. */
interface Pages {
  /** The page for a fault; nothing of what nobody foresaw is on it. */
  failed(fault: Fault): string;
  /** The content security policy of all of them. */
  readonly policy: string;
}

/**
 * Turns a function that answers or throws into an HTTP handler for people: a fault becomes a page too. Nothing is kept by
 * caches, framed, or told to other sites as where somebody came from.
 */
export function httpPage<P extends Pages>(
  { log }: { readonly log: Log },
  pages: () => Promise<P>,
  handle: (pages: P, request: HttpRequest) => Promise<PageAnswer>,
): HttpHandler {
  const handler = (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> =>
    inInvocation(context, async () => {
      const page = await pages();
      try {
        return responseOf(page.policy, await handle(page, request));
      } catch (error) {
        const fault = toFault(error);
        record(log, fault);
        return responseOf(page.policy, { status: fault.status, html: page.failed(fault) });
      }
    });
  return Object.assign(handler, { door: 'own' as const });
}

function responseOf(policy: string, answer: PageAnswer): HttpResponseInit {
  const headers = {
    'cache-control': 'no-store',
    'content-security-policy': policy,
    'cross-origin-opener-policy': 'same-origin',
    // Not `no-referrer`: with that, a browser does not say of a form whose page it is on either (Fetch, "append a request Origin header").
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  };
  const cookies = answer.cookies ? { cookies: [...answer.cookies] } : {};
  if ('location' in answer) return { status: 303, headers: { ...headers, location: answer.location }, ...cookies };
  return {
    status: answer.status,
    headers: { ...headers, 'content-type': 'text/html; charset=utf-8' },
    body: answer.html,
    ...cookies,
  };
}
