import { z } from 'zod';
import { Fault } from '../../domain/fault.ts';
import { type HttpApi, needing, read } from '../http-api.ts';

const roleSchema = z.object({
  properties: z.object({
    roleName: z.string(),
    permissions: z.array(
      z.object({ actions: z.array(z.string()).nullish(), dataActions: z.array(z.string()).nullish() }),
    ),
  }),
});

/**
 * What a role is called, and whether it can only read. Every action must end in `/read`: what `notActions` take away is
 * not counted, so a role is called read-only too rarely and never too often.
 */
export type RoleNames = (roleDefinitionId: string) => Promise<{ roleName: string; readOnly: boolean }>;

/** How long a definition is remembered, in milliseconds: custom roles can be changed. */
const rememberMs = 60_000;

/** Looks role definitions up by id, each at most once a minute. */
export function roleNames(azure: HttpApi): RoleNames {
  const known = new Map<string, { until: number; role: ReturnType<RoleNames> }>();
  return (id) => {
    const now = performance.now();
    const found = known.get(id);
    if (found && found.until > now) return found.role;
    const role = lookUp(azure, id);
    known.set(id, { until: now + rememberMs, role });
    role.catch(() => known.delete(id));
    return role;
  };
}

/** Ids come out of answers and go into paths: only what a role's id can look like is asked for. */
const roleId =
  /^(?:\/subscriptions\/[\da-f-]{36}|\/providers\/Microsoft\.Management\/managementGroups\/[\w.()-]+)?\/providers\/Microsoft\.Authorization\/roleDefinitions\/[\da-f-]{36}$/i;

async function lookUp(azure: HttpApi, id: string): ReturnType<RoleNames> {
  if (!roleId.test(id))
    throw new Fault('halt', 'unexpected-answer', `A role assignment names ${id.slice(0, 200)} as its role.`);
  const path = `${id}?api-version=2022-04-01`;
  const answer = await needing(['Microsoft.Authorization/roleDefinitions/read'], azure.call('GET', path));
  const { roleName, permissions } = read(roleSchema, answer, `GET azure${id}`).properties;
  const all = permissions.flatMap(({ actions, dataActions }) => [...(actions ?? []), ...(dataActions ?? [])]);
  return { roleName, readOnly: all.every((action) => action.toLowerCase().endsWith('/read')) };
}
