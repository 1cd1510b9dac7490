import type { Cookie, HttpRequest } from '@azure/functions';
import { approvalPage, type Notice } from '../channels/page/approval-page.ts';
import { messagePage } from '../channels/page/document.ts';
import { html } from '../channels/page/html.ts';
import type { Access } from '../channels/page/parts/choices.ts';
import { type Session, type Sessions, sessionSeconds, signInSeconds } from '../channels/page/session.ts';
import { contentSecurityPolicy } from '../channels/page/style.ts';
import { type Part, partIn } from '../domain/approval.ts';
import { Fault, toFault } from '../domain/fault.ts';
import type { PageAnswer } from '../edge-page.ts';
import { noApprover } from '../engine/approver.ts';
import { withAudit } from '../engine/audit.ts';
import { decide } from '../engine/decide.ts';
import type { Engine } from '../engine/engine.ts';
import { openJournal } from '../engine/journal.ts';
import type { SignIn } from '../systems/entra/sign-in.ts';
import { idOf } from './input.ts';
import { cookieOf, decisionForm, type Form } from './page-input.ts';

/** The approval page: looking never decides; deciding takes a session, and a form that this session was given. */
export interface PageRequests {
  show(request: HttpRequest): Promise<PageAnswer>;
  decide(request: HttpRequest): Promise<PageAnswer>;
  /** Where Entra sends the browser back to. */
  signedIn(request: HttpRequest): Promise<PageAnswer>;
  /** The page for a fault. */
  failed(fault: Fault): string;
  /** What the pages may load, and where their forms may lead. */
  readonly policy: string;
}

export interface PageParts {
  readonly engine: Engine;
  readonly signIn: SignIn;
  readonly sessions: Sessions;
  /** Random text, new each time: 256 bits, base64url. */
  readonly random: () => string;
  /** Origin of the page as people see it. */
  readonly origin: string;
}

/** @param parts null where no approval page is set up */
export function pageRequestsOf(parts: PageParts | null): PageRequests {
  const given = (): PageParts => {
    if (parts) return parts;
    throw new Fault('reject', 'no-page', 'There is no approval page here: PAGE_CLIENT_ID is not set.', { status: 404 });
  };
  return {
    show: (request) => show(given(), request),
    decide: (request) => decideOn(given(), request),
    signedIn: (request) => signedIn(given(), request),
    failed,
    policy: contentSecurityPolicy,
  };
}

async function show(parts: PageParts, request: HttpRequest): Promise<PageAnswer> {
  const run = idOf(request, 'run');
  const session = await sessionOf(parts, request);
  const another = request.query.get('account') === 'other';
  if (!session || another) return begin(parts, run, another);
  return shown(parts, { run, session, status: 200, notice: null });
}

interface Showing {
  readonly run: string;
  readonly session: Session;
  readonly status: number;
  readonly notice: Notice | null;
}

/** The page of a run, for approvers only: it says more about people than everybody has to know. */
async function shown({ engine, sessions }: PageParts, showing: Showing): Promise<PageAnswer> {
  const { session, status, notice } = showing;
  const reason = await noApprover(engine, session.id);
  if (reason !== null)
    throw new Fault('refuse', 'not-an-approver', `${session.name}, you cannot approve here: your account ${reason}.`);
  const run = (await openJournal(engine, showing.run)).run();
  const part = partIn(run.opened, session.id);
  const access: Access = part ? { token: null, because: parts[part.code] } : { token: sessions.token(session, run.id) };
  return { status, html: approvalPage({ run, now: engine.clock(), viewer: session, access, notice }) };
}

const parts: Readonly<Record<Part['code'], string>> = {
  'own-case': 'it is about you',
  'own-request': 'you raised the alert',
  'own-playbook': 'you were the last to edit the playbook',
};

/** Sends the browser to Entra. Several at once are told apart by their state. */
async function begin(parts: PageParts, run: string, another: boolean): Promise<PageAnswer> {
  const binding = { state: parts.random(), nonce: parts.random(), verifier: parts.random() };
  const sealed = await parts.sessions.sealSignIn({ ...binding, run });
  const cookies = [cookie(parts, signInCookie(parts, binding.state), sealed, signInSeconds)];
  return { location: await parts.signIn.begin(binding, another), cookies };
}

async function signedIn(parts: PageParts, request: HttpRequest): Promise<PageAnswer> {
  const state = request.query.get('state') ?? '';
  const name = signInCookie(parts, state);
  const begun = await parts.sessions.openSignIn(cookieOf(request, name));
  if (begun?.state !== state || state === '') {
    const message =
      'This sign-in was not begun in this browser, or took too long. Open the link to the approval again.';
    throw new Fault('refuse', 'sign-in-unknown', message, { status: 400 });
  }
  const code = request.query.get('code');
  if (!code)
    throw new Fault('refuse', 'sign-in-refused', 'Entra did not sign you in. Open the link again to try once more.');
  const person = await parts.signIn.finish(code, begun);
  const sealed = await parts.sessions.seal({ ...person, sid: parts.random() });
  return {
    location: `/api/approve/${begun.run}`,
    cookies: [cookie(parts, sessionCookie(parts), sealed, sessionSeconds), cookie(parts, name, '', 0)],
  };
}

/** Decides, and sends the browser to look at what came of it, so that reloading and going back decide nothing again. */
async function decideOn(parts: PageParts, request: HttpRequest): Promise<PageAnswer> {
  const { engine } = parts;
  const run = (request.params.id ?? '').slice(0, 80);
  const session = await sessionOf(parts, request);
  const who = { by: session?.id ?? null, byName: session?.name ?? null };
  const attempt = { what: 'decision', channel: 'page', run, ...who } as const;
  const form = await withAudit(engine, attempt, () => formOf(parts, request, session));
  try {
    await decide(engine, run, form.answer, { ...form.session, roles: [] }, 'page');
    return { location: `/api/approve/${run}` };
  } catch (error) {
    const fault = toFault(error);
    if (!toldOnPage.has(fault.disposition) || fault.code === 'not-an-approver' || fault.status === 404) throw fault;
    const notice = { tone: 'bad', text: `${fault.message} Nothing was changed by this.` } as const;
    return shown(parts, { run, session: form.session, status: fault.status, notice });
  }
}

/** What is told on the page itself, to somebody who may see it. */
const toldOnPage: ReadonlySet<string> = new Set(['conflict', 'reject', 'refuse']);

async function formOf(
  { sessions, origin }: PageParts,
  request: HttpRequest,
  session: Session | null,
): Promise<Form & { readonly session: Session }> {
  if (!session)
    throw new Fault(
      'refuse',
      'not-signed-in',
      'You are not signed in any more. Nothing was decided; open the page again.',
    );
  const run = idOf(request, 'run');
  const form = await decisionForm(request, origin);
  if (!sessions.isToken(session, run, form.token))
    throw new Fault(
      'refuse',
      'form-unknown',
      'This form was not given to you here. Nothing was decided; open the page again.',
    );
  return { ...form, session };
}

function sessionOf(parts: PageParts, request: HttpRequest): Promise<Session | null> {
  return parts.sessions.open(cookieOf(request, sessionCookie(parts)));
}

function sessionCookie(parts: PageParts): string {
  return `${prefix(parts)}session`;
}

function signInCookie(parts: PageParts, state: string): string {
  return `${prefix(parts)}sign-in-${/^[\w-]{43}$/.test(state) ? state.slice(0, 12) : ''}`;
}

/** `__Host-` binds a cookie to this host and to https (RFC 6265bis §4.1.3.2); only a trial on one machine has no https. */
function prefix({ origin }: PageParts): string {
  return origin.startsWith('https://') ? '__Host-quell-' : 'quell-';
}

function cookie({ origin }: PageParts, name: string, value: string, maxAge: number): Cookie {
  const secure = origin.startsWith('https://');
  // Lax, not Strict: people come from a link in a mail or in Teams, and from Entra. A form of another site sends none.
  return { name, value, maxAge, path: '/', httpOnly: true, secure, sameSite: 'Lax' };
}

function failed(fault: Fault): string {
  const { disposition, code, message } = fault;
  const text = disposition === 'halt' ? 'Something is wrong on our side; it was logged. Nothing was changed.' : message;
  const again = html`<p><a href="?account=other">Sign in as somebody else</a></p>`;
  const title = titles.get(code) ?? (disposition === 'retry' ? 'Not possible just now' : 'That did not work');
  return messagePage(null, { title, message: text, next: code === 'not-an-approver' ? again : null });
}

const titles: ReadonlyMap<string, string> = new Map([
  ['not-an-approver', 'Not for you to decide'],
  ['not-signed-in', 'Nothing was decided'],
  ['form-unknown', 'Nothing was decided'],
  ['unknown-run', 'There is no such run'],
  ['unknown-id', 'There is no such run'],
  ['sign-in-unknown', 'Sign in again'],
  ['sign-in-refused', 'You are not signed in'],
]);
