import { z } from 'zod';
import type { Access, Assignment } from '../../domain/access.ts';
import { covers } from '../../domain/access.ts';
import type { asked } from '../../domain/fact.ts';
import type { AccessControl, Clock } from '../../ports.ts';
import { guid } from '../far-side.ts';
import { type HttpApi, needing, orNull, read } from '../http-api.ts';
import { type Roles, rolesOf } from './role-definitions.ts';

const subscriptionSchema = z.object({
  subscriptionId: z.string(),
  displayName: z.string(),
  tags: z.record(z.string(), z.string()).nullish(),
} satisfies Readonly<Record<keyof typeof asked.systems.azure, z.ZodType>>);

const assignmentSchema = z.object({
  name: z.string(),
  properties: z.object({
    scope: z.string(),
    roleDefinitionId: z.string(),
    principalId: z.string(),
    principalType: z.string().default('User'),
    condition: z.string().nullish(),
    conditionVersion: z.string().nullish(),
    description: z.string().nullish(),
  }),
});
type Assigned = z.infer<typeof assignmentSchema>;

/** Codes for a subscription that is not there, or not for us to see; Azure does not tell them apart. */
const notSeen: ReadonlySet<string> = new Set(['SubscriptionNotFound', 'InvalidSubscriptionId', 'AuthorizationFailed']);

/** What reading needs; all of it is in the built-in role Reader, given at the management group above the subscriptions. */
export const accessControlPermissions: readonly string[] = [
  'Microsoft.Resources/subscriptions/read',
  'Microsoft.Authorization/roleAssignments/read',
  'Microsoft.Authorization/roleDefinitions/read',
  'Microsoft.Authorization/roleEligibilityScheduleInstances/read',
];

/**
 * Azure role-based access control, one subscription at a time.
 * https://learn.microsoft.com/azure/role-based-access-control/role-assignments-list-rest: `assignedTo()` gives what is
 * assigned to the user and to their groups, at, above and below the scope.
 */
export function azureAccessControl(azure: HttpApi, clock: Clock): AccessControl {
  const roles = rolesOf(azure, clock);
  return {
    system: async (id) => {
      const path = `/subscriptions/${guid(id)}?api-version=2022-12-01`;
      const answer = await orNull(azure.call('GET', path), notSeen);
      if (answer === null) return null;
      const { subscriptionId, displayName, tags } = read(subscriptionSchema, answer, `GET azure${path}`);
      return { type: 'azure', id: subscriptionId, name: displayName, tags: tags ?? {} };
    },
    access: async (system, identity) =>
      accessOf(azure, roles, { subscription: guid(system), identity: guid(identity) }),
    superUsers: async (system) => {
      const scope = `/subscriptions/${guid(system)}`;
      const held = await listed(azure, scope, assignments, 'atScope()');
      const known = await Promise.all(held.map((one) => assignmentOf(one, roles)));
      const users = known.filter(({ principalType, grantsAccess }) => principalType === 'User' && grantsAccess);
      return [...new Set(users.map(({ principalId }) => principalId))];
    },
  };
}

interface Kind {
  readonly type: string;
  readonly version: string;
}
const assignments: Kind = { type: 'roleAssignments', version: '2022-04-01' };
const eligibilities: Kind = { type: 'roleEligibilityScheduleInstances', version: '2020-10-01' };

async function listed(
  azure: HttpApi,
  scope: string,
  { type, version }: Kind,
  filter: string,
): Promise<readonly Assigned[]> {
  const path = `${scope}/providers/Microsoft.Authorization/${type}?api-version=${version}`;
  const list = azure.list(`${path}&$filter=${encodeURIComponent(filter)}`, assignmentSchema);
  return needing([`Microsoft.Authorization/${type}/read`], list);
}

interface Whose {
  readonly subscription: string;
  readonly identity: string;
}

async function accessOf(azure: HttpApi, roles: Roles, { subscription, identity }: Whose): Promise<Access> {
  const scope = `/subscriptions/${subscription}`;
  const filter = `assignedTo('${identity}')`;
  const [held, eligible] = await Promise.all([
    listed(azure, scope, assignments, filter),
    listed(azure, scope, eligibilities, filter),
  ]);
  const known = await Promise.all(held.map((one) => assignmentOf(one, roles)));
  const own = known.filter(({ principalId }) => principalId.toLowerCase() === identity);
  return {
    direct: own.filter((one) => covers(scope, one.scope)),
    above: own.filter((one) => !covers(scope, one.scope)),
    throughGroup: known.filter(({ principalId }) => principalId.toLowerCase() !== identity),
    eligible: await Promise.all(eligible.map((one) => assignmentOf(one, roles))),
  };
}

async function assignmentOf({ name, properties }: Assigned, roles: Roles): Promise<Assignment> {
  const { scope, roleDefinitionId, principalId, principalType, condition, conditionVersion, description } = properties;
  return {
    name,
    scope,
    roleDefinitionId,
    ...(await roles(roleDefinitionId)),
    principalId,
    principalType,
    condition: condition ?? null,
    conditionVersion: conditionVersion ?? null,
    description: description ?? null,
  };
}
