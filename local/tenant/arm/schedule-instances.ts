import type { PrincipalType, State } from '../model.ts';
import { requireAction } from './access.ts';
import { type ArmCall, type ArmHandler, AUTHORIZATION } from './call.ts';
import { chooseRows } from './filter.ts';
import { page } from './page.ts';
import { roleId } from './role-assignments.ts';
import { resolveScope, type Scope } from './scope.ts';

/** What both kinds of instance have: an assignment in force, or an eligibility that may be activated. */
interface Grant {
  readonly name: string;
  readonly scope: string;
  readonly role: string;
  readonly principalId: string;
  readonly principalType: PrincipalType;
  readonly condition: string | null;
  readonly conditionVersion: string | null;
  readonly createdOn: string;
}

export const listAssignmentInstances: ArmHandler = (call) =>
  list(call, 'roleAssignmentScheduleInstances', call.tenant.view().assignments, ({ name, createdOn, scope }) => ({
    roleAssignmentScheduleId: `${scope}/providers/${AUTHORIZATION}/RoleAssignmentSchedules/${name}`,
    originRoleAssignmentId: `${scope}/providers/${AUTHORIZATION}/RoleAssignments/${name}`,
    assignmentType: 'Assigned',
    startDateTime: createdOn,
    endDateTime: null,
  }));

export const listEligibilityInstances: ArmHandler = (call) =>
  list(call, 'roleEligibilityScheduleInstances', call.tenant.view().eligibilities, (grant) => ({
    roleEligibilityScheduleId: `${grant.scope}/providers/${AUTHORIZATION}/RoleEligibilitySchedules/${grant.scheduleName}`,
    startDateTime: grant.startDateTime,
    endDateTime: grant.endDateTime,
  }));

function list<G extends Grant>(
  call: ArmCall,
  type: string,
  grants: readonly G[],
  own: (grant: G) => Record<string, unknown>,
) {
  const state = call.tenant.view();
  const scope = resolveScope(state, call.params.scope ?? '');
  requireAction(call, `${AUTHORIZATION}/${type}/read`, scope, `${scope.id}/providers/${AUTHORIZATION}`);
  return page(
    call,
    chooseRows(call, scope, grants).map((grant) => shape(state, scope, type, grant, own(grant))),
  );
}

function shape(state: State, at: Scope, type: string, grant: Grant, own: Record<string, unknown>) {
  const { name, scope, role, principalId, principalType, condition, conditionVersion, createdOn } = grant;
  const properties = {
    scope,
    roleDefinitionId: roleId(role, at),
    principalId,
    principalType,
    status: 'Provisioned',
    memberType: memberType(at, grant),
    ...own,
    condition,
    conditionVersion,
    createdOn,
    expandedProperties: expanded(state, at, grant),
  };
  return {
    properties,
    name,
    id: `${scope}/providers/${AUTHORIZATION}/${type}/${name}`,
    type: `${AUTHORIZATION}/${type}`,
  };
}

function memberType(at: Scope, { scope, principalType }: Grant): string {
  if (principalType === 'Group') return 'Group';
  return at.chain.slice(1).includes(scope.toLowerCase()) ? 'Inherited' : 'Direct';
}

function expanded(state: State, at: Scope, { scope, role, principalId, principalType }: Grant) {
  const definition = state.azureRoles.find((one) => one.name === role);
  const user = state.users[principalId];
  const displayName = user?.displayName ?? state.groups[principalId]?.displayName ?? null;
  return {
    scope: { id: scope, displayName: scope.split('/').at(-1), type: scopeType(scope) },
    roleDefinition: { id: roleId(role, at), displayName: definition?.roleName, type: definition?.type },
    principal: { id: principalId, displayName, email: user?.mail ?? null, type: principalType },
  };
}

function scopeType(scope: string): string {
  if (/\/managementGroups\//i.test(scope)) return 'managementgroup';
  return /\/resourceGroups\//i.test(scope) ? 'resourcegroup' : 'subscription';
}
