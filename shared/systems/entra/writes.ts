import type { Call } from '../../domain/call.ts';
import { Fault, toFault } from '../../domain/fault.ts';
import type { Presence } from '../../domain/identity.ts';
import type { Json } from '../../domain/json.ts';
import type { HttpApi } from '../http-api.ts';
import { presenceOf } from './presence.ts';

const id = '(?<id>[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})';

interface Known {
  readonly method: Call['method'];
  readonly path: RegExp;
  /** Where the user is if a 404 means that it had taken effect before; null where a missing user fails the call. */
  readonly doneWhere: Presence['state'] | null;
}

/** Every change of the directory that is ever sent. Purging a deleted item is not among them, so nothing can. */
const known: readonly Known[] = [
  { method: 'PATCH', path: new RegExp(`^/users/${id}$`), doneWhere: null },
  { method: 'POST', path: new RegExp(`^/users/${id}/revokeSignInSessions$`), doneWhere: null },
  { method: 'DELETE', path: new RegExp(`^/users/${id}$`), doneWhere: 'deleted' },
  { method: 'POST', path: new RegExp(`^/directory/deletedItems/${id}/restore$`), doneWhere: 'live' },
];

/**
 * Sends one call to Microsoft Graph. Deleting who is in the deleted items already, and restoring who is live already,
 * had taken effect before; a user who is in neither place is not called deleted. One who is still where the call would
 * have found them shows that what is read lags behind what is written: then it is looked at again later.
 */
export async function writeToGraph(graph: HttpApi, { method, path, body }: Call): Promise<Json> {
  const row = known.find((one) => one.method === method && one.path.test(path));
  if (!row) throw new Fault('reject', 'unknown-call', `${method} ${path} is no change of the directory that is made.`);
  try {
    return await graph.call(method, path, body);
  } catch (error) {
    if (toFault(error).code !== 'not-found' || row.doneWhere === null) throw error;
    const { state } = await presenceOf(graph, row.path.exec(path)?.groups?.id ?? '');
    if (state === row.doneWhere) return { already: true };
    if (state === 'absent') throw error;
    throw new Fault('retry', 'lagging', `${method} ${path} finds nobody, reading still does.`, { cause: error });
  }
}
