import type { Call } from '../domain/call.ts';
import { exclusionSchema } from '../domain/exclusion.ts';
import { Fault } from '../domain/fault.ts';
import type { Json } from '../domain/json.ts';
import type { Exclusions } from '../ports.ts';

/** Carries out a call on Quell's own registry: PUT or DELETE `/exclusions/{system}/{identity}`. */
export async function writeExclusion(exclusions: Exclusions, { method, path, body }: Call): Promise<Json> {
  const [, system, identity] = /^\/exclusions\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  if (!system || !identity) throw new Fault('halt', 'wrong-call', `${path} is not an exclusion.`);
  if (method === 'DELETE') await exclusions.remove(decodeURIComponent(system), decodeURIComponent(identity));
  else await exclusions.put(exclusionSchema.parse(body));
  return null;
}
