import { z } from 'zod';
import { Fault } from '../../domain/fault.ts';
import type { User } from '../../domain/identity.ts';
import type { Clock, Directory } from '../../ports.ts';
import { guid } from '../far-side.ts';
import { type HttpApi, needing, read } from '../http-api.ts';
import { groupsAmong, membershipPermissions } from './group-membership.ts';
import { presenceOf } from './presence.ts';
import { privilegePermissions, privilegesIn } from './privileges.ts';
import { userOf, userPermissions, userSchema, userSelect } from './user.ts';

/** Application permissions that reading needs: https://learn.microsoft.com/graph/permissions-reference */
export const directoryPermissions: readonly string[] = [
  ...userPermissions,
  ...membershipPermissions,
  ...privilegePermissions,
];

/** The count comes from an index, as plain text: https://learn.microsoft.com/graph/aad-advanced-queries */
const countHeaders = { consistencylevel: 'eventual', accept: 'text/plain' };

/** Microsoft Entra, through Microsoft Graph v1.0. */
export function entraDirectory(graph: HttpApi, clock: Clock): Directory {
  const privilegesOf = privilegesIn(graph, clock);
  const users = async (filter: string): Promise<readonly User[]> => {
    const path = `/users?$filter=${encodeURIComponent(filter)}&${userSelect}`;
    return (await needing(userPermissions, graph.list(path, userSchema))).map(userOf);
  };
  return {
    presence: async (id) => presenceOf(graph, guid(id)),
    usersBy: async (by, value) => {
      if (value === '') throw new Fault('reject', 'empty-name', 'An empty name is nobody.');
      return users(`${by} eq '${value.replaceAll("'", "''")}'`);
    },
    // This filter cannot be joined with another: https://learn.microsoft.com/graph/api/resources/signinactivity
    quietSince: async (before) => users(`signInActivity/lastSignInDateTime le ${before.replace(/\.\d+Z$/, 'Z')}`),
    userCount: async () => {
      const count = graph.call('GET', '/users/$count', null, countHeaders);
      return read(z.int().positive(), await needing(['User.Read.All'], count), 'GET graph/users/$count');
    },
    groupsAmong: async (id, groups) => groupsAmong(graph, guid(id), groups.map(guid)),
    privileges: async (id) => privilegesOf(guid(id)),
  };
}
