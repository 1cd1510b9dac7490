import { z } from 'zod';
import type { Stack } from '../../local/stack/stack.ts';
import type { Member } from '../../local/tenant/seed/crowd.ts';
import { AZURE_ROLES } from '../../local/tenant/seed.ts';
import { type TenantReader, tenantReader } from '../support/tenant-reader.ts';

const deletedSchema = z.object({ id: z.string() });
const assignmentSchema = z.object({
  name: z.string(),
  properties: z.object({ principalId: z.string(), roleDefinitionId: z.string() }),
});

/** What the tenant itself says, by plain HTTP: who is deleted or read-only, and every change it let through. */
export async function countChanges(stack: Stack, members: readonly Member[]) {
  const tenant = await tenantReader(stack);
  let lost = 0;
  for (const member of members) if (!(await answered(tenant, member))) lost += 1;
  // A PUT that comes again after a kill, under its own derived name, is answered 200 and not 201: nothing was made.
  const made = (await tenant.mutations()).filter(({ method, status }) => method !== 'PUT' || status === 201);
  const changes = made.map(({ method, path }) => `${method} ${path}`);
  return { lost, changes: changes.length, doubled: changes.length - new Set(changes).size };
}

async function answered(tenant: TenantReader, { id, subscription, environment }: Member): Promise<boolean> {
  if (environment === 'sandbox') {
    const { status, body } = await tenant.graph(`/directory/deletedItems/${id}`);
    return status === 200 && deletedSchema.parse(body).id === id;
  }
  const filter = encodeURIComponent(`principalId eq '${id}'`);
  const list = `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01&$filter=${filter}`;
  const held = (await tenant.azureList(list)).map((one) => assignmentSchema.parse(one));
  const roles = held.map(({ properties }) => properties.roleDefinitionId.split('/').at(-1));
  return roles.length === 1 && roles[0] === AZURE_ROLES.reader;
}
