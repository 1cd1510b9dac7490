import type { GraphHandler } from './call.ts';
import { METADATA } from './call.ts';
import { requireSensitive } from './sensitive.ts';
import { findUser } from './users.ts';

/** Soft: the user can be restored for 30 days. Its name is given free by putting its id in front, as Entra does. */
export const deleteUser: GraphHandler = (call) => {
  const user = findUser(call.tenant.truth(), call.params.id ?? '');
  requireSensitive(call, user.id, 'User.DeleteRestore.All');
  const deletedDateTime = new Date(call.tenant.now()).toISOString();
  const userPrincipalName = `${user.id.replaceAll('-', '')}${user.userPrincipalName}`;
  call.tenant.change((state) => {
    delete state.users[user.id];
    state.deletedUsers[user.id] = { ...user, userPrincipalName, deletedDateTime };
  });
  return { status: 204 };
};

export const revokeSessions: GraphHandler = (call) => {
  const user = findUser(call.tenant.truth(), call.params.id ?? '');
  const signInSessionsValidFromDateTime = new Date(call.tenant.now()).toISOString();
  call.tenant.change((state) => {
    // "This API doesn't revoke sign-in sessions for external users" (user: revokeSignInSessions); it does not say so either.
    if (user.userType === 'Member') state.users[user.id] = { ...user, signInSessionsValidFromDateTime };
  });
  return { status: 200, body: { '@odata.context': `${METADATA}#Edm.Boolean`, value: true } };
};
