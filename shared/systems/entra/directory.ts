import { z } from 'zod';
import { Fault } from '../../domain/fault.ts';
import type { Presence, Privilege, User } from '../../domain/identity.ts';
import type { Directory } from '../../ports.ts';
import { guid } from '../far-side.ts';
import { type HttpApi, orNull, read } from '../http-api.ts';
import { privilegesOf } from './privileges.ts';

const time = z.iso.datetime().nullish();

const userSchema = z.object({
  id: z.string(),
  displayName: z.string().nullish(),
  userPrincipalName: z.string(),
  accountEnabled: z.boolean().nullish(),
  userType: z.string().nullish(),
  onPremisesSyncEnabled: z.boolean().nullish(),
  createdDateTime: time,
  signInSessionsValidFromDateTime: time,
  signInActivity: z
    .object({ lastSuccessfulSignInDateTime: time, lastSignInDateTime: time, lastNonInteractiveSignInDateTime: time })
    .nullish(),
  customSecurityAttributes: z
    .object({ AlertResponse: z.object({ ckExcludeFromReports: z.string().nullish() }).nullish() })
    .nullish(),
});

/** None of these but the names is returned unless it is asked for: https://learn.microsoft.com/graph/api/resources/user */
const select = `$select=${Object.keys(userSchema.shape).join(',')}`;

/** Codes for "there is no such object". */
const noSuch: ReadonlySet<string> = new Set(['Request_ResourceNotFound', 'ResourceNotFound']);

/** Application permissions that reading needs: https://learn.microsoft.com/graph/permissions-reference */
export const directoryPermissions: readonly string[] = [
  'User.Read.All',
  'AuditLog.Read.All',
  'CustomSecAttributeAssignment.Read.All',
  'GroupMember.Read.All',
  'RoleManagement.Read.Directory',
  'RoleEligibilitySchedule.Read.Directory',
];

/** Microsoft Entra, through Microsoft Graph v1.0. */
export function entraDirectory(graph: HttpApi): Directory {
  return {
    presence: (id) => presenceOf(graph, guid(id)),
    usersBy: async (by, value) => {
      const filter = encodeURIComponent(`${by} eq '${value.replaceAll("'", "''")}'`);
      return (await graph.list(`/users?$filter=${filter}&${select}`, userSchema)).map(userOf);
    },
    quietSince: async (before) => {
      // This filter cannot be joined with another: https://learn.microsoft.com/graph/api/resources/signinactivity
      const filter = encodeURIComponent(`signInActivity/lastSignInDateTime le ${before.replace(/\.\d+Z$/, 'Z')}`);
      return (await graph.list(`/users?$filter=${filter}&${select}`, userSchema)).map(userOf);
    },
    privileges: (id): Promise<readonly Privilege[]> => privilegesOf(graph, guid(id)),
  };
}

async function presenceOf(graph: HttpApi, id: string): Promise<Presence> {
  const live = await orNull(graph.call('GET', `/users/${id}?${select}`), noSuch);
  if (live !== null) return { state: 'live', user: same(id, live) };
  const deleted = await orNull(graph.call('GET', `/directory/deletedItems/${id}`), noSuch);
  return deleted === null ? { state: 'absent' } : { state: 'deleted', user: same(id, deleted) };
}

/** The user, and really the one that was asked for. */
function same(id: string, answer: unknown): User {
  const user = userOf(read(userSchema, answer, `GET graph/users/${id}`));
  if (user.id.toLowerCase() === id) return user;
  throw new Fault('halt', 'another-identity', `Asked for ${id}, the directory answered ${user.id}.`);
}

function userOf(user: z.infer<typeof userSchema>): User {
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
    excludeMark: user.customSecurityAttributes?.AlertResponse?.ckExcludeFromReports ?? null,
    signIns: signInActivity
      ? {
          successful: signInActivity.lastSuccessfulSignInDateTime ?? null,
          interactive: signInActivity.lastSignInDateTime ?? null,
          nonInteractive: signInActivity.lastNonInteractiveSignInDateTime ?? null,
        }
      : null,
  };
}
