/** What one permission of a role allows; `notActions` take away from the `actions` beside them, and from no others. */
export interface RolePermission {
  readonly actions?: readonly string[] | null | undefined;
  readonly notActions?: readonly string[] | null | undefined;
  readonly dataActions?: readonly string[] | null | undefined;
}

/**
 * Operations by which access is given, at once or after an activation, or a role is made to allow more: who may do one of
 * them may give themselves the rest. https://learn.microsoft.com/azure/role-based-access-control/permissions/management-and-governance
 */
const giving: readonly string[] = [
  'Microsoft.Authorization/roleAssignments/write',
  'Microsoft.Authorization/roleDefinitions/write',
  'Microsoft.Authorization/roleAssignmentScheduleRequests/write',
  'Microsoft.Authorization/roleEligibilityScheduleRequests/write',
  'Microsoft.Authorization/elevateAccess/action',
];

/** Can a holder of the role give access to others? Computed from what it allows, so that custom roles count as built-in ones do. */
export function grantsAccess(permissions: readonly RolePermission[]): boolean {
  return giving.some((operation) => permissions.some((one) => allows(one, operation)));
}

/** Can a holder of the role do nothing but read? What `notActions` take away is not counted: too rarely is the safe side. */
export function readsOnly(permissions: readonly RolePermission[]): boolean {
  const all = permissions.flatMap(({ actions, dataActions }) => [...(actions ?? []), ...(dataActions ?? [])]);
  return all.every((action) => action.toLowerCase().endsWith('/read'));
}

function allows({ actions, notActions }: RolePermission, operation: string): boolean {
  const matches = (patterns: RolePermission['actions']) =>
    (patterns ?? []).some((one) => matchesPattern(one, operation));
  return matches(actions) && !matches(notActions);
}

/** `*` stands for any text, slashes too; case does not count. */
function matchesPattern(pattern: string, operation: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'i').test(operation);
}
