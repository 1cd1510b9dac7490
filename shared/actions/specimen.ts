import type { Assignment } from '../domain/access.ts';
import type { Presence } from '../domain/identity.ts';
import type { Action, Target, World } from '../ports.ts';

const subscription = '00000000-0000-4000-8000-000000000001';
const user = '00000000-0000-4000-8000-000000000002';

/** Somebody who does not exist, with everything that an action could take away. */
const presence: Presence = {
  state: 'live',
  user: {
    id: user,
    displayName: 'Specimen',
    userPrincipalName: 'specimen@example.com',
    enabled: true,
    licences: 0,
    guest: false,
    synced: false,
    createdAt: null,
    signIns: null,
    sessionsValidFrom: null,
    excludeMark: null,
  },
};

const contributor: Assignment = {
  name: '00000000-0000-4000-8000-000000000003',
  scope: `/subscriptions/${subscription}`,
  roleDefinitionId: `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/b24988ac-6180-42a0-ab88-20f7382dd24c`,
  roleName: 'Contributor',
  readOnly: false,
  grantsAccess: false,
  principalId: user,
  principalType: 'User',
  condition: null,
  conditionVersion: null,
  description: null,
};

const target: Target = {
  run: 'run-specimen',
  identity: { kind: 'user', id: user, displayName: 'Specimen', userPrincipalName: 'specimen@example.com' },
  system: { type: 'azure', id: subscription, name: 'Specimen' },
};

const world: World = {
  directory: {
    presence: async () => presence,
    usersBy: async () => [],
    quietSince: async () => [],
    privileges: async () => [],
    userCount: async () => 1,
    groupsAmong: async () => [],
  },
  accessControl: {
    azure: {
      system: async (id) => ({ type: 'azure', id, name: 'Specimen', tags: {} }),
      access: async () => ({ direct: [contributor], above: [], throughGroup: [], eligible: [] }),
      superUsers: async () => [],
    },
  },
  exclusions: { find: async () => null },
};

/** Would the action have an undo? Planned for somebody who does not exist; null where it cannot be planned for them. */
export async function undoableBySpecimen(action: Action): Promise<boolean | null> {
  try {
    const observed = await action.observe(world, target);
    const settings = action.settingsProblem({}) === null ? {} : { text: 'specimen' };
    return action.plan(observed, target, settings, '2026-01-01T00:00:00.000Z').undo !== null;
  } catch {
    return null;
  }
}
