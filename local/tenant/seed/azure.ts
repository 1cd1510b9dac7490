import type { PrincipalType, RoleAssignment, RoleEligibility, Subscription } from '../model.ts';
import {
  ASSIGNMENTS,
  AZURE_ROLES,
  ELIGIBILITIES,
  ENGINE,
  GROUPS,
  PEOPLE,
  SCOPES,
  SUBSCRIPTION_A,
  SUBSCRIPTION_B,
} from '../seed.ts';
import { before } from './users.ts';

export const subscriptions: readonly Subscription[] = [
  {
    id: SUBSCRIPTION_A,
    displayName: 'Contoso Production',
    tags: { environment: 'production' },
    resourceGroups: ['rg-payments', 'rg-data'],
  },
  {
    id: SUBSCRIPTION_B,
    displayName: 'Contoso Sandbox',
    tags: { environment: 'sandbox' },
    resourceGroups: ['rg-lab'],
  },
];

type Row = readonly [name: string, principalId: string, role: string, scope: string, more?: Partial<RoleAssignment>];

const onlyPublicContainer = {
  description: 'Public container only',
  condition:
    "((!(ActionMatches{'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'})) OR (@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals 'public'))",
  conditionVersion: '2.0',
};

const { owner, contributor, reader, userAccessAdministrator, storageBlobDataContributor, auditor } = AZURE_ROLES;
const { managementGroup, subscriptionA, subscriptionB, payments, data, lab } = SCOPES;

const rows: readonly Row[] = [
  [ASSIGNMENTS.engineAccess, ENGINE.objectId, userAccessAdministrator, managementGroup],
  [ASSIGNMENTS.engineReader, ENGINE.objectId, reader, managementGroup],
  [ASSIGNMENTS.ownerOfA, PEOPLE.olga, owner, subscriptionA],
  [ASSIGNMENTS.ownerOfB, PEOPLE.olga, owner, subscriptionB],
  [ASSIGNMENTS.breakGlass, PEOPLE.breakGlassNever, owner, subscriptionA],
  [ASSIGNMENTS.globalAdmin, PEOPLE.globalAdmin, reader, subscriptionA],
  [ASSIGNMENTS.adaPayments, PEOPLE.adaQuiet, contributor, payments, { description: 'Payments migration' }],
  [ASSIGNMENTS.adaData, PEOPLE.adaQuiet, reader, data],
  [ASSIGNMENTS.ben, PEOPLE.benStill, contributor, subscriptionA],
  [ASSIGNMENTS.dora, PEOPLE.doraDormant, contributor, subscriptionB],
  [ASSIGNMENTS.group, GROUPS.contributors, contributor, subscriptionA],
  [ASSIGNMENTS.managementGroup, PEOPLE.managementGroupOnly, contributor, managementGroup],
  [ASSIGNMENTS.conditioned, PEOPLE.conditioned, storageBlobDataContributor, data, onlyPublicContainer],
  [ASSIGNMENTS.nested, GROUPS.outer, contributor, data],
  [ASSIGNMENTS.unicode, PEOPLE.unicode, contributor, lab],
  [ASSIGNMENTS.guest, PEOPLE.guest, reader, subscriptionB],
  [ASSIGNMENTS.synced, PEOPLE.synced, contributor, payments],
  [ASSIGNMENTS.tagged, PEOPLE.tagged, contributor, payments],
  [ASSIGNMENTS.auditor, PEOPLE.yesterday, auditor, subscriptionA],
  [ASSIGNMENTS.disabled, PEOPLE.disabled, contributor, subscriptionB],
  [ASSIGNMENTS.failedSignIns, PEOPLE.failedSignIns, contributor, subscriptionB],
  [ASSIGNMENTS.alexOne, PEOPLE.alexDoeOne, contributor, payments],
  [ASSIGNMENTS.alexTwo, PEOPLE.alexDoeTwo, reader, payments],
  [ASSIGNMENTS.neverSignedIn, PEOPLE.neverSignedIn, contributor, lab],
  [ASSIGNMENTS.newcomer, PEOPLE.newcomer, contributor, lab],
  [ASSIGNMENTS.eligibleOwnerReader, PEOPLE.eligibleOwner, reader, subscriptionA],
  [ASSIGNMENTS.nonInteractive, PEOPLE.nonInteractive, contributor, lab],
  [ASSIGNMENTS.roleAssignable, PEOPLE.roleAssignable, reader, subscriptionA],
];

export function seedAssignments(now: number): RoleAssignment[] {
  const since = before(now, 500);
  const audit = { createdOn: since, updatedOn: since, createdBy: PEOPLE.globalAdmin, updatedBy: PEOPLE.globalAdmin };
  const plain = { description: null, condition: null, conditionVersion: null };
  return rows.map(([name, principalId, role, scope, more]) => {
    return { name, scope, role, principalId, principalType: typeOf(principalId), ...plain, ...audit, ...more };
  });
}

function typeOf(principalId: string): PrincipalType {
  if (Object.values<string>(GROUPS).includes(principalId)) return 'Group';
  return principalId === ENGINE.objectId ? 'ServicePrincipal' : 'User';
}

export function seedEligibilities(now: number): RoleEligibility[] {
  return [
    {
      name: ELIGIBILITIES.ownerOfA,
      scheduleName: 'eeee0000-0000-4000-8000-000000000201',
      scope: subscriptionA,
      role: owner,
      principalId: PEOPLE.eligibleOwner,
      principalType: 'User',
      startDateTime: before(now, 250),
      endDateTime: null,
      condition: null,
      conditionVersion: null,
      createdOn: before(now, 250),
    },
  ];
}
