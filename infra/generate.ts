import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { actions } from '../shared/actions/catalog.ts';
import { settings } from '../shared/config.ts';
import { auditQuerySchema } from '../shared/domain/audit-query.ts';
import { uuidOf } from '../shared/domain/digest.ts';
import { playbookSchema } from '../shared/domain/playbook.ts';
import { type Power, powerOf, powers } from '../shared/domain/power.ts';
import { reportSchema } from '../shared/domain/report-definition.ts';
import { roles } from '../shared/domain/right.ts';
import { alertEventSchema } from '../shared/sources/generic.ts';
import { accessControlPermissions } from '../shared/systems/azure/access-control.ts';
import { directoryPermissions } from '../shared/systems/entra/directory.ts';

/** JSON schema of a playbook, for editors. */
export function playbookJsonSchema(): string {
  const schema = z.toJSONSchema(playbookSchema, { io: 'input' });
  return `${JSON.stringify({ $id: 'playbook.schema.json', title: 'Quell playbook', ...schema }, null, 2)}\n`;
}

/** JSON schema of a saved query, for editors. */
export function queryJsonSchema(): string {
  const schema = z.toJSONSchema(auditQuerySchema, { io: 'input' });
  return `${JSON.stringify({ $id: 'query.schema.json', title: 'Quell audit query', ...schema }, null, 2)}\n`;
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
  const all = { graph: [...graph].sort(), azure: [...azure].sort() };
  return `${JSON.stringify({ ...all, powers: Object.fromEntries(powers.map((power) => [power, needs(power)])) }, null, 2)}\n`;
}

/** What the identity of one power needs: the reader what reading declares, the others what the actions of their risk do. */
function needs(power: Power): { graph: readonly string[]; azure: readonly string[] } {
  if (power === 'reader') return { graph: sorted(directoryPermissions), azure: sorted(accessControlPermissions) };
  const mine = [...actions.values()].filter(({ risk }) => powerOf(risk) === power).map((one) => one.permissions);
  return { graph: sorted(mine.flatMap(({ graph }) => graph)), azure: sorted(mine.flatMap(({ azure }) => azure)) };
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}

/**
 * The app roles as the manifest of an app registration has them: `az ad app update --app-roles @infra/app-roles.json`.
 * Their ids are derived, so that they are the same wherever Quell is registered, and stay what they are.
 */
export function appRoles(): string {
  const rows = Object.entries(roles).map(([value, { title, about, members }]) => ({
    id: uuidOf(`app-role:${value}`),
    value,
    displayName: title,
    description: about,
    allowedMemberTypes: members,
    isEnabled: true,
  }));
  return `${JSON.stringify(rows, null, 2)}\n`;
}

/** JSON schema of a report, for editors. */
export function reportJsonSchema(): string {
  const schema = z.toJSONSchema(reportSchema, { io: 'input' });
  return `${JSON.stringify({ $id: 'report.schema.json', title: 'Quell report', ...schema }, null, 2)}\n`;
}

/**
 * What the deployed functions are set to where nobody sets it: every default of the code, so that it can be seen and
 * changed in one place. What has no default is bound in the Bicep, or is left out because it may be.
 */
export function deployedSettings(): string {
  const defaults = Object.entries(settings).flatMap(([name, { schema, sample }]): [string, string][] => {
    const left = schema.safeParse(undefined);
    const hasDefault = left.success ? left.data !== undefined : name.endsWith('_SCHEDULE');
    return hasDefault && sample !== '' ? [[name, sample]] : [];
  });
  return `${JSON.stringify(Object.fromEntries(defaults), null, 2)}\n`;
}

/** Files that are made of the code; a test keeps them fresh. */
export const generated: ReadonlyMap<string, () => string> = new Map([
  ['playbooks/playbook.schema.json', playbookJsonSchema],
  ['queries/query.schema.json', queryJsonSchema],
  ['docs/alert.schema.json', alertJsonSchema],
  ['reports/report.schema.json', reportJsonSchema],
  ['local.settings.sample.json', sampleSettings],
  ['infra/permissions.json', permissions],
  ['infra/settings.json', deployedSettings],
  ['infra/app-roles.json', appRoles],
]);

if (import.meta.main) {
  const root = resolve(import.meta.dirname, '..');
  for (const [file, make] of generated) await writeFile(resolve(root, file), make());
}
