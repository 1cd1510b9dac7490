import type { Call } from '../../domain/call.ts';
import { toFault } from '../../domain/fault.ts';
import type { Json } from '../../domain/json.ts';
import type { HttpApi } from '../http-api.ts';

/**
 * Sends one call to Microsoft Graph. Deleting who is in the deleted items already, and restoring who is live already,
 * had taken effect before; a user who is in neither place is not called deleted.
 */
export async function writeToGraph(graph: HttpApi, { method, path, body }: Call): Promise<Json> {
  try {
    return await graph.call(method, path, body);
  } catch (error) {
    if (toFault(error).code !== 'unexpected-status') throw error;
    const place = whereDone(method, path);
    if (place === null) throw error;
    await graph.call('GET', place);
    return { already: true };
  }
}

/** Where the object is if the call had taken effect already; null for calls that a missing object fails. */
function whereDone(method: string, path: string): string | null {
  const user = method === 'DELETE' ? /^\/users\/([^/?]+)$/.exec(path)?.[1] : undefined;
  if (user !== undefined) return `/directory/deletedItems/${user}`;
  const restored = method === 'POST' ? /^\/directory\/deletedItems\/([^/?]+)\/restore$/.exec(path)?.[1] : undefined;
  return restored === undefined ? null : `/users/${restored}`;
}
