import { AZURE_ROLES, GROUPS, PEOPLE, SCOPES } from '../../local/tenant/seed.ts';
import { type Attempt, target } from './bypass.ts';
import {
  azureRole,
  both,
  customRole,
  deepIn,
  directoryRole,
  eligibleAzureRole,
  group,
  groupEligibility,
  quiet,
} from './bypass-tenant.ts';

const { owner, userAccessAdministrator, rbacAdministrator, auditor } = AZURE_ROLES;
const assignable = { isAssignableToRole: true };
const custom = (...actions: string[]) => both(customRole({ actions, notActions: [] }), azureRole(auditor));

const inTheDirectory: readonly Omit<Attempt, 'stoppedBy'>[] = [
  { what: 'a global administrator asleep', names: [{ value: PEOPLE.globalAdmin }], tenant: quiet(PEOPLE.globalAdmin) },
  { what: 'one activation away from a directory role', names: [{ value: PEOPLE.eligibleDirectoryRole }] },
  { what: 'a small role', tenant: directoryRole(target) },
  { what: 'a role in one administrative unit', tenant: directoryRole(target, 'active', '/administrativeUnits/1') },
  { what: 'eligible in one administrative unit', tenant: directoryRole(target, 'eligible', '/administrativeUnits/1') },
  { what: 'in a role-assignable group', names: [{ value: PEOPLE.roleAssignable }] },
  {
    what: 'in a role-assignable group that has no role yet',
    tenant: group(GROUPS.staff, { ...assignable, members: [target] }),
  },
  {
    what: 'in a group in a role-assignable group',
    tenant: both(deepIn(GROUPS.outer), group(GROUPS.outer, assignable)),
  },
  {
    what: 'a role through a group in a group in a group',
    tenant: both(deepIn(GROUPS.outer), group(GROUPS.outer, assignable), directoryRole(GROUPS.outer)),
  },
  {
    what: 'eligible for a role through a group',
    tenant: both(deepIn(GROUPS.outer), group(GROUPS.outer, assignable), directoryRole(GROUPS.outer, 'eligible')),
  },
  { what: 'eligible to be a member of a group', tenant: groupEligibility(target, GROUPS.roleAssignable, 'member') },
  { what: 'eligible to be a member of a plain group', tenant: groupEligibility(target, GROUPS.staff, 'member') },
  { what: 'eligible to be the owner of a group', tenant: groupEligibility(target, GROUPS.roleAssignable, 'owner') },
  {
    what: 'in a group that is eligible for a group',
    tenant: both(deepIn(GROUPS.outer), groupEligibility(GROUPS.outer, GROUPS.staff, 'member')),
  },
  { what: 'the owner of a role-assignable group', tenant: group(GROUPS.roleAssignable, { owners: [target] }) },
  {
    what: 'the owner of a role-assignable group, in capitals',
    tenant: group(GROUPS.roleAssignable, { owners: [target.toUpperCase()] }),
  },
];

const inAzure: readonly Omit<Attempt, 'stoppedBy'>[] = [
  { what: 'Owner of the subscription', tenant: azureRole(owner) },
  { what: 'User Access Administrator', tenant: azureRole(userAccessAdministrator) },
  { what: 'Role Based Access Control Administrator', tenant: azureRole(rbacAdministrator) },
  { what: 'Owner by the management group', tenant: azureRole(owner, { scope: SCOPES.managementGroup }) },
  { what: 'Owner of one resource group', tenant: azureRole(owner, { scope: SCOPES.payments }) },
  { what: 'Owner under a condition', tenant: azureRole(owner, { condition: "@Resource[x] StringEquals 'y'" }) },
  {
    what: 'Owner through a group',
    tenant: both(group(GROUPS.staff, { members: [target] }), azureRole(owner, { principalId: GROUPS.staff })),
  },
  {
    what: 'Owner through a group in a group',
    tenant: both(deepIn(GROUPS.outer), azureRole(owner, { principalId: GROUPS.outer })),
  },
  {
    what: 'Owner of the management group through a group',
    tenant: both(
      group(GROUPS.staff, { members: [target] }),
      azureRole(owner, { principalId: GROUPS.staff, scope: SCOPES.managementGroup }),
    ),
  },
  { what: 'one activation away from Owner', names: [{ value: PEOPLE.eligibleOwner }] },
  {
    what: 'one activation away from Owner through a group',
    tenant: both(group(GROUPS.staff, { members: [target] }), eligibleAzureRole(owner, GROUPS.staff)),
  },
  { what: 'a custom role that writes assignments', tenant: custom('Microsoft.Authorization/roleAssignments/write') },
  {
    what: 'a custom role that writes assignments, in capitals',
    tenant: custom('MICROSOFT.AUTHORIZATION/ROLEASSIGNMENTS/WRITE'),
  },
  { what: 'a custom role with a star in the middle', tenant: custom('Microsoft.*/write') },
  { what: 'a custom role that writes definitions', tenant: custom('Microsoft.Authorization/roleDefinitions/write') },
  {
    what: 'a custom role of everything but computing',
    tenant: both(customRole({ actions: ['*'], notActions: ['Microsoft.Compute/*'] }), azureRole(auditor)),
  },
  {
    what: 'one activation away from a custom role that gives access',
    tenant: both(custom('Microsoft.Authorization/*'), eligibleAzureRole(auditor, target)),
  },
];

export const power: readonly Attempt[] = [...inTheDirectory, ...inAzure].map((one) => ({
  ...one,
  what: `power: ${one.what}`,
  stoppedBy: { guard: 'privileged' },
}));
