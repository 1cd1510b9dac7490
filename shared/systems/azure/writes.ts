import { z } from 'zod';
import type { Call } from '../../domain/call.ts';
import { toFault } from '../../domain/fault.ts';
import type { Json } from '../../domain/json.ts';
import type { HttpApi } from '../http-api.ts';

/** Codes that say that a PUT or DELETE of a role assignment had taken effect before. */
const already: Readonly<Record<string, ReadonlySet<string>>> = {
  // The same role for the same principal at the same scope, by whatever name.
  PUT: new Set(['RoleAssignmentExists']),
  DELETE: new Set(['RoleAssignmentNotFound', 'ResourceNotFound']),
};

/** Sends one call to Azure Resource Manager. */
export async function writeToAzure(azure: HttpApi, { method, path, body }: Call): Promise<Json> {
  try {
    return await azure.call(method, path, body);
  } catch (error) {
    const code = z.object({ code: z.string() }).safeParse(toFault(error).detail);
    if (code.success && already[method]?.has(code.data.code)) return { already: true };
    throw error;
  }
}
