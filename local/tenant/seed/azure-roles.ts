import type { AzureRole } from '../model.ts';
import { AZURE_ROLES, SCOPES } from '../seed.ts';

/** Permissions as in the list of built-in roles (Azure RBAC), shortened where nothing here asks for them. */
export const azureRoles: readonly AzureRole[] = [
  role(AZURE_ROLES.owner, 'Owner', { actions: ['*'] }),
  role(AZURE_ROLES.contributor, 'Contributor', {
    actions: ['*'],
    notActions: [
      'Microsoft.Authorization/*/Delete',
      'Microsoft.Authorization/*/Write',
      'Microsoft.Authorization/elevateAccess/Action',
    ],
  }),
  role(AZURE_ROLES.reader, 'Reader', { actions: ['*/read'] }),
  role(AZURE_ROLES.userAccessAdministrator, 'User Access Administrator', {
    actions: ['*/read', 'Microsoft.Authorization/*', 'Microsoft.Support/*'],
  }),
  role(AZURE_ROLES.rbacAdministrator, 'Role Based Access Control Administrator', {
    actions: [
      'Microsoft.Authorization/roleAssignments/write',
      'Microsoft.Authorization/roleAssignments/delete',
      '*/read',
      'Microsoft.Support/*',
    ],
  }),
  role(AZURE_ROLES.storageBlobDataContributor, 'Storage Blob Data Contributor', {
    actions: [
      'Microsoft.Storage/storageAccounts/blobServices/containers/delete',
      'Microsoft.Storage/storageAccounts/blobServices/containers/read',
      'Microsoft.Storage/storageAccounts/blobServices/containers/write',
    ],
    dataActions: [
      'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete',
      'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read',
      'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write',
    ],
  }),
  role(AZURE_ROLES.auditor, 'Contoso Payments Operator', {
    type: 'CustomRole',
    assignableScopes: [SCOPES.subscriptionA],
    actions: ['Microsoft.Compute/*/read', 'Microsoft.Compute/virtualMachines/restart/action'],
  }),
];

function role(name: string, roleName: string, more: Partial<AzureRole>): AzureRole {
  const none = { actions: [], notActions: [], dataActions: [] };
  const description = `Role ${roleName}.`;
  return { name, roleName, description, type: 'BuiltInRole', assignableScopes: ['/'], ...none, ...more };
}
