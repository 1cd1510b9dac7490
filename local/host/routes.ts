/** The part of ASP.NET route templates that is in use: `alerts`, `alerts/{id}`, `alerts/{id?}`, `files/{*path}`. */
type Segment =
  | { kind: 'literal'; text: string }
  | { kind: 'parameter'; name: string; optional: boolean }
  | { kind: 'rest'; name: string };

export interface Route<T> {
  template: string;
  methods: readonly string[];
  target: T;
}

export interface RouteMatch<T> {
  target: T;
  params: Record<string, string>;
}

export type Router<T> = (method: string, path: string) => RouteMatch<T> | undefined;

const RANK: Record<Segment['kind'], string> = { literal: '1', parameter: '3', rest: '5' };

export function createRouter<T>(routes: readonly Route<T>[]): Router<T> {
  const compiled = routes
    .map((route) => ({
      ...route,
      segments: parseTemplate(route.template),
      methods: route.methods.map((method) => method.toUpperCase()),
    }))
    .toSorted((a, b) => (precedence(a.segments) < precedence(b.segments) ? -1 : 1));

  // A known path with another method is 404, not 405: the real host filters routes by method first.
  return (method, path) => {
    const parts = path.split('/').filter((part) => part !== '');
    for (const { methods, segments, target } of compiled) {
      const params = methods.includes(method.toUpperCase()) ? matchSegments(segments, parts) : undefined;
      if (params) return { target, params };
    }
    return undefined;
  };
}

/** Compared as text, segment by segment: a literal goes before a parameter, a parameter before a catch-all. */
function precedence(segments: Segment[]): string {
  return segments.map((segment) => RANK[segment.kind]).join('');
}

function parseTemplate(template: string): Segment[] {
  return template
    .split('/')
    .filter((part) => part !== '')
    .map((part) => parseSegment(part, template));
}

function parseSegment(part: string, template: string): Segment {
  if (!/[{}]/.test(part)) return { kind: 'literal', text: part.toLowerCase() };
  const match = /^\{(\*{0,2})(\w+)(\?)?\}$/.exec(part);
  const [, star, name, optional] = match ?? [];
  if (name === undefined) throw new Error(`The local host does not know "${part}" in the route "${template}".`);
  return star ? { kind: 'rest', name } : { kind: 'parameter', name, optional: optional !== undefined };
}

function matchSegments(segments: Segment[], parts: string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [i, segment] of segments.entries()) {
    if (segment.kind === 'rest') {
      params[segment.name] = parts.slice(i).map(decode).join('/');
      return params;
    }
    const part = parts[i];
    if (!accept(segment, part, params)) return undefined;
  }
  return parts.length <= segments.length ? params : undefined;
}

function accept(segment: Exclude<Segment, { kind: 'rest' }>, part: string | undefined, params: Record<string, string>) {
  if (segment.kind === 'literal') return part !== undefined && decode(part).toLowerCase() === segment.text;
  if (part === undefined) return segment.optional;
  params[segment.name] = decode(part);
  return true;
}

/** An encoded slash stays encoded, as it does behind the real server; a broken escape stays as it was sent. */
function decode(part: string): string {
  try {
    return part.split(/%2f/i).map(decodeURIComponent).join('%2F');
  } catch {
    return part;
  }
}
