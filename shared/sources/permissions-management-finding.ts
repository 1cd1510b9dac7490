import { z } from 'zod';
import { type Claims, type IdentityKind, type Nomination, slugOf } from '../domain/alert.ts';
import { Fault } from '../domain/fault.ts';
import type { Authenticate, Source } from '../ports.ts';
import { bearerSender } from './bearer.ts';
import { readJson } from './json-body.ts';

interface FindingType {
  readonly rule: string;
  readonly kind: IdentityKind;
}

/**
 * Finding types of the Graph beta API that an alert rule corresponds to and whose identity is one Quell has a word
 * for. Findings about serverless functions and AWS resources are left out: neither is an identity to act on.
 */
export const findingTypes: ReadonlyMap<string, FindingType> = new Map([
  ['inactiveUserFinding', { rule: 'Inactive Users', kind: 'user' }],
  ['inactiveGroupFinding', { rule: 'Inactive Groups', kind: 'group' }],
  ['inactiveAwsRoleFinding', { rule: 'Inactive Roles', kind: 'role' }],
  ['inactiveAzureServicePrincipalFinding', { rule: 'Inactive System Identities', kind: 'service-principal' }],
  ['inactiveGcpServiceAccountFinding', { rule: 'Inactive Serverless Accounts', kind: 'service-account' }],
  ['overprovisionedUserFinding', { rule: 'Overprovisioned Active Users', kind: 'user' }],
  ['overprovisionedAwsRoleFinding', { rule: 'Overprovisioned Active Roles', kind: 'role' }],
  [
    'overprovisionedAzureServicePrincipalFinding',
    { rule: 'Overprovisioned Active System Identities', kind: 'service-principal' },
  ],
  [
    'overprovisionedGcpServiceAccountFinding',
    { rule: 'Overprovisioned Active Service Accounts', kind: 'service-account' },
  ],
  ['privilegeEscalationUserFinding', { rule: 'Users with Privilege Escalation', kind: 'user' }],
  ['privilegeEscalationAwsRoleFinding', { rule: 'Roles with Privilege Escalation', kind: 'role' }],
  [
    'privilegeEscalationGcpServiceAccountFinding',
    { rule: 'Service Accounts with Privilege Escalation', kind: 'service-account' },
  ],
  ['superUserFinding', { rule: 'Super Users', kind: 'user' }],
  ['superAwsRoleFinding', { rule: 'Super Roles', kind: 'role' }],
  ['superAzureServicePrincipalFinding', { rule: 'Super System Identities', kind: 'service-principal' }],
  ['superGcpServiceAccountFinding', { rule: 'Super Service Accounts', kind: 'service-account' }],
]);

/** What is needed of a finding. Graph adds properties as it likes, so others are let through. */
const findingSchema = z.looseObject({
  '@odata.type': z.string().optional(),
  '@odata.context': z.string().optional(),
  id: z.string().min(1).max(500),
  createdDateTime: z.iso.datetime({ offset: true }),
  identity: z.looseObject({
    externalId: z.string().min(1).max(320),
    authorizationSystem: z.looseObject({
      authorizationSystemId: z.string().min(1).max(200),
      authorizationSystemType: z
        .string()
        .toLowerCase()
        .pipe(z.enum(['azure', 'aws', 'gcp'])),
    }),
  }),
});
type Finding = z.infer<typeof findingSchema>;

/** Findings of Microsoft Graph's Permissions Management API (beta), e.g. from archived exports: one per request. */
export function permissionsManagementFinding(deps: { readonly authenticate: Authenticate }): Source {
  return {
    name: 'permissions-management-finding',
    accepts: ['application/json'],
    badInput: 'answer',
    authenticate: (received) => bearerSender(deps.authenticate, received),
    read: async (received) => claimsOf(readJson(received.bytes, findingSchema)),
  };
}

function claimsOf(finding: Finding): Claims {
  const { rule, kind } = typeOf(finding);
  const { externalId, authorizationSystem: system } = finding.identity;
  return {
    rule: slugOf(rule),
    ruleName: rule,
    title: rule,
    system: { type: system.authorizationSystemType, id: system.authorizationSystemId },
    nominations: [nominationOf(kind, externalId, system.authorizationSystemType)],
    identityCount: 1,
    occurredAt: new Date(finding.createdDateTime).toISOString(),
    dedupeKey: finding.id,
  };
}

/** A single finding names its type in the context URL only; in a list each says it itself. */
function typeOf(finding: Finding): FindingType {
  const fromContext = finding['@odata.context']?.split('/').find((part) => part.startsWith('microsoft.graph.'));
  const name = finding['@odata.type'] ?? fromContext;
  const type = findingTypes.get(name?.replace(/^#?microsoft\.graph\./, '') ?? '');
  if (type) return type;
  const message = `No alert rule corresponds to a finding of the type ${name ?? '(none: @odata.type is missing)'}.`;
  throw new Fault('reject', 'unknown-rule', message, { detail: [...findingTypes.keys()] });
}

/**
 * Only identities of Azure live in the directory, and there the external id is an object id or a user principal name.
 * Elsewhere it stands as it is: looking an AWS user up by a like-sounding name would find somebody else.
 */
function nominationOf(kind: IdentityKind, externalId: string, system: 'azure' | 'aws' | 'gcp'): Nomination {
  if (system !== 'azure') return { kind, by: 'id', value: externalId };
  if (z.guid().safeParse(externalId).success) return { kind, by: 'id', value: externalId.toLowerCase() };
  return { kind, by: externalId.includes('@') ? 'userPrincipalName' : 'displayName', value: externalId };
}
