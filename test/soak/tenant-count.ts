import { z } from 'zod';
import type { Stack } from '../../local/stack/stack.ts';
import type { Member } from '../../local/tenant/seed/crowd.ts';
import { tenantReader } from '../support/tenant-reader.ts';

const deletedSchema = z.object({ id: z.string() });

/** What the tenant itself says, by plain HTTP: who is deleted, and every change it let through. */
export async function countChanges(stack: Stack, members: readonly Member[]) {
  const tenant = await tenantReader(stack);
  let lost = 0;
  for (const { id } of members) {
    const { status, body } = await tenant.graph(`/directory/deletedItems/${id}`);
    if (status !== 200 || deletedSchema.parse(body).id !== id) lost += 1;
  }
  const changes = (await tenant.mutations()).map(({ method, path }) => `${method} ${path}`);
  return { lost, changes: changes.length, doubled: changes.length - new Set(changes).size };
}
