import { z } from 'zod';
import { type Assignment, covers, type Residual } from '../domain/access.ts';
import type { Call } from '../domain/call.ts';
import { uuidOf } from '../domain/digest.ts';
import { Fault } from '../domain/fault.ts';
import type { JsonObject } from '../domain/json.ts';
import { action } from './action.ts';

const assignment = z.strictObject({
  name: z.string(),
  scope: z.string(),
  roleDefinitionId: z.string(),
  roleName: z.string(),
  readOnly: z.boolean(),
  grantsAccess: z.boolean(),
  principalId: z.string(),
  principalType: z.string(),
  condition: z.string().nullable(),
  conditionVersion: z.string().nullable(),
  description: z.string().nullable(),
});
const state = z.strictObject({
  direct: z.array(assignment),
  above: z.array(assignment),
  throughGroup: z.array(assignment),
  eligible: z.array(assignment),
});

/** Azure's built-in Reader, the same id in every tenant: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
const reader = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';
const apiVersion = '2022-04-01';

/**
 * Read-only in one subscription: every role assigned to the user directly is replaced by Reader *at the same scope*; at
 * the subscription it would give a user of one resource group the sight of all others. Reader comes first, so that the
 * user is never without; its name is derived, so that it is the same one twice. What cannot be changed here is named.
 * https://learn.microsoft.com/azure/role-based-access-control/role-assignments-rest
 */
export const assignReadOnly = action({
  name: 'assign-read-only',
  risk: 'reversible',
  effect: 'keyed-create',
  changesAccount: false,
  permissions: {
    graph: [],
    azure: [
      'Microsoft.Authorization/roleAssignments/read',
      'Microsoft.Authorization/roleAssignments/write',
      'Microsoft.Authorization/roleAssignments/delete',
      'Microsoft.Authorization/roleDefinitions/read',
    ],
  },
  state,
  settings: z.strictObject({}),

  observe: async ({ accessControl }, { identity, system }) => {
    const control = accessControl[system.type];
    if (system.type !== 'azure' || !control)
      throw new Fault('halt', 'wrong-system', `assign-read-only cannot work on ${system.type}.`);
    const access = await control.access(system.id, identity.id);
    return {
      direct: inOrder(access.direct),
      above: inOrder(access.above),
      throughGroup: inOrder(access.throughGroup),
      eligible: inOrder(access.eligible),
    };
  },

  plan: (access, { target: { identity, system } }) => {
    const removed = access.direct.filter(({ readOnly }) => !readOnly);
    const added = readersFor(removed, access.direct, { user: identity.id, subscription: system.id });
    const words = removed.map(({ roleName, scope }) => `${roleName} on ${scope}`).join(', ');
    return {
      summary:
        removed.length === 0
          ? `${identity.displayName} (${identity.userPrincipalName}) can only read what is assigned directly in ${system.name}`
          : `Replace ${words} of ${identity.displayName} (${identity.userPrincipalName}) by Reader at the same scope`,
      before: { assigned: removed.map(inWords), ...ownReaders(access.direct) },
      after: { assigned: [...new Set([...removed.map(({ scope }) => `Reader on ${scope}`)])] },
      calls: [...added.map(put), ...removed.map(remove)],
      undo: [...removed.map(put), ...added.map(remove)],
      undoNote:
        removed.length === 0
          ? 'nothing to undo'
          : 'puts every assignment back under its own name, with its condition; who created it and when is lost',
      residual: residualOf(access),
    };
  },

  satisfied: ({ direct, above }, change) => {
    if (direct.some(({ readOnly }) => !readOnly)) return false;
    const scopes = change.calls.filter(({ method }) => method === 'DELETE').map(({ path }) => scopeOf(path));
    return scopes.every((scope) => [...direct, ...above].some((one) => one.readOnly && covers(one.scope, scope)));
  },
});

type Held = z.infer<typeof assignment>;

function inOrder(list: readonly Assignment[]): Held[] {
  return [...list].sort((a, b) => (`${a.scope} ${a.name}` < `${b.scope} ${b.name}` ? -1 : 1));
}

/** Reader at each scope that loses a role, unless the user can read there already. */
function readersFor(
  removed: readonly Held[],
  direct: readonly Held[],
  about: { user: string; subscription: string },
): Held[] {
  const readable = direct.filter(({ readOnly }) => readOnly).map(({ scope }) => scope);
  const needed = removed.map(({ scope }) => scope).filter((scope) => !readable.some((wider) => covers(wider, scope)));
  // Azure writes one scope in different letters; those cover each other, and the first of them stands for all.
  const scopes = needed.filter((scope, index) =>
    needed.every((wider, at) => !covers(wider, scope) || (covers(scope, wider) ? at >= index : at === index)),
  );
  return scopes.map((scope) => ({
    name: readerName(scope, about.user),
    scope,
    roleDefinitionId: `/subscriptions/${about.subscription}/providers/Microsoft.Authorization/roleDefinitions/${reader}`,
    roleName: 'Reader',
    readOnly: true,
    grantsAccess: false,
    principalId: about.user,
    principalType: 'User',
    condition: null,
    conditionVersion: null,
    description: null,
  }));
}

/** The same for the same scope and user, so that the assignment is the same one twice. */
function readerName(scope: string, user: string): string {
  return uuidOf(`${scope.toLowerCase()}|${user.toLowerCase()}|${reader}`);
}

function pathOf({ scope, name }: Held): string {
  return `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}?api-version=${apiVersion}`;
}

function scopeOf(path: string): string {
  return path.slice(0, path.indexOf('/providers/Microsoft.Authorization/roleAssignments/'));
}

function put(held: Held): Call {
  const { roleDefinitionId, principalId, principalType, condition, conditionVersion, description } = held;
  const optional: JsonObject = {
    ...(condition === null ? {} : { condition, conditionVersion }),
    ...(description === null ? {} : { description }),
  };
  const body = { properties: { roleDefinitionId, principalId, principalType, ...optional } };
  return { to: 'azure', method: 'PUT', path: pathOf(held), body };
}

function remove(held: Held): Call {
  return { to: 'azure', method: 'DELETE', path: pathOf(held), body: null };
}

/** Readers that an earlier attempt gave: an undo that was cut short is not over while they stand. */
function ownReaders(direct: readonly Held[]): JsonObject {
  const own = direct.filter(({ name, scope, principalId }) => name === readerName(scope, principalId));
  return own.length === 0 ? {} : { readers: own.map(inWords) };
}

function inWords({ roleName, scope, name, condition }: Held): JsonObject {
  return { role: roleName, scope, name, ...(condition === null ? {} : { condition }) };
}

function residualOf(access: z.infer<typeof state>): Residual[] {
  const stays = (list: readonly Held[], why: string): Residual[] =>
    list.filter(({ readOnly }) => !readOnly).map(({ roleName, scope }) => ({ what: `${roleName} on ${scope}`, why }));
  return [
    ...stays(access.throughGroup, 'comes through a group: change the membership'),
    ...stays(access.above, 'is assigned above this subscription: change it there'),
    ...stays(access.eligible, 'is eligible: one activation away in Privileged Identity Management'),
  ];
}
