import { z } from 'zod';
import type { PrincipalType, State } from '../model.ts';
import { principalType } from '../principals.ts';
import { Refusal } from '../refusal.ts';
import { parseObject } from '../wire.ts';
import { covers, type Scope } from './scope.ts';

const text = z.string().nullish().default(null);

const schema = z.object({
  properties: z.object({
    roleDefinitionId: z.string(),
    principalId: z.string(),
    principalType: z.string().nullish(),
    description: text,
    condition: text,
    conditionVersion: text,
  }),
});

export interface WantedAssignment {
  readonly role: string;
  readonly principalId: string;
  readonly principalType: PrincipalType;
  readonly description: string | null;
  readonly condition: string | null;
  readonly conditionVersion: string | null;
}

/** @throws Refusal where the body is malformed, or names a role or a principal that is not there. */
export function readBody(state: State, scope: Scope, body: string): WantedAssignment {
  const json = parseObject(body);
  if (!json) {
    throw new Refusal(400, 'InvalidRequestContent', 'The request content was invalid and could not be deserialized.');
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw new Refusal(400, 'BadRequestFormat', 'The request was incorrectly formatted.');
  const { roleDefinitionId, principalId, principalType: stated, ...rest } = parsed.data.properties;
  const type = checkPrincipal(state, principalId, stated);
  return {
    ...rest,
    role: checkRole(state, scope, roleDefinitionId),
    principalId: principalId.toLowerCase(),
    principalType: type,
  };
}

function checkRole(state: State, scope: Scope, id: string): string {
  const name = id.split('/').at(-1)?.toLowerCase() ?? '';
  const role = state.azureRoles.find((one) => one.name === name);
  if (!role) {
    const short = name.replaceAll('-', '');
    throw new Refusal(
      404,
      'RoleDefinitionDoesNotExist',
      `The specified role definition with ID '${short}' does not exist.`,
    );
  }
  if (!role.assignableScopes.some((assignable) => covers(assignable, scope))) {
    throw new Refusal(
      400,
      'RoleDefinitionNotAssignable',
      `The role '${role.roleName}' can't be assigned at '${scope.id}'.`,
    );
  }
  return role.name;
}

function checkPrincipal(state: State, id: string, stated: string | null | undefined): PrincipalType {
  const type = principalType(state, id.toLowerCase());
  if (!type) {
    throw new Refusal(
      400,
      'PrincipalNotFound',
      `Principal ${id.replaceAll('-', '')} does not exist in the directory ${state.organization.id}. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype`,
    );
  }
  if (stated && stated !== type) {
    throw new Refusal(
      400,
      'UnmatchedPrincipalType',
      `The PrincipalId '${id.replaceAll('-', '')}' has type '${type}' , which is different from specified PrinciaplType '${stated}'.`,
    );
  }
  return type;
}
