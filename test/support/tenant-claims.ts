import { z } from 'zod';
import type { PlannedAction } from '../../shared/domain/plan.ts';
import type { TenantReader } from './tenant-reader.ts';

interface About {
  readonly identity: string;
  readonly system: string;
}

const assignmentSchema = z.object({
  properties: z.object({ scope: z.string(), principalId: z.string(), roleDefinitionId: z.string() }),
});

const reader = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';

/** What the tenant itself says about a step that the ledger calls verified; empty where it agrees. */
type Check = (tenant: TenantReader, about: About, step: PlannedAction) => Promise<readonly string[]>;

/** One row per action that changes the tenant. */
const checks: Readonly<Record<string, Check>> = {
  'disable-user': async (tenant, { identity }) => {
    const { status, body } = await tenant.graph(`/users/${identity}?$select=id,accountEnabled`);
    // Deleted later in the same run: then it cannot be signed in to either.
    if (status === 404) return deleted(tenant, identity);
    return z.object({ accountEnabled: z.literal(false) }).safeParse(body).success ? [] : ['is enabled'];
  },
  'revoke-sessions': async (tenant, { identity }, step) => {
    const { status, body } = await tenant.graph(`/users/${identity}?$select=id,signInSessionsValidFromDateTime`);
    if (status === 404) return deleted(tenant, identity);
    const { signInSessionsValidFromDateTime: from } = z
      .object({ signInSessionsValidFromDateTime: z.string() })
      .parse(body);
    const { validFromAtLeast } = z.object({ validFromAtLeast: z.string() }).parse(step.after);
    return Date.parse(from) + 1000 > Date.parse(validFromAtLeast) ? [] : ['has sessions from before'];
  },
  'delete-user': (tenant, { identity }) => deleted(tenant, identity),
  'exclude-from-reports': async (tenant, { identity }, step) => {
    const { body } = await tenant.graph(`/users/${identity}?$select=id,customSecurityAttributes`);
    const marked = z
      .object({ customSecurityAttributes: z.object({ AlertResponse: z.object({ ckExcludeFromReports: z.string() }) }) })
      .safeParse(body);
    const { mark } = z.object({ mark: z.string() }).parse(step.after);
    const found = marked.data?.customSecurityAttributes.AlertResponse.ckExcludeFromReports;
    return found === mark ? [] : [`is marked ${found}, not ${mark}`];
  },
  'assign-read-only': async (tenant, { identity, system }, step) => {
    const filter = encodeURIComponent(`principalId eq '${identity}'`);
    const path = `/subscriptions/${system}/providers/Microsoft.Authorization/roleAssignments`;
    const list = await tenant.azureList(`${path}?api-version=2022-04-01&$filter=${filter}`);
    const here = list
      .map((one) => assignmentSchema.parse(one).properties)
      .filter(({ scope, principalId }) => principalId === identity && scope.startsWith(`/subscriptions/${system}`));
    const more = here
      .filter(({ roleDefinitionId }) => !roleDefinitionId.endsWith(reader))
      .map(({ scope }) => `still changes ${scope}`);
    const wanted = step.calls
      .filter(({ method }) => method === 'PUT')
      .map(({ path: put }) => put.split('/providers/Microsoft.Authorization/')[0]);
    const missing = wanted
      .filter((scope) => !here.some((one) => one.scope === scope))
      .map((scope) => `cannot read ${scope}`);
    return [...more, ...missing];
  },
  notify: async () => [],
};

/** @throws where an action has no check: a new one needs its row */
export function disagreements(tenant: TenantReader, about: About, step: PlannedAction): Promise<readonly string[]> {
  const check = checks[step.action];
  if (!check) throw new Error(`nobody checks what ${step.action} did`);
  return check(tenant, about, step);
}

async function deleted(tenant: TenantReader, identity: string): Promise<readonly string[]> {
  const live = await tenant.graph(`/users/${identity}?$select=id`);
  const bin = await tenant.graph(`/directory/deletedItems/${identity}`);
  return live.status === 404 && bin.status === 200 ? [] : ['is not in the deleted items'];
}
