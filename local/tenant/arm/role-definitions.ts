import type { AzureRole } from '../model.ts';
import { passes } from '../odata/evaluate.ts';
import { parseFilter } from '../odata/filter.ts';
import { FilterError } from '../odata/filter-error.ts';
import { Refusal } from '../refusal.ts';
import { requireAction } from './access.ts';
import { type ArmCall, type ArmHandler, AUTHORIZATION } from './call.ts';
import { page } from './page.ts';
import { roleId } from './role-assignments.ts';
import { covers, resolveScope, type Scope } from './scope.ts';

export const listRoleDefinitions: ArmHandler = (call) => {
  const scope = readableScope(call);
  const roles = call.tenant.view().azureRoles.filter((role) => isAssignable(role, scope));
  return page(
    call,
    filtered(call, roles).map((role) => shape(role, scope)),
  );
};

export const getRoleDefinition: ArmHandler = (call) => {
  const scope = readableScope(call);
  const name = call.params.name?.toLowerCase() ?? '';
  const role = call.tenant.view().azureRoles.find((one) => one.name === name);
  // A custom role is found from the root too, although it can be assigned in its own scopes only.
  if (!role || !(scope.id === '/' || isAssignable(role, scope))) {
    throw new Refusal(
      404,
      'RoleDefinitionDoesNotExist',
      `The specified role definition with ID '${name.replaceAll('-', '')}' does not exist.`,
    );
  }
  return { status: 200, body: shape(role, scope) };
};

// Anybody in the tenant may read the definitions at its root.
function readableScope(call: ArmCall): Scope {
  const scope = resolveScope(call.tenant.view(), call.params.scope ?? '');
  if (scope.id === '/') return scope;
  requireAction(call, `${AUTHORIZATION}/roleDefinitions/read`, scope, `${scope.id}/providers/${AUTHORIZATION}`);
  return scope;
}

const isAssignable = (role: AzureRole, scope: Scope): boolean =>
  role.assignableScopes.some((assignable) => covers(assignable, scope));

function filtered(call: ArmCall, roles: readonly AzureRole[]): readonly AzureRole[] {
  const text = call.query.get('$filter');
  if (text === null) return roles;
  try {
    const filter = parseFilter(text);
    return roles.filter(({ roleName, type }) => passes(filter, { roleName, type }));
  } catch (error) {
    if (error instanceof FilterError) throw new Refusal(400, 'InvalidFilter', `The filter '${text}' is not supported.`);
    throw error;
  }
}

function shape(role: AzureRole, scope: Scope): Record<string, unknown> {
  const { name, roleName, type, description, assignableScopes, actions, notActions, dataActions } = role;
  const permissions = [{ actions, notActions, dataActions, notDataActions: [] }];
  const properties = { roleName, type, description, assignableScopes, permissions };
  return { properties, id: roleId(name, scope), type: `${AUTHORIZATION}/roleDefinitions`, name };
}
