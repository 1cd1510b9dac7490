import { Resolver } from 'node:dns/promises';

/** Looks records up in the DNS; fails with an error whose `code` is one of Node's, e.g. `ENOTFOUND`, `ETIMEOUT`. */
export type Resolve = (name: string, type: string) => Promise<string[][] | string[]>;

/** Codes that are an answer (there is no such record), unlike those that say there was no answer. */
const noRecord = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME']);

/** A resolver that asks each name once and gives up after two seconds; `servers` as in `dns.setServers`, null for the system's. */
export function resolverOf(servers: readonly string[] | null): Resolve {
  const resolver = new Resolver({ timeout: 2_000, tries: 1 });
  if (servers) resolver.setServers(servers);
  return async (name, type) => {
    if (type === 'A') return resolver.resolve4(name);
    if (type === 'CNAME') return resolver.resolveCname(name);
    return resolver.resolveTxt(name);
  };
}

/** A resolver that remembers whether a question stayed without an answer. */
export function watched(resolve: Resolve): { readonly resolve: Resolve; readonly unanswered: () => boolean } {
  let unanswered = false;
  return {
    resolve: async (name, type) => {
      try {
        return await resolve(name, type);
      } catch (error) {
        if (!noRecord.has(codeOf(error))) unanswered = true;
        throw error;
      }
    },
    unanswered: () => unanswered,
  };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
