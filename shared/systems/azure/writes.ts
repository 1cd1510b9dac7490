import type { Call } from '../../domain/call.ts';
import { Fault } from '../../domain/fault.ts';
import type { Json } from '../../domain/json.ts';
import { codeOf, type HttpApi } from '../http-api.ts';

const guid = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';

/** One assignment at a subscription or below it: what is above is not one system's to change. */
const assignment = new RegExp(
  `^/subscriptions/${guid}(?:/[^/?#%\\\\]+)*/providers/Microsoft\\.Authorization/roleAssignments/${guid}\\?api-version=[\\d-]+$`,
);

/** `..` and the like, which `fetch` would resolve to another path. */
const dots = /\/\.{1,2}(?:\/|$)/;

/** Codes that say that a PUT or DELETE of a role assignment had taken effect before. */
const already: Readonly<Record<string, ReadonlySet<string>>> = {
  // The same role for the same principal at the same scope, by whatever name.
  PUT: new Set(['RoleAssignmentExists']),
  // Gone by itself, or together with what it was assigned on.
  DELETE: new Set(['RoleAssignmentNotFound', 'ResourceNotFound', 'ResourceGroupNotFound']),
};

/**
 * Sends one call to Azure Resource Manager. An absent assignment is deleted with 204, so that needs no special case.
 * https://learn.microsoft.com/azure/role-based-access-control/troubleshooting
 */
export async function writeToAzure(azure: HttpApi, { method, path, body }: Call): Promise<Json> {
  const done = already[method];
  if (!done || !assignment.test(path) || dots.test(path.split('?')[0] ?? ''))
    throw new Fault('reject', 'unknown-call', `${method} ${path} is no change of access that is made.`);
  try {
    return await azure.call(method, path, body);
  } catch (error) {
    if (done.has(codeOf(error))) return { already: true };
    throw error;
  }
}
