import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { type Power, powers } from '../shared/domain/power.ts';

const needs = z.object({ graph: z.array(z.string()), azure: z.array(z.string()) });
export type Needs = z.infer<typeof needs>;
const permissions = z.object({ powers: z.record(z.enum(powers), needs) });

/** Application id of Microsoft Graph, the same in every tenant. */
const graphAppId = '00000003-0000-0000-c000-000000000000';

/**
 * The commands that give an identity what its power needs, and nothing else, for somebody with Privileged Role
 * Administrator (Graph) and Owner or User Access Administrator (Azure). They are printed, not run: granting is a
 * person's decision, and each line can be read first. Giving twice is quiet or refused; nothing is taken away.
 */
export function consentCommands(
  power: Power,
  objectId: string,
  { graph, azure }: Needs,
  scope: string,
): readonly string[] {
  const roles = graph.map(
    (name) =>
      `az rest --method POST --url "https://graph.microsoft.com/v1.0/servicePrincipals/${objectId}/appRoleAssignments" ` +
      `--body "{\\"principalId\\":\\"${objectId}\\",\\"resourceId\\":\\"$GRAPH\\",\\"appRoleId\\":\\"$(az ad sp show --id ${graphAppId} ` +
      `--query "appRoles[?value=='${name}'].id | [0]" -o tsv)\\"}"  # ${name}`,
  );
  if (azure.length === 0) return roles;
  const role = {
    Name: `Quell ${power}`,
    Description: `What Quell's ${power} needs.`,
    Actions: azure,
    AssignableScopes: [scope],
  };
  return [
    ...roles,
    `az role definition create --role-definition '${JSON.stringify(role)}'`,
    `az role assignment create --assignee-object-id ${objectId} --assignee-principal-type ServicePrincipal --role "Quell ${power}" --scope ${scope}`,
  ];
}

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { reader: text, changer: text, deleter: text, scope: text } });
  const scope = values.scope ?? '/subscriptions/<the subscription that is watched>';
  const file = resolve(import.meta.dirname, 'permissions.json');
  const { powers: by } = permissions.parse(JSON.parse(await readFile(file, 'utf8')));
  const lines = powers.flatMap((power) => [
    '',
    `# ${power}${power === 'deleter' ? ': leave this part out, and nothing is ever deleted' : ''}`,
    ...consentCommands(power, values[power] ?? `<object id of the ${power}>`, by[power], scope),
  ]);
  const start = `GRAPH=$(az ad sp show --id ${graphAppId} --query id -o tsv)`;
  process.stdout.write(`${['# What the identities need; read it, then run it.', start, ...lines].join('\n')}\n`);
}

if (import.meta.main) await main();
