import { z } from 'zod';
import { Fault } from '../../domain/fault.ts';
import type { Presence, User } from '../../domain/identity.ts';
import { type HttpApi, needing, orNull, read } from '../http-api.ts';
import { userOf, userPermissions, userSchema, userSelect } from './user.ts';

/** Codes for "there is no such object". */
export const noSuch: ReadonlySet<string> = new Set(['Request_ResourceNotFound', 'ResourceNotFound']);

/** A deleted item comes with the default properties only, and may be another kind of object. */
const deletedSchema = userSchema.partial().required({ id: true, userPrincipalName: true });
const kindSchema = z.object({ '@odata.type': z.string().optional() });

/** Where the user is: live, in the deleted items, or in neither. `id` is known to be a GUID. */
export async function presenceOf(graph: HttpApi, id: string): Promise<Presence> {
  const path = `/users/${id}?${userSelect}`;
  const live = await needing(userPermissions, orNull(graph.call('GET', path), noSuch));
  if (live !== null) return { state: 'live', user: same(id, userOf(read(userSchema, live, `GET graph/users/${id}`))) };
  const bin = `/directory/deletedItems/${id}`;
  const deleted = await needing(['User.Read.All'], orNull(graph.call('GET', bin), noSuch));
  if (deleted === null) return { state: 'absent' };
  const kind = read(kindSchema, deleted, `GET graph${bin}`)['@odata.type'] ?? '#microsoft.graph.user';
  if (kind !== '#microsoft.graph.user') return { state: 'absent' };
  return { state: 'deleted', user: same(id, userOf(read(deletedSchema, deleted, `GET graph${bin}`))) };
}

/** The user, and really the one that was asked for. */
function same(id: string, user: User): User {
  if (user.id.toLowerCase() === id.toLowerCase()) return user;
  throw new Fault('halt', 'another-identity', `Asked for ${id}, the directory answered ${user.id}.`);
}
