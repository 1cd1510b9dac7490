import type { ArmHandler } from './call.ts';
import { deleteRoleAssignment, putRoleAssignment } from './role-assignment-writes.ts';
import { getRoleAssignment, listRoleAssignments } from './role-assignments.ts';
import { getRoleDefinition, listRoleDefinitions } from './role-definitions.ts';
import { listAssignmentInstances, listEligibilityInstances } from './schedule-instances.ts';
import { getSubscription, listSubscriptions } from './subscriptions.ts';

export interface ArmOperation {
  readonly method: string;
  readonly path: string;
  readonly versions: readonly string[];
  readonly handle: ArmHandler;
}

const authorization = '{+scope}/providers/Microsoft.Authorization';
const subscriptions = ['2022-12-01', '2021-01-01', '2020-01-01'];
const assignments = ['2022-04-01'];
const schedules = ['2020-10-01'];

export const operations: readonly ArmOperation[] = [
  { method: 'GET', path: '/subscriptions', versions: subscriptions, handle: listSubscriptions },
  { method: 'GET', path: '/subscriptions/{id}', versions: subscriptions, handle: getSubscription },
  { method: 'GET', path: `${authorization}/roleAssignments`, versions: assignments, handle: listRoleAssignments },
  { method: 'GET', path: `${authorization}/roleAssignments/{name}`, versions: assignments, handle: getRoleAssignment },
  { method: 'PUT', path: `${authorization}/roleAssignments/{name}`, versions: assignments, handle: putRoleAssignment },
  {
    method: 'DELETE',
    path: `${authorization}/roleAssignments/{name}`,
    versions: assignments,
    handle: deleteRoleAssignment,
  },
  { method: 'GET', path: `${authorization}/roleDefinitions`, versions: assignments, handle: listRoleDefinitions },
  { method: 'GET', path: `${authorization}/roleDefinitions/{name}`, versions: assignments, handle: getRoleDefinition },
  {
    method: 'GET',
    path: `${authorization}/roleAssignmentScheduleInstances`,
    versions: schedules,
    handle: listAssignmentInstances,
  },
  {
    method: 'GET',
    path: `${authorization}/roleEligibilityScheduleInstances`,
    versions: schedules,
    handle: listEligibilityInstances,
  },
];
