import type { Call } from '../domain/call.ts';
import { type Exclusion, exclusionSchema } from '../domain/exclusion.ts';
import { Fault } from '../domain/fault.ts';
import type { Json } from '../domain/json.ts';
import type { Exclusions } from '../ports.ts';

/** Carries out a call on Quell's own registry: PUT or DELETE `/exclusions/{system}/{identity}`. */
export async function writeExclusion(exclusions: Exclusions, { method, path, body }: Call): Promise<Json> {
  const [system, identity] = namesIn(path);
  if (!system || !identity) throw wrong(method, path);
  if (method === 'DELETE') await exclusions.remove(system, identity);
  else if (method === 'PUT') await exclusions.put(exclusionFor(system, identity, { method, path, body }));
  else throw wrong(method, path);
  return null;
}

function namesIn(path: string): readonly string[] {
  const names = /^\/exclusions\/([^/?#]+)\/([^/?#]+)$/.exec(path)?.slice(1) ?? [];
  try {
    return names.map(decodeURIComponent);
  } catch {
    return [];
  }
}

function exclusionFor(system: string, identity: string, call: Omit<Call, 'to'>): Exclusion {
  const exclusion = exclusionSchema.safeParse(call.body).data;
  if (exclusion?.system === system && exclusion.identity === identity) return exclusion;
  throw wrong(call.method, call.path);
}

function wrong(method: string, path: string): Fault {
  return new Fault('reject', 'unknown-call', `${method} ${path} is no change of an exclusion.`);
}
