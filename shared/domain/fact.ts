import type { AuthorizationSystem } from './access.ts';
import type { SystemType } from './alert.ts';
import { readsOf } from './condition.ts';
import type { User } from './identity.ts';
import type { Playbook, WrittenPlaybook } from './playbook.ts';
import { claimReads } from './proof.ts';

/**
 * What requests ask the far sides for, property by property, and the facts that are read out of each. The one declaration
 * of it: the `$select` of users and the shape of every answer are made of it, and conditions and claims are checked against
 * it when playbooks are loaded. So nothing can be decided on a property that was never asked for.
 */
export const asked = {
  user: {
    id: ['id'],
    displayName: ['displayName'],
    userPrincipalName: ['userPrincipalName'],
    accountEnabled: ['enabled'],
    assignedLicenses: ['licences'],
    userType: ['guest'],
    onPremisesSyncEnabled: ['synced'],
    createdDateTime: ['createdAt'],
    signInSessionsValidFromDateTime: ['sessionsValidFrom'],
    signInActivity: ['signIns'],
    customSecurityAttributes: ['excludeMark'],
  },
  systems: {
    azure: { subscriptionId: ['id'], displayName: ['name'], tags: ['tags'] },
    aws: {},
    gcp: {},
    entra: {},
  },
} as const satisfies Asked;

/** The shape of such a declaration. */
export interface Asked {
  readonly user: Readonly<Record<string, readonly (keyof User)[]>>;
  readonly systems: Readonly<Record<SystemType, Readonly<Record<string, readonly (keyof AuthorizationSystem)[]>>>>;
}

/** Something that a playbook reads and nobody asks for, and where: an offset in its condition, or its claim. */
export interface Unasked {
  readonly at: 'when' | 'proof';
  readonly offset: number;
  readonly message: string;
}

/** Everything a playbook reads that is not asked for where it answers. */
export function unaskedIn(
  { on, when, proof }: Pick<WrittenPlaybook, 'on' | 'when'> & { proof: Playbook['proof'] },
  declared: Asked = asked,
): readonly Unasked[] {
  const claim = claimReads[proof.claim]
    .filter((fact) => !factsIn(declared.user).has(fact))
    .map((fact) => ({
      at: 'proof' as const,
      offset: 0,
      message: `claim: ${proof.claim} reads ${fact} of the user, and no request asks for it`,
    }));
  const reads = when === undefined ? [] : readsOf(when, 'system');
  const condition = on.systems.flatMap((type) => {
    // What kind of system it is, everybody knows who looks at it.
    const known = factsIn(declared.systems[type]).add('type');
    return reads.flatMap(({ field, offset }) =>
      known.has(field ?? 'everything')
        ? []
        : [
            {
              at: 'when' as const,
              offset,
              message: `reads ${field ?? 'everything'} of the system, and no request asks ${type} for it`,
            },
          ],
    );
  });
  return [...claim, ...condition];
}

function factsIn(declared: Readonly<Record<string, readonly string[]>>): Set<string> {
  return new Set(Object.values(declared).flat());
}
