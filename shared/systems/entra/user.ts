import { z } from 'zod';
import type { User } from '../../domain/identity.ts';

/** A time before there were directories is an empty date written out, so it is no time at all. */
const time = z.iso
  .datetime()
  .nullish()
  .transform((text) => (text && text >= '1999' ? text : null));

/** What we use of a live user: https://learn.microsoft.com/graph/api/resources/user */
export const userSchema = z.object({
  id: z.string(),
  displayName: z.string().nullish(),
  userPrincipalName: z.string(),
  // Whether somebody can sign in is never guessed.
  accountEnabled: z.boolean(),
  userType: z.string().nullish(),
  onPremisesSyncEnabled: z.boolean().nullish(),
  createdDateTime: time,
  signInSessionsValidFromDateTime: time,
  assignedLicenses: z.array(z.unknown()).nullish(),
  signInActivity: z
    .object({ lastSuccessfulSignInDateTime: time, lastSignInDateTime: time, lastNonInteractiveSignInDateTime: time })
    .nullish(),
  customSecurityAttributes: z
    .object({ AlertResponse: z.object({ ckExcludeFromReports: z.json().optional() }).nullish() })
    .nullish(),
});

/** None of these but the names is returned unless it is asked for. */
export const userSelect = `$select=${Object.keys(userSchema.shape).join(',')}`;

/** Application permissions that reading all of it needs: https://learn.microsoft.com/graph/permissions-reference */
export const userPermissions = ['User.Read.All', 'AuditLog.Read.All', 'CustomSecAttributeAssignment.Read.All'] as const;

type Answered = Omit<z.infer<typeof userSchema>, 'accountEnabled'> & { readonly accountEnabled?: boolean | undefined };

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
