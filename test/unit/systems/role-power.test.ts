import { expect, test } from 'vitest';
import { grantsAccess, readsOnly } from '../../../shared/systems/azure/role-power.ts';

const contributor = {
  actions: ['*'],
  notActions: [
    'Microsoft.Authorization/*/Delete',
    'Microsoft.Authorization/*/Write',
    'Microsoft.Authorization/elevateAccess/Action',
  ],
};

test.each([
  [true, 'Owner', [{ actions: ['*'], notActions: [] }]],
  [true, 'User Access Administrator', [{ actions: ['*/read', 'Microsoft.Authorization/*'] }]],
  [true, 'exactly one operation', [{ actions: ['Microsoft.Authorization/roleAssignments/write'] }]],
  [true, 'whatever the case', [{ actions: ['MICROSOFT.AUTHORIZATION/roleassignments/WRITE'] }]],
  [true, 'a wildcard at the end', [{ actions: ['Microsoft.Authorization/roleAssignments/*'] }]],
  [true, 'a wildcard in the middle', [{ actions: ['Microsoft.*/write'] }]],
  [true, 'a wildcard at the start', [{ actions: ['*/write'] }]],
  [true, 'roles can be made to allow more', [{ actions: ['Microsoft.Authorization/roleDefinitions/write'] }]],
  [true, 'after an activation', [{ actions: ['Microsoft.Authorization/roleEligibilityScheduleRequests/write'] }]],
  [true, 'for a time', [{ actions: ['Microsoft.Authorization/roleAssignmentScheduleRequests/write'] }]],
  [true, 'elevation', [{ actions: ['Microsoft.Authorization/elevateAccess/action'] }]],
  [
    true,
    'taken away in one permission, given in another',
    [contributor, { actions: ['Microsoft.Authorization/roleAssignments/write'] }],
  ],
  [true, 'something else taken away', [{ actions: ['*'], notActions: ['Microsoft.Compute/*'] }]],
  [false, 'Contributor', [contributor]],
  [false, 'Reader', [{ actions: ['*/read'] }]],
  [false, 'only deleting', [{ actions: ['Microsoft.Authorization/roleAssignments/delete'] }]],
  [false, 'a name that only begins so', [{ actions: ['Microsoft.Authorization/roleAssignments/writeSomething'] }]],
  [false, 'a dot is a dot', [{ actions: ['MicrosoftxAuthorization/roleAssignments/write'] }]],
  [false, 'data actions are not control', [{ dataActions: ['*'] }]],
  [false, 'nothing', [{ actions: null, notActions: null }]],
  [false, 'no permissions', []],
] as const)('%s: %s', (expected, _name, permissions) => {
  expect(grantsAccess(permissions)).toBe(expected);
});

test('reading only is said of what ends in /read alone', () => {
  expect(readsOnly([{ actions: ['*/read', 'Microsoft.Compute/*/READ'] }])).toBe(true);
  expect(
    readsOnly([{ actions: ['*/read'], dataActions: ['Microsoft.KeyVault/vaults/secrets/getSecret/action'] }]),
  ).toBe(false);
  expect(readsOnly([{ actions: ['*'], notActions: ['*/write', '*/delete', '*/action'] }])).toBe(false);
});
