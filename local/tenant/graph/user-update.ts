import type { State, User } from '../model.ts';
import type { GraphHandler } from './call.ts';
import { mergeAttributes } from './custom-attributes.ts';
import { badRequest } from './refusals.ts';
import { requireProperties } from './require.ts';
import { requireSensitive } from './sensitive.ts';
import { findUser } from './users.ts';

const TEXTS = ['displayName', 'givenName', 'surname', 'jobTitle', 'department'];

export const updateUser: GraphHandler = (call) => {
  const names = Object.keys(call.body);
  requireProperties(call, names);
  const user = findUser(call.tenant.truth(), call.params.id ?? '');
  if (names.includes('accountEnabled')) requireSensitive(call, user.id, 'User.EnableDisableAccount.All');
  const changed = names.reduce((next, name) => withProperty(call.tenant.truth(), next, name, call.body[name]), user);
  call.tenant.change((state) => {
    state.users[user.id] = changed;
  });
  return { status: 204 };
};

function withProperty(state: State, user: User, name: string, value: unknown): User {
  if (name === 'customSecurityAttributes') {
    return { ...user, customSecurityAttributes: mergeAttributes(state, user.customSecurityAttributes, value) };
  }
  if (user.onPremisesSyncEnabled) {
    throw badRequest(
      'Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.',
    );
  }
  if (name === 'accountEnabled' && typeof value === 'boolean') return { ...user, accountEnabled: value };
  if (TEXTS.includes(name) && (typeof value === 'string' || value === null)) return { ...user, [name]: value };
  if (name === 'accountEnabled' || TEXTS.includes(name))
    throw badRequest(`Invalid value specified for property '${name}' of resource 'User'.`);
  throw badRequest(`Property '${name}' does not exist as a declared property or extension property.`);
}
