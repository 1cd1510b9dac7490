import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Settings } from './settings.ts';

export type AuthLevel = 'anonymous' | 'function' | 'admin';

export type Authorize = (level: AuthLevel, request: IncomingMessage, query: URLSearchParams) => boolean;

/** HOST_FUNCTION_KEY and HOST_MASTER_KEY are optional; a level is open while no key that would satisfy it is set. */
export function createAuthorize(settings: Settings): Authorize {
  const master = settings.get('HOST_MASTER_KEY');
  const own = settings.get('HOST_FUNCTION_KEY');
  return (level, request, query) => {
    if (level === 'anonymous') return true;
    const accepted = (level === 'admin' ? [master] : [own, master]).filter((key) => key !== undefined && key !== '');
    if (accepted.length === 0) return true;
    const header = request.headers['x-functions-key'];
    const given = typeof header === 'string' ? header : query.get('code');
    return given !== null && accepted.some((key) => key !== undefined && same(key, given));
  };
}

function same(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
