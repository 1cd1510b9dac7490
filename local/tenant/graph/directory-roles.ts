import type { DirectoryGrant, DirectoryRole, State } from '../model.ts';
import { type GraphCall, type GraphHandler, METADATA } from './call.ts';
import { applyFilter, readFilter } from './filtered.ts';
import { page } from './page.ts';
import { badSyntax, notFound } from './refusals.ts';
import { shapeByDefault } from './user-shape.ts';

const ROLES = 'roleManagement/directory';
const GRANT_PATHS = ['id', 'principalId', 'roleDefinitionId', 'directoryScopeId'];

export const listRoleAssignments: GraphHandler = (call) =>
  list(call, 'unifiedRoleAssignment', 'roleAssignments', call.tenant.view().directoryAssignments, (grant) => {
    const { id, principalId, roleDefinitionId, directoryScopeId } = grant;
    return { id, principalId, roleDefinitionId, directoryScopeId };
  });

export const listRoleAssignmentInstances: GraphHandler = (call) => {
  const grants = call.tenant.view().directoryAssignments;
  return list(call, 'unifiedRoleAssignmentScheduleInstance', 'roleAssignmentScheduleInstances', grants, (grant) => ({
    ...grant,
    appScopeId: null,
    assignmentType: 'Assigned',
    memberType: 'Direct',
    roleAssignmentOriginId: grant.id,
    roleAssignmentScheduleId: grant.id,
  }));
};

export const listRoleEligibilityInstances: GraphHandler = (call) => {
  const grants = call.tenant.view().directoryEligibilities;
  return list(call, 'unifiedRoleEligibilityScheduleInstance', 'roleEligibilityScheduleInstances', grants, (grant) => ({
    ...grant,
    appScopeId: null,
    memberType: 'Direct',
    roleEligibilityScheduleId: grant.id,
  }));
};

export const listRoleDefinitions: GraphHandler = (call) => {
  const paths = ['id', 'displayName', 'isPrivileged', 'templateId'];
  const filter = readFilter(call, { type: 'microsoft.graph.unifiedRoleDefinition', paths });
  const rows = applyFilter(filter, call.tenant.view().directoryRoles.map(definition));
  return page(call, `${ROLES}/roleDefinitions`, rows);
};

export const getRoleDefinition: GraphHandler = (call) => {
  const { id = '' } = call.params;
  const role = call.tenant.view().directoryRoles.find((one) => one.id === id.toLowerCase());
  if (!role) throw notFound(id);
  return {
    status: 200,
    body: { '@odata.context': `${METADATA}#${ROLES}/roleDefinitions/$entity`, ...definition(role) },
  };
};

function list(
  call: GraphCall,
  type: string,
  name: string,
  grants: readonly DirectoryGrant[],
  shape: (grant: DirectoryGrant) => Record<string, unknown>,
) {
  const filter = readFilter(call, { type: `microsoft.graph.${type}`, paths: GRANT_PATHS });
  const expansions = readExpand(call);
  const rows = applyFilter(filter, grants).map((grant) => {
    const expanded = expansions.map((path) => [path, expand(call.tenant.view(), grant, path)]);
    return { ...shape(grant), ...Object.fromEntries(expanded) };
  });
  return page(call, `${ROLES}/${name}`, rows);
}

function readExpand(call: GraphCall): readonly string[] {
  const paths = call.query.get('$expand')?.split(',') ?? [];
  const unknown = paths.find((path) => path !== 'roleDefinition' && path !== 'principal');
  if (unknown) throw badSyntax(`Could not find a property named '${unknown}'.`);
  return paths;
}

function expand(state: State, grant: DirectoryGrant, path: string): unknown {
  if (path === 'principal') {
    const user = state.users[grant.principalId];
    return user ? { '@odata.type': '#microsoft.graph.user', ...shapeByDefault(user) } : { id: grant.principalId };
  }
  const role = state.directoryRoles.find(({ id }) => id === grant.roleDefinitionId);
  return role ? definition(role) : null;
}

function definition({ id, displayName, description, isPrivileged }: DirectoryRole): Record<string, unknown> {
  return { id, displayName, description, isBuiltIn: true, isEnabled: true, isPrivileged, templateId: id, version: '1' };
}
