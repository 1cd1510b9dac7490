import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { servicePrincipals } from '../../local/tenant/seed/directory.ts';
import { ENGINE } from '../../local/tenant/seed.ts';

const { graph } = z
  .object({ graph: z.array(z.string()) })
  .parse(JSON.parse(readFileSync('infra/permissions.json', 'utf8')));

test('the demo runs with the permissions of infra/permissions.json and no others', () => {
  const granted = servicePrincipals[ENGINE.objectId]?.appRoles ?? [];
  expect([...granted].sort()).toEqual(graph);
});

test('nothing that could purge, and nothing that reaches administrators when deleting', () => {
  expect(graph).not.toContain('User.DeleteRestore.All');
  expect(graph).not.toContain('Directory.ReadWrite.All');
});
