import type { RoleAssignment } from '../model.ts';
import { Refusal } from '../refusal.ts';
import { AZURE_ROLES } from '../seed.ts';
import { requireAction } from './access.ts';
import { type ArmCall, type ArmHandler, AUTHORIZATION } from './call.ts';
import { readBody, type WantedAssignment } from './role-assignment-body.ts';
import { assignmentId, findAssignment, shape } from './role-assignments.ts';
import { resolveScope, type Scope } from './scope.ts';

const GUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const ADMINISTRATORS: readonly string[] = [AZURE_ROLES.owner, AZURE_ROLES.userAccessAdministrator];

export const putRoleAssignment: ArmHandler = (call) => {
  const state = call.tenant.truth();
  const { scope: path = '', name = '' } = call.params;
  const scope = resolveScope(state, path);
  requireAction(call, `${AUTHORIZATION}/roleAssignments/write`, scope, assignmentId(scope.id, name));
  if (!GUID.test(name)) {
    throw new Refusal(
      400,
      'InvalidRoleAssignmentId',
      `The role assignment ID '${name}' is not valid. The role assignment ID must be a GUID.`,
    );
  }
  const wanted = readBody(state, scope, call.body);
  const named = state.assignments.find((one) => one.name === name.toLowerCase());
  if (named) return update(call, scope, named, wanted);
  refuseTwin(state.assignments, scope, wanted);
  return create(call, scope, name.toLowerCase(), wanted);
};

export const deleteRoleAssignment: ArmHandler = (call) => {
  const state = call.tenant.truth();
  const scope = resolveScope(state, call.params.scope ?? '');
  const id = assignmentId(scope.id, call.params.name ?? '');
  requireAction(call, `${AUTHORIZATION}/roleAssignments/delete`, scope, id);
  const found = findAssignment(state.assignments, call, scope);
  if (!found) return { status: 204 };
  refuseLastAdministrator(state.assignments, scope, found);
  replace(call, found.name, []);
  return { status: 200, body: shape(found, scope) };
};

function create(call: ArmCall, scope: Scope, name: string, wanted: WantedAssignment) {
  const on = new Date(call.tenant.now()).toISOString();
  const by = call.caller.objectId;
  const audit = { createdOn: on, updatedOn: on, createdBy: by, updatedBy: by };
  const created: RoleAssignment = { name, scope: scope.id, ...wanted, ...audit };
  replace(call, name, [created]);
  return { status: 201, body: shape(created, scope) };
}

// A name is unique in the whole directory, and what an assignment is about never changes; only its words and its condition do.
function update(call: ArmCall, scope: Scope, existing: RoleAssignment, wanted: WantedAssignment) {
  const same =
    existing.scope.toLowerCase() === scope.chain[0] &&
    existing.role === wanted.role &&
    existing.principalId === wanted.principalId;
  if (!same) {
    const message = 'Tenant ID, application ID, principal ID, and scope are not allowed to be updated.';
    throw new Refusal(400, 'RoleAssignmentUpdateNotPermitted', message);
  }
  const { description, condition, conditionVersion } = wanted;
  const unchanged =
    [description, condition, conditionVersion].join() ===
    [existing.description, existing.condition, existing.conditionVersion].join();
  if (unchanged) return { status: 200, body: shape(existing, scope) };
  const audit = { updatedOn: new Date(call.tenant.now()).toISOString(), updatedBy: call.caller.objectId };
  const updated = { ...existing, description, condition, conditionVersion, ...audit };
  replace(call, existing.name, [updated]);
  return { status: 200, body: shape(updated, scope) };
}

function replace(call: ArmCall, name: string, next: readonly RoleAssignment[]): void {
  call.tenant.change((state) => {
    const at = state.assignments.findIndex((one) => one.name === name);
    state.assignments.splice(at < 0 ? state.assignments.length : at, at < 0 ? 0 : 1, ...next);
  });
}

function refuseTwin(assignments: readonly RoleAssignment[], scope: Scope, wanted: WantedAssignment): void {
  const twin = assignments.find((one) => {
    const sameTarget = one.role === wanted.role && one.principalId === wanted.principalId;
    return sameTarget && one.scope.toLowerCase() === scope.chain[0];
  });
  if (!twin) return;
  const id = twin.name.replaceAll('-', '');
  throw new Refusal(
    409,
    'RoleAssignmentExists',
    `The role assignment already exists. The ID of the existing role assignment is ${id}.`,
  );
}

// "Removing the last Owner role assignment for a subscription isn't supported" (Troubleshoot Azure RBAC).
function refuseLastAdministrator(all: readonly RoleAssignment[], scope: Scope, leaving: RoleAssignment): void {
  if (scope.chain[0] !== `/subscriptions/${scope.subscription?.id}` || !ADMINISTRATORS.includes(leaving.role)) return;
  const others = all.filter(
    (one) => one !== leaving && one.scope === leaving.scope && ADMINISTRATORS.includes(one.role),
  );
  if (others.length === 0) {
    throw new Refusal(412, 'CannotDeleteLastRbacAdminAssignment', 'Cannot delete the last RBAC admin assignment.');
  }
}
