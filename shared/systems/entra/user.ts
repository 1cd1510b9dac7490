import { z } from 'zod';
import { asked } from '../../domain/fact.ts';
import type { User } from '../../domain/identity.ts';

/** A time before there were directories is an empty date written out, so it is no time at all. */
const time = z.iso
  .datetime()
  .nullable()
  .transform((text) => (text && text >= '1999' ? text : null));

/**
 * What we use of a live user: https://learn.microsoft.com/graph/api/resources/user. Exactly what is asked for; a property
 * that is not in the answer was not read, and is not taken for null. Two are left out where there is nothing to say.
 */
export const userSchema = z.object({
  id: z.string(),
  displayName: z.string().nullable(),
  userPrincipalName: z.string(),
  accountEnabled: z.boolean(),
  userType: z.string().nullable(),
  onPremisesSyncEnabled: z.boolean().nullable(),
  createdDateTime: time,
  signInSessionsValidFromDateTime: time,
  assignedLicenses: z.array(z.unknown()).nullish(),
  signInActivity: z
    .object({
      lastSuccessfulSignInDateTime: time.optional(),
      lastSignInDateTime: time.optional(),
      lastNonInteractiveSignInDateTime: time.optional(),
    })
    .nullish(),
  customSecurityAttributes: z
    .object({ AlertResponse: z.object({ ckExcludeFromReports: z.json().optional() }).nullish() })
    .nullish(),
} satisfies Readonly<Record<keyof typeof asked.user, z.ZodType>>);

/** None of these but the names is returned unless it is asked for. */
export const userSelect = `$select=${Object.keys(asked.user).join(',')}`;

/** Application permissions that reading all of it needs: https://learn.microsoft.com/graph/permissions-reference */
export const userPermissions = ['User.Read.All', 'AuditLog.Read.All', 'CustomSecAttributeAssignment.Read.All'] as const;

type Whole = z.infer<typeof userSchema>;
/** A deleted user comes with the default properties only. */
type Answered = Pick<Whole, 'id' | 'userPrincipalName'> & { readonly [K in keyof Whole]?: Whole[K] | undefined };

/** The user as Quell knows one. */
export function userOf(user: Answered): User {
  const { signInActivity } = user;
  return {
    id: user.id,
    displayName: user.displayName ?? user.userPrincipalName,
    userPrincipalName: user.userPrincipalName,
    enabled: user.accountEnabled ?? false,
    guest: user.userType === 'Guest',
    synced: user.onPremisesSyncEnabled ?? false,
    createdAt: user.createdDateTime ?? null,
    sessionsValidFrom: user.signInSessionsValidFromDateTime ?? null,
    licences: user.assignedLicenses?.length ?? 0,
    excludeMark: markIn(user.customSecurityAttributes?.AlertResponse?.ckExcludeFromReports),
    signIns: signInActivity
      ? {
          successful: signInActivity.lastSuccessfulSignInDateTime ?? null,
          interactive: signInActivity.lastSignInDateTime ?? null,
          nonInteractive: signInActivity.lastNonInteractiveSignInDateTime ?? null,
        }
      : null,
  };
}

/** A tenant may have made the attribute of another type: then its value is a mark nobody can read, and counts. */
function markIn(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
