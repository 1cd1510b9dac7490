import type { IncomingMessage } from 'node:http';
import type { HttpCookie, HttpData, Nullable } from './core.ts';

export interface HttpAnswer {
  status: number;
  headers: Record<string, string | string[]>;
  body: Uint8Array;
}

const EMPTY = new Uint8Array();
// These belong to the connection, which is Node's; a stale length would cut the body or hang the client.
const CONNECTION_HEADERS = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding', 'upgrade']);

export function toRpcRequest(
  request: IncomingMessage,
  url: URL,
  params: Record<string, string>,
  body: Buffer,
): HttpData {
  return {
    method: request.method ?? 'GET',
    url: url.href,
    nullableHeaders: nullable(headersOf(request)),
    nullableQuery: nullable(queryOf(url.searchParams)),
    nullableParams: nullable(params),
    // Always bytes: the worker asks for the raw body, so nothing is decoded on the way.
    ...(body.length > 0 && { body: { bytes: body } }),
  };
}

function nullable(values: Record<string, string>): Record<string, Nullable<string>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
}

function headersOf(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}

/** `?a=1&a=2` reaches a function as a = "1,2": the real host joins repeated values. */
function queryOf(search: URLSearchParams): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [name, value] of search) query[name] = query[name] === undefined ? value : `${query[name]},${value}`;
  return query;
}

export function toAnswer(data: HttpData | undefined): HttpAnswer {
  if (!data) return { status: 204, headers: {}, body: EMPTY };
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(data.headers ?? {})) {
    if (!CONNECTION_HEADERS.has(name.toLowerCase())) headers[name] = value;
  }
  const cookies = (data.cookies ?? []).map(serializeCookie);
  if (cookies.length > 0) headers['set-cookie'] = [headers['set-cookie'] ?? [], cookies].flat();
  return { status: Number(data.statusCode ?? 200), headers, body: data.body?.bytes ?? EMPTY };
}

const SAME_SITE = { none: undefined, lax: 'lax', strict: 'strict', explicitNone: 'none' } as const;

function serializeCookie(cookie: HttpCookie): string {
  const expires = cookie.expires?.value?.seconds;
  const attributes: [string, string | number | null | undefined][] = [
    ['max-age', cookie.maxAge?.value],
    ['expires', expires == null ? undefined : new Date(expires * 1000).toUTCString()],
    ['domain', cookie.domain?.value],
    ['path', cookie.path?.value ?? '/'],
    ['samesite', SAME_SITE[cookie.sameSite ?? 'none']],
  ];
  const pairs = attributes.filter(([, value]) => value != null).map(([name, value]) => `${name}=${value}`);
  const flags = [cookie.secure?.value ? 'secure' : '', cookie.httpOnly?.value ? 'httponly' : ''].filter(Boolean);
  return [`${cookie.name}=${encodeURIComponent(cookie.value ?? '')}`, ...pairs, ...flags].join('; ');
}
