import { z } from 'zod';
import type { Call } from '../../shared/domain/call.ts';
import { exclusionSchema } from '../../shared/domain/exclusion.ts';
import { Fault } from '../../shared/domain/fault.ts';
import { canonical, type Json } from '../../shared/domain/json.ts';
import { pathOf, type WorldState } from './world-state.ts';

/** Carries out one call the way the far side does. Says whether it changed anything. @throws Fault */
export function carryOut(state: WorldState, { to, method, path, body }: Call, key: string, now: string): boolean {
  const first = rows.find(([pattern]) => pattern.test(`${method} ${to} ${path}`));
  if (!first) throw new Fault('reject', 'called-wrong', `${to} has no ${method} ${path}.`);
  const parts = first[0].exec(`${method} ${to} ${path}`)?.slice(1) ?? [];
  return first[1](state, { parts: parts.map(decodeURIComponent), body, key, now });
}

interface Asked {
  readonly parts: readonly string[];
  readonly body: Json;
  readonly key: string;
  readonly now: string;
}
type Handler = (state: WorldState, asked: Asked) => boolean;

const rows: readonly (readonly [RegExp, Handler])[] = [
  [/^PATCH graph \/users\/([^/]+)$/, patchUser],
  [/^POST graph \/users\/([^/]+)\/revokeSignInSessions$/, revoke],
  [/^DELETE graph \/users\/([^/]+)$/, remove],
  [/^POST graph \/directory\/deletedItems\/([^/]+)\/restore$/, restore],
  [/^PUT azure (.+)\/providers\/Microsoft\.Authorization\/roleAssignments\/([^/?]+)\?.*$/, assign],
  [/^DELETE azure (.+)\/providers\/Microsoft\.Authorization\/roleAssignments\/([^/?]+)\?.*$/, unassign],
  [/^PUT exclusions \/exclusions\/([^/]+)\/([^/]+)$/, exclude],
  [/^DELETE exclusions \/exclusions\/([^/]+)\/([^/]+)$/, include],
  [/^POST webhook \/$/, tell],
];

const patchSchema = z.union([
  z.strictObject({ accountEnabled: z.boolean() }),
  z.strictObject({
    customSecurityAttributes: z.strictObject({
      AlertResponse: z.strictObject({
        '@odata.type': z.literal('#Microsoft.DirectoryServices.CustomSecurityAttributeValue'),
        ckExcludeFromReports: z.string().nullable(),
      }),
    }),
  }),
]);

function patchUser(state: WorldState, { parts: [id = ''], body }: Asked): boolean {
  const user = liveUser(state, id);
  const patch = patchSchema.parse(body);
  const before = { ...user };
  if ('accountEnabled' in patch) user.enabled = patch.accountEnabled;
  else user.excludeMark = patch.customSecurityAttributes.AlertResponse.ckExcludeFromReports;
  return before.enabled !== user.enabled || before.excludeMark !== user.excludeMark;
}

/** The directory keeps the time without fractions. */
function revoke(state: WorldState, { parts: [id = ''], now }: Asked): boolean {
  const user = liveUser(state, id);
  user.sessionsValidFrom = `${now.slice(0, 19)}Z`;
  return true;
}

function remove(state: WorldState, { parts: [id = ''] }: Asked): boolean {
  if (state.deleted[id]) return false;
  state.deleted[id] = liveUser(state, id);
  delete state.live[id];
  return true;
}

function restore(state: WorldState, { parts: [id = ''] }: Asked): boolean {
  if (state.live[id]) return false;
  const user = state.deleted[id];
  if (!user) throw missing(id);
  state.live[id] = user;
  delete state.deleted[id];
  return true;
}

const assignmentBody = z.strictObject({
  properties: z.strictObject({
    roleDefinitionId: z.string(),
    principalId: z.string(),
    principalType: z.string(),
    condition: z.string().nullable().default(null),
    conditionVersion: z.string().nullable().default(null),
    description: z.string().nullable().default(null),
  }),
});

function assign(state: WorldState, { parts: [scope = '', name = ''], body }: Asked): boolean {
  const { properties } = assignmentBody.parse(body);
  const same = Object.values(state.assignments).some(
    (one) =>
      one.scope === scope &&
      one.principalId === properties.principalId &&
      one.roleDefinitionId === properties.roleDefinitionId,
  );
  if (same) return false;
  const readOnly = properties.roleDefinitionId.endsWith('acdd72a7-3385-48ef-bd42-f606fba81ae7');
  const roleName = readOnly ? 'Reader' : 'Contributor';
  state.assignments[pathOf({ scope, name })] = { ...properties, name, scope, roleName, readOnly, grantsAccess: false };
  return true;
}

function unassign(state: WorldState, { parts: [scope = '', name = ''] }: Asked): boolean {
  const path = pathOf({ scope, name });
  const was = path in state.assignments;
  delete state.assignments[path];
  return was;
}

function exclude(state: WorldState, { parts: [system = '', identity = ''], body }: Asked): boolean {
  const before = JSON.stringify(state.exclusions[`${system}/${identity}`]);
  state.exclusions[`${system}/${identity}`] = exclusionSchema.parse(body);
  return before !== JSON.stringify(state.exclusions[`${system}/${identity}`]);
}

function include(state: WorldState, { parts: [system = '', identity = ''] }: Asked): boolean {
  const was = `${system}/${identity}` in state.exclusions;
  delete state.exclusions[`${system}/${identity}`];
  return was;
}

function tell(state: WorldState, { key, body }: Asked): boolean {
  const known = key in state.word;
  state.word[key] = canonical(body);
  return !known;
}

function liveUser(state: WorldState, id: string): WorldState['live'][string] {
  const user = state.live[id];
  if (user) return user;
  throw missing(id);
}

function missing(id: string): Fault {
  return new Fault('halt', 'unexpected-status', `${id} answered 404.`);
}
