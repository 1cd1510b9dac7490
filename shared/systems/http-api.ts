import type { TokenCredential } from '@azure/identity';
import { z } from 'zod';
import { Fault, toFault } from '../domain/fault.ts';
import type { Json } from '../domain/json.ts';
import { callMs, faultOf, silence } from './far-side.ts';

/** A JSON API behind a bearer token. */
export interface HttpApi {
  /** One call; null where the answer has no body. @throws Fault */
  call(method: string, path: string, body?: Json): Promise<Json>;
  /** Every item of a paged list. Pages are only followed within the API's own origin. @throws Fault */
  list<T>(path: string, item: z.ZodType<T>): Promise<T[]>;
}

/** Where an API is, how it is called in the log, and how a request gets there. */
export interface ApiPlace {
  readonly name: string;
  /** Everything a path comes after, without a slash at the end. */
  readonly url: string;
  /** Sends one authenticated request; throws only where no answer comes. */
  readonly transport: Transport;
  readonly linkName: 'nextLink' | '@odata.nextLink';
}
export type Transport = (path: string, init: Exchange) => Promise<Response>;
export interface Exchange {
  readonly method: string;
  readonly body: string | null;
  readonly signal: AbortSignal;
}

/** More pages than this is a far side that goes in circles. */
const maxPages = 200;

/** Sends calls the way both far sides document them: JSON, `error.code` and `error.message`, `Retry-After`. Retries nothing: the engine does. */
export function httpApi({ name, url, transport, linkName }: ApiPlace): HttpApi {
  const send = async (method: string, path: string, body?: Json): Promise<Json> => {
    const what = `${method} ${name}${path.split('?')[0]}`;
    const writes = method !== 'GET';
    const response = await transport(path, exchange(method, body)).catch((error: unknown) => {
      throw error instanceof Fault ? error : silence(what, writes, error);
    });
    const text = await response.text().catch((error: unknown) => {
      throw silence(what, writes, error);
    });
    if (response.ok) return text === '' ? null : parsed(text, what);
    throw faultOf({ what, status: response.status, ...problemOf(text), ...timesOf(response), writes });
  };
  return {
    call: send,
    list: async <T>(path: string, item: z.ZodType<T>) => {
      const page = z.looseObject({ value: z.array(item) });
      const items: T[] = [];
      let next: string | undefined = path;
      for (let pages = 0; next !== undefined; pages += 1) {
        if (pages === maxPages)
          throw new Fault('halt', 'endless-list', `${name}${path} has more than ${maxPages} pages.`);
        const answer: z.infer<typeof page> = read(page, await send('GET', next), `GET ${name}${path}`);
        items.push(...answer.value);
        next = nextPage(answer[linkName], url);
      }
      return items;
    },
  };
}

function exchange(method: string, body?: Json): Exchange {
  const text = body === undefined || body === null ? null : JSON.stringify(body);
  return { method, body: text, signal: AbortSignal.timeout(callMs) };
}

/** Headers of an exchange with a token for the API. @throws Fault `retry` where there is none to be had */
export async function headersOf(
  credential: TokenCredential,
  scope: string,
  body: string | null,
): Promise<Record<string, string>> {
  const token = await credential.getToken(scope).catch((error: unknown) => {
    throw new Fault('retry', 'no-token', `No token for ${scope} could be had.`, { cause: error });
  });
  const type: Record<string, string> = body === null ? {} : { 'content-type': 'application/json' };
  return { authorization: `Bearer ${token?.token ?? ''}`, accept: 'application/json', ...type };
}

function nextPage(link: unknown, url: string): string | undefined {
  if (typeof link !== 'string') return undefined;
  if (link.startsWith(`${url}/`)) return link.slice(url.length);
  throw new Fault('halt', 'foreign-page', 'A page of a list points to another host.', { detail: { link } });
}

function parsed(text: string, what: string): Json {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Fault('halt', 'unexpected-answer', `${what} did not answer JSON.`, { cause: error });
  }
}

/** The headers that say when to come again. */
export function timesOf({ headers }: Response): { retryAfter: string | null; date: string | null } {
  return { retryAfter: headers.get('retry-after'), date: headers.get('date') };
}

const problemSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

function problemOf(text: string): { code: string; message: string } {
  try {
    return problemSchema.parse(JSON.parse(text)).error;
  } catch {
    return { code: 'unknown', message: text.slice(0, 200) };
  }
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
    const { detail } = toFault(error);
    const known = z.object({ code: z.string() }).safeParse(detail);
    if (known.success && codes.has(known.data.code)) return null;
    throw error;
  }
}
