import { HttpRequest } from '@azure/functions';
import { type Session, type Sessions, sessionsOf } from '../../shared/channels/page/session.ts';
import { toFault } from '../../shared/domain/fault.ts';
import type { PageAnswer } from '../../shared/edge-page.ts';
import { type PageRequests, pageRequestsOf } from '../../shared/requests/page.ts';
import { approver, type Stack } from './engine.ts';

export const origin = 'https://quell.example';

/** The approval page over an engine in memory, and a browser that keeps cookies for nobody but who is said. */
export interface TestPage {
  readonly pages: PageRequests;
  readonly sessions: Sessions;
  readonly session: Session;
  get(run: string, options?: Asked): Promise<Shown>;
  post(run: string, fields: Readonly<Record<string, string>> | string, options?: Asked): Promise<Shown>;
}

export interface Asked {
  readonly session?: Session | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
}

export interface Shown {
  readonly status: number;
  readonly html: string;
  readonly location: string | null;
  readonly answer: PageAnswer | null;
}

export function pageOf(stack: Stack): TestPage {
  const sessions = sessionsOf({ secret: 'a secret of thirty-two characters', clock: stack.clock.now });
  let count = 0;
  const pages = pageRequestsOf({
    engine: stack.engine,
    sessions,
    origin,
    random: () => {
      count += 1;
      return String(count).padStart(43, 'r');
    },
    signIn: {
      begin: async ({ state }, another) => `https://login.example/?state=${state}&another=${another}`,
      finish: async (code) => ({ id: code, name: 'Somebody' }),
    },
  });
  const session: Session = { id: approver.id, name: approver.name, sid: 'sid-1' };
  const cookie = async (who: Session | null): Promise<Record<string, string>> =>
    who === null ? {} : { cookie: `other=1; __Host-quell-session=${await sessions.seal(who)}` };
  return {
    pages,
    sessions,
    session,
    get: async (run, { session: who = session, headers = {}, query = {} } = {}) => {
      const about = { method: 'GET', url: `${origin}/api/approve/${run}`, params: { id: run }, query };
      return settled(pages, pages.show(new HttpRequest({ ...about, headers: { ...(await cookie(who)), ...headers } })));
    },
    post: async (run, fields, { session: who = session, headers = {} } = {}) => {
      const string = typeof fields === 'string' ? fields : new URLSearchParams(fields).toString();
      const own = { origin, 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' };
      const about = { method: 'POST', url: `${origin}/api/approve/${run}`, params: { id: run }, body: { string } };
      const all = { ...(await cookie(who)), ...own, ...headers };
      return settled(pages, pages.decide(new HttpRequest({ ...about, headers: all })));
    },
  };
}

async function settled(pages: PageRequests, work: Promise<PageAnswer>): Promise<Shown> {
  try {
    const answer = await work;
    if ('location' in answer) return { status: 303, html: '', location: answer.location, answer };
    return { status: answer.status, html: answer.html, location: null, answer };
  } catch (error) {
    const fault = toFault(error);
    return { status: fault.status, html: pages.failed(fault), location: null, answer: null };
  }
}

/** The fields that the form of a choice has, as the page gave them out. */
export function fieldsOf(html: string, label: string): Record<string, string> {
  const forms = [...html.matchAll(/<form[\s\S]*?<\/form>/g)].map(([form]) => form);
  const form = forms.find((one) => one.includes(label)) ?? '';
  const fields = [...form.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [
    name,
    value.replace(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code))),
  ]);
  return Object.fromEntries(fields);
}
