import type { RoleAssignment } from '../model.ts';
import { Refusal } from '../refusal.ts';
import { requireAction } from './access.ts';
import { type ArmCall, type ArmHandler, AUTHORIZATION } from './call.ts';
import { chooseRows } from './filter.ts';
import { page } from './page.ts';
import { resolveScope, type Scope } from './scope.ts';

const READ = `${AUTHORIZATION}/roleAssignments/read`;

export const listRoleAssignments: ArmHandler = (call) => {
  const state = call.tenant.view();
  const scope = resolveScope(state, call.params.scope ?? '');
  requireAction(call, READ, scope, `${scope.id}/providers/${AUTHORIZATION}`);
  return page(
    call,
    chooseRows(call, scope, state.assignments).map((row) => shape(row, scope)),
  );
};

export const getRoleAssignment: ArmHandler = (call) => {
  const scope = resolveScope(call.tenant.view(), call.params.scope ?? '');
  requireAction(call, READ, scope, assignmentId(scope.id, call.params.name ?? ''));
  const found = findAssignment(call.tenant.view().assignments, call, scope);
  if (!found) {
    throw new Refusal(404, 'RoleAssignmentNotFound', `The role assignment '${call.params.name}' is not found.`);
  }
  return { status: 200, body: shape(found, scope) };
};

/** The assignment with this name at exactly this scope. */
export function findAssignment(
  assignments: readonly RoleAssignment[],
  call: ArmCall,
  scope: Scope,
): RoleAssignment | undefined {
  const name = call.params.name?.toLowerCase();
  return assignments.find((one) => one.name === name && one.scope.toLowerCase() === scope.chain[0]);
}

export const assignmentId = (scope: string, name: string): string =>
  `${scope === '/' ? '' : scope}/providers/${AUTHORIZATION}/roleAssignments/${name}`;

export function roleId(role: string, { subscription }: Scope): string {
  const prefix = subscription ? `/subscriptions/${subscription.id}` : '';
  return `${prefix}/providers/${AUTHORIZATION}/roleDefinitions/${role}`;
}

/** As read at `at`: the role is named within the subscription that was asked about. */
export function shape(assignment: RoleAssignment, at: Scope): Record<string, unknown> {
  const { name, scope, role, principalId, principalType, description, condition, conditionVersion } = assignment;
  const { createdOn, updatedOn, createdBy, updatedBy } = assignment;
  const properties = {
    roleDefinitionId: roleId(role, at),
    principalId,
    principalType,
    scope,
    condition,
    conditionVersion,
    createdOn,
    updatedOn,
    createdBy,
    updatedBy,
    delegatedManagedIdentityResourceId: null,
    description,
  };
  return { properties, id: assignmentId(scope, name), type: `${AUTHORIZATION}/roleAssignments`, name };
}
