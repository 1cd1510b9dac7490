/** A path template matches segment by segment: `{name}` takes one segment, `{+name}` takes as many as there are. */
export type Params = Readonly<Record<string, string>>;

export interface Route {
  readonly method: string;
  readonly path: string;
}

export type Found<R> =
  | { readonly route: R; readonly params: Params }
  | { readonly allowed: readonly string[] }
  | undefined;

/** @returns the route, or the methods that the path does allow, or undefined where nothing has that path. */
export function findRoute<R extends Route>(routes: readonly R[], method: string, path: string): Found<R> {
  const matches = routes.flatMap((route) => {
    const params = matchPath(route.path, path);
    return params ? [{ route, params }] : [];
  });
  if (matches.length === 0) return undefined;
  return matches.find(({ route }) => route.method === method) ?? { allowed: matches.map(({ route }) => route.method) };
}

// Names are compared without regard to case: both Graph and Resource Manager read their paths that way.
function matchPath(template: string, path: string): Params | undefined {
  const pattern = template
    .split(/(\{\+?\w+\})/)
    .map((part) => part.replace(/^\{\+(\w+)\}$/, '(?<$1>.*?)').replace(/^\{(\w+)\}$/, '(?<$1>[^/]+)'))
    .map((part) => (part.startsWith('(?<') ? part : part.replace(/[.$*+?()[\]\\|^]/g, '\\$&')))
    .join('');
  const match = new RegExp(`^${pattern}$`, 'i').exec(path);
  return match ? decode(match.groups ?? {}) : undefined;
}

function decode(groups: Readonly<Record<string, string>>): Params {
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
}
