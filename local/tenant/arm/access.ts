import type { AzureRole } from '../model.ts';
import { withGroups } from '../principals.ts';
import { Refusal } from '../refusal.ts';
import type { ArmCall } from './call.ts';
import { covers, type Scope } from './scope.ts';

/** Whether a role at or above the scope, held by the caller or a group it is in, allows the action (actions − notActions). */
export function mayAct(call: ArmCall, action: string, scope: Scope): boolean {
  const state = call.tenant.truth();
  const principals = withGroups(state, call.caller.objectId);
  return state.assignments.some((assignment) => {
    const role = state.azureRoles.find(({ name }) => name === assignment.role);
    return role && principals.has(assignment.principalId) && covers(assignment.scope, scope) && allows(role, action);
  });
}

/** @throws Refusal 403, with the resource the action was meant for. */
export function requireAction(call: ArmCall, action: string, scope: Scope, resource: string): void {
  if (mayAct(call, action, scope)) return;
  const { appId, objectId } = call.caller;
  throw new Refusal(
    403,
    'AuthorizationFailed',
    `The client '${appId}' with object id '${objectId}' does not have authorization to perform action '${action}' over scope '${resource}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );
}

function allows({ actions, notActions }: AzureRole, action: string): boolean {
  return actions.some((pattern) => matches(pattern, action)) && !notActions.some((pattern) => matches(pattern, action));
}

function matches(pattern: string, action: string): boolean {
  const source = pattern.split('*').map((part) => part.replaceAll('.', '\\.'));
  return new RegExp(`^${source.join('.*')}$`, 'i').test(action);
}
