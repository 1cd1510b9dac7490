import { z } from 'zod';
import { Fault } from '../../domain/fault.ts';
import type { Clock } from '../../ports.ts';
import { type HttpApi, needing, read } from '../http-api.ts';
import { remembering } from '../remember.ts';
import { grantsAccess, readsOnly } from './role-power.ts';

const patterns = z.array(z.string()).nullish();
const roleSchema = z.object({
  properties: z.object({
    roleName: z.string(),
    permissions: z.array(z.object({ actions: patterns, notActions: patterns, dataActions: patterns })),
  }),
});

/** What a role is called, and how far it reaches. */
export interface Role {
  readonly roleName: string;
  /** It can do nothing but read. */
  readonly readOnly: boolean;
  /** It can give access to others, and so everything to itself. */
  readonly grantsAccess: boolean;
}
export type Roles = (roleDefinitionId: string) => Promise<Role>;

/** How long a definition is remembered, in milliseconds: custom roles can be changed. */
const rememberMs = 60_000;

/** Looks role definitions up by id, each at most once a minute. */
export function rolesOf(azure: HttpApi, clock: Clock): Roles {
  return remembering(clock, rememberMs, (id) => lookUp(azure, id));
}

/** Ids come out of answers and go into paths: only what a role's id can look like is asked for. */
const roleId =
  /^(?:\/subscriptions\/[\da-f-]{36}|\/providers\/Microsoft\.Management\/managementGroups\/[\w.()-]+)?\/providers\/Microsoft\.Authorization\/roleDefinitions\/[\da-f-]{36}$/i;

async function lookUp(azure: HttpApi, id: string): Promise<Role> {
  if (!roleId.test(id))
    throw new Fault('halt', 'unexpected-answer', `A role assignment names ${id.slice(0, 200)} as its role.`);
  const path = `${id}?api-version=2022-04-01`;
  const answer = await needing(['Microsoft.Authorization/roleDefinitions/read'], azure.call('GET', path));
  const { roleName, permissions } = read(roleSchema, answer, `GET azure${id}`).properties;
  return { roleName, readOnly: readsOnly(permissions), grantsAccess: grantsAccess(permissions) };
}
