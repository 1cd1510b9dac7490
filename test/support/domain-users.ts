import type { Access, Assignment } from '../../shared/domain/access.ts';
import { type Identity, identityOf, type Presence, type User } from '../../shared/domain/identity.ts';
import { daysAgo } from './domain-time.ts';

export const subscription = '0d1e2f3a-0000-4000-8000-00000000500b';
export const root = `/subscriptions/${subscription}`;
export const userId = 'a1b2c3d4-0000-4000-8000-00000000000a';

/** A user nothing speaks against: old, in the cloud, quiet for 200 days. */
export function userOf(differs: Partial<User> = {}): User {
  return {
    id: userId,
    displayName: 'Dana Quiet',
    userPrincipalName: 'dana@example.com',
    enabled: true,
    guest: false,
    synced: false,
    createdAt: daysAgo(900),
    signIns: { successful: daysAgo(200), interactive: daysAgo(200), nonInteractive: daysAgo(200) },
    sessionsValidFrom: null,
    excludeMark: null,
    licences: 1,
    ...differs,
  };
}

export const live = (differs: Partial<User> = {}): Presence => ({ state: 'live', user: userOf(differs) });
export const deleted = (differs: Partial<User> = {}): Presence => ({ state: 'deleted', user: userOf(differs) });
export const absent: Presence = { state: 'absent' };

export const dana: Identity = identityOf(userOf());

const roleIds = new Map([
  ['Reader', 'acdd72a7-3385-48ef-bd42-f606fba81ae7'],
  ['Contributor', 'b24988ac-6180-42a0-ab88-20f7382dd24c'],
  ['Owner', '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'],
]);

const givingRoles = new Set(['Owner', 'User Access Administrator', 'Role Based Access Control Administrator']);

/** A role assignment of the user; the name follows from role and scope unless it is given. */
export function assigned(roleName: string, scope: string, differs: Partial<Assignment> = {}): Assignment {
  return {
    name: `name-of-${roleName}-${scope.split('/').at(-1) ?? ''}`,
    scope,
    roleDefinitionId: `${root}/providers/Microsoft.Authorization/roleDefinitions/${roleIds.get(roleName) ?? roleName}`,
    roleName,
    readOnly: roleName === 'Reader',
    grantsAccess: givingRoles.has(roleName),
    principalId: userId,
    principalType: 'User',
    condition: null,
    conditionVersion: null,
    description: null,
    ...differs,
  };
}

export const accessOf = (differs: Partial<Access> = {}): Access => ({
  direct: [],
  above: [],
  throughGroup: [],
  eligible: [],
  ...differs,
});
