import { z } from 'zod';
import { Fault, toFault } from '../domain/fault.ts';
import type { Json } from '../domain/json.ts';
import { callMs, faultOf, retryAfterMs, silence } from './far-side.ts';
import type { Heard, Limiter } from './limiter.ts';
import type { Outgoing } from './sending.ts';
import { claimsOf, type TokenOf } from './token.ts';

/** A JSON API behind a bearer token. */
export interface HttpApi {
  /** One call; null where the answer has no body. @throws Fault */
  call(method: string, path: string, body?: Json, headers?: Readonly<Record<string, string>>): Promise<Json>;
  /** Every item of a paged list. Pages are only followed within the API's own address. @throws Fault */
  list<T>(path: string, item: z.ZodType<T>): Promise<T[]>;
}

/** Where an API is, how it is called in the log, and how a request gets there. */
export interface ApiPlace {
  readonly name: string;
  /** Everything a path comes after, without a slash at the end. */
  readonly url: string;
  readonly token: TokenOf;
  /** Sends one request, follows no redirect, and throws only where no answer comes. */
  readonly transport: Transport;
  /** Whose turn it is; null where nobody has to wait. */
  readonly limiter?: Limiter | null;
  readonly linkName: 'nextLink' | '@odata.nextLink';
  /** How long one call may take; set by tests. */
  readonly waitMs?: number;
}
export type Transport = (path: string, exchange: Outgoing) => Promise<Response>;

/** More pages than this is a far side that goes in circles. */
const maxPages = 1000;

/**
 * Sends calls the way both far sides document them: JSON, `error.code` and `error.message`, `Retry-After`. Retries
 * nothing, that is the engine's to do; only a token that is not accepted is replaced once.
 */
export function httpApi(place: ApiPlace): HttpApi {
  const call: HttpApi['call'] = async (method, path, body = null, headers = {}) => {
    const asked = { what: `${method} ${place.name}${path.split('?')[0]}`, writes: method !== 'GET' };
    const attempt = async (token: string) => exchange(place, { ...asked, method, path, body, headers, token });
    const first = await sent(place, asked.writes, async () => attempt(await place.token()));
    const last =
      first.response.status === 401
        ? await sent(place, asked.writes, async () =>
            attempt(await place.token({ claims: claimsOf(first.response.headers.get('www-authenticate')) })),
          )
        : first;
    return meant(last, asked);
  };
  return { call, list: (path, item) => pages(place, call, path, item) };
}

interface Asked {
  readonly what: string;
  readonly writes: boolean;
}
interface Attempt extends Asked {
  readonly method: string;
  readonly path: string;
  readonly body: Json;
  readonly headers: Readonly<Record<string, string>>;
  readonly token: string;
}
interface Answered {
  readonly response: Response;
  readonly text: string;
}

/** Sends when it is its turn, and tells what was heard about load. */
async function sent({ limiter }: ApiPlace, writes: boolean, send: () => Promise<Answered>): Promise<Answered> {
  if (!limiter) return send();
  const { answered } = await limiter.send(writes, async () => {
    const answered = await send();
    return { answered, ...loadIn(answered.response) };
  });
  return answered;
}

/** Is the far side asking to be left alone? */
function loadIn(response: Response): Heard {
  const { retryAfter, date } = timesOf(response);
  return { busy: response.status === 429 || response.status === 503, waitMs: retryAfterMs(retryAfter, date) };
}

async function exchange({ transport, waitMs = callMs }: ApiPlace, attempt: Attempt): Promise<Answered> {
  const { what, writes, method, path, body, token } = attempt;
  const type: Record<string, string> = body === null ? {} : { 'content-type': 'application/json' };
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json', ...type, ...attempt.headers };
  const text = body === null ? null : JSON.stringify(body);
  const limit = new AbortController();
  // Ended with the answer. `AbortSignal.timeout` would go off later all the same, and keep the exchange until then.
  const timer = setTimeout(() => limit.abort(), waitMs);
  try {
    const response = await transport(path, { method, body: text, headers, signal: limit.signal });
    return { response, text: await response.text() };
  } catch (error) {
    throw silence(what, writes, error);
  } finally {
    clearTimeout(timer);
  }
}

function meant({ response, text }: Answered, { what, writes }: Asked): Json {
  if (!response.ok) throw faultOf({ what, status: response.status, ...problemOf(text), ...timesOf(response), writes });
  if (text === '' && writes) return null;
  const body = parsed(text);
  if (body !== undefined) return body;
  // The change was made, whatever the answer looks like; what was read is worth nothing.
  if (writes) return null;
  throw new Fault('halt', 'unexpected-answer', `${what} did not answer JSON.`);
}

async function pages<T>(
  { name, url, linkName }: ApiPlace,
  call: HttpApi['call'],
  path: string,
  item: z.ZodType<T>,
): Promise<T[]> {
  const page = z.looseObject({ value: z.array(item) });
  const items: T[] = [];
  let next: string | undefined = path;
  for (let count = 0; next !== undefined; count += 1) {
    if (count === maxPages) throw new Fault('halt', 'endless-list', `${name}${path} has more than ${maxPages} pages.`);
    const answer: z.infer<typeof page> = read(page, await call('GET', next), `GET ${name}${path}`);
    items.push(...answer.value);
    next = nextPage(answer[linkName], url);
  }
  return items;
}

/** The path of the next page. Our token goes nowhere but where it was set to go, whatever an answer says. */
function nextPage(link: unknown, url: string): string | undefined {
  if (typeof link !== 'string') return undefined;
  const base = new URL(url);
  const root = base.pathname.replace(/\/$/, '');
  // Compared as URLs: Azure writes the port of some links out.
  const next = URL.parse(link);
  if (next?.origin === base.origin && next.pathname.startsWith(`${root}/`))
    return next.pathname.slice(root.length) + next.search;
  throw new Fault('halt', 'foreign-page', 'A page of a list points to another host.', { detail: { link } });
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The headers that say when to come again. */
export function timesOf({ headers }: Response): { retryAfter: string | null; date: string | null } {
  return { retryAfter: headers.get('retry-after'), date: headers.get('date') };
}

const problemSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

function problemOf(text: string): { code: string; message: string } {
  return problemSchema.safeParse(parsed(text)).data?.error ?? { code: 'unknown', message: text };
}

/** An answer in the shape we know. @throws Fault `halt` where it is another */
export function read<T>(schema: z.ZodType<T>, answer: unknown, what: string): T {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  throw new Fault('halt', 'unexpected-answer', `${what} answered something we do not know.`, { cause: result.error });
}

/** What `work` gives, or null where the far side says there is no such thing. */
export async function orNull<T>(work: Promise<T>, codes: ReadonlySet<string>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (codes.has(codeOf(error))) return null;
    throw error;
  }
}

/** The far side's own code in a fault; empty where it gave none. */
export function codeOf(error: unknown): string {
  return z.object({ code: z.string() }).safeParse(toFault(error).detail).data?.code ?? '';
}

/**
 * What `work` reads. That we may not read is no policy about the identity: a person has to grant what is named.
 * @throws Fault `halt` in place of `refuse`
 */
export async function needing<T>(permissions: readonly string[], work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const { disposition, message, detail = null } = toFault(error);
    if (disposition !== 'refuse') throw error;
    const text = `Reading needs ${permissions.join(', ')}: ${message}`;
    throw new Fault('halt', 'permission-missing', text, { detail, cause: error });
  }
}
