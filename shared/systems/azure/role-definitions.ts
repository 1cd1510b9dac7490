import { z } from 'zod';
import { type HttpApi, read } from '../http-api.ts';

const roleSchema = z.object({
  properties: z.object({
    roleName: z.string(),
    permissions: z.array(
      z.object({ actions: z.array(z.string()).default([]), dataActions: z.array(z.string()).default([]) }),
    ),
  }),
});

/** What a role is called, and whether it can only read. */
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

async function lookUp(azure: HttpApi, id: string): ReturnType<RoleNames> {
  const path = `${id}?api-version=2022-04-01`;
  const { roleName, permissions } = read(roleSchema, await azure.call('GET', path), `GET azure${id}`).properties;
  const all = permissions.flatMap(({ actions, dataActions }) => [...actions, ...dataActions]);
  return { roleName, readOnly: all.every((action) => action.toLowerCase().endsWith('/read')) };
}
