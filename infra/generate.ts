import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { actions } from '../shared/actions/catalog.ts';
import { settings } from '../shared/config.ts';
import { playbookSchema } from '../shared/domain/playbook.ts';
import { alertEventSchema } from '../shared/sources/generic.ts';
import { accessControlPermissions } from '../shared/systems/azure/access-control.ts';
import { directoryPermissions } from '../shared/systems/entra/directory.ts';

/** JSON schema of a playbook, for editors. */
export function playbookJsonSchema(): string {
  const schema = z.toJSONSchema(playbookSchema, { io: 'input' });
  return `${JSON.stringify({ $id: 'playbook.schema.json', title: 'Quell playbook', ...schema }, null, 2)}\n`;
}

/** JSON schema of an alert in Quell's own form, for whoever sends one. */
export function alertJsonSchema(): string {
  const schema = z.toJSONSchema(alertEventSchema, { io: 'input' });
  return `${JSON.stringify({ $id: 'alert.schema.json', title: 'Alert as a CloudEvent', ...schema }, null, 2)}\n`;
}

/** `local.settings.sample.json`: every setting with a value for a trial. */
export function sampleSettings(): string {
  const own = Object.entries(settings).map(([name, { sample }]) => [name, sample]);
  const Values = { FUNCTIONS_WORKER_RUNTIME: 'node', ...Object.fromEntries(own) };
  return `${JSON.stringify({ IsEncrypted: false, Values }, null, 2)}\n`;
}

/** Everything the engine's identity needs: what the readers of the directory and of Azure and the actions declare, and nothing else. */
export function permissions(): string {
  const graph = new Set(directoryPermissions);
  const azure = new Set(accessControlPermissions);
  for (const { permissions: needed } of actions.values()) {
    for (const name of needed.graph) graph.add(name);
    for (const name of needed.azure) azure.add(name);
  }
  return `${JSON.stringify({ graph: [...graph].sort(), azure: [...azure].sort() }, null, 2)}\n`;
}

/** Files that are made of the code; a test keeps them fresh. */
export const generated: ReadonlyMap<string, () => string> = new Map([
  ['playbooks/playbook.schema.json', playbookJsonSchema],
  ['docs/alert.schema.json', alertJsonSchema],
  ['local.settings.sample.json', sampleSettings],
  ['infra/permissions.json', permissions],
]);

if (import.meta.main) {
  const root = resolve(import.meta.dirname, '..');
  for (const [file, make] of generated) await writeFile(resolve(root, file), make());
}
