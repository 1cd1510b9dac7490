import type { State, User } from '../model.ts';
import type { Tenant } from '../tenant.ts';
import { type GraphHandler, METADATA } from './call.ts';
import { applyFilter, readFilter } from './filtered.ts';
import { page } from './page.ts';
import { badRequest, notFound } from './refusals.ts';
import { requireSensitive } from './sensitive.ts';
import { selected, shape, shapeByDefault } from './user-shape.ts';

/** "A recently deleted item remains available for up to 30 days" (deletedItems). */
const KEPT = 30 * 86_400_000;

const DELETED_USERS = { type: 'microsoft.graph.user', paths: ['id', 'userPrincipalName', 'displayName', 'mail'] };
const TYPE = { '@odata.type': '#microsoft.graph.user' };
const CONTEXT = { '@odata.context': `${METADATA}#directoryObjects/$entity` };

export const listDeletedUsers: GraphHandler = (call) => {
  const filter = readFilter(call, DELETED_USERS);
  const names = [...selected(call), 'deletedDateTime'];
  const users = Object.values(call.tenant.view().deletedUsers).filter((user) => isKept(call.tenant, user));
  return page(
    call,
    'users',
    applyFilter(filter, users).map((user) => shape(user, names)),
  );
};

export const getDeletedItem: GraphHandler = (call) => {
  const user = find(call.tenant, call.tenant.view(), call.params.id);
  const { deletedDateTime } = user;
  return { status: 200, body: { ...CONTEXT, ...TYPE, ...shapeByDefault(user), deletedDateTime } };
};

export const restoreDeletedItem: GraphHandler = (call) => {
  const deleted = find(call.tenant, call.tenant.truth(), call.params.id);
  requireSensitive(call, deleted.id, 'User.DeleteRestore.All');
  const userPrincipalName = deleted.userPrincipalName.slice(deleted.id.replaceAll('-', '').length);
  const taken = Object.values(call.tenant.truth().users).some((user) => user.userPrincipalName === userPrincipalName);
  if (taken) throw badRequest('Another object with the same value for property userPrincipalName already exists.');
  const user: User = { ...deleted, userPrincipalName, deletedDateTime: null };
  call.tenant.change((state) => {
    delete state.deletedUsers[user.id];
    state.users[user.id] = user;
  });
  return { status: 200, body: { ...CONTEXT, ...TYPE, ...shapeByDefault(user) } };
};

/** For good. It exists because the real one does; nothing of ours may ever call it. */
export const purgeDeletedItem: GraphHandler = (call) => {
  const { id } = find(call.tenant, call.tenant.truth(), call.params.id);
  call.tenant.change((state) => {
    delete state.deletedUsers[id];
  });
  return { status: 204 };
};

function find(tenant: Tenant, state: State, id = ''): User {
  const user = state.deletedUsers[id.toLowerCase()];
  if (!user || !isKept(tenant, user)) throw notFound(id);
  return user;
}

function isKept(tenant: Tenant, user: User): boolean {
  return Date.parse(user.deletedDateTime ?? '') + KEPT > tenant.now();
}
