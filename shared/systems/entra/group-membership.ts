import { z } from 'zod';
import { Fault, toFault } from '../../domain/fault.ts';
import { type HttpApi, needing, orNull, read } from '../http-api.ts';
import { noSuch } from './presence.ts';

/** Application permissions: https://learn.microsoft.com/graph/api/user-checkmembergroups */
export const membershipPermissions = ['User.Read.All', 'GroupMember.Read.All'] as const;

const answerSchema = z.object({ value: z.array(z.string()) });

/** Which of the groups (1 to 20) the user is in, transitively. Nothing is kept: whoever was removed is out at once. */
export async function groupsAmong(graph: HttpApi, id: string, groups: readonly string[]): Promise<readonly string[]> {
  if (groups.length === 0) return [];
  const path = `/users/${id}/checkMemberGroups`;
  const asked = graph.call('POST', path, { groupIds: [...groups] }).then((answer) => ({ answer }), asRead);
  const found = await needing(membershipPermissions, orNull(asked, noSuch));
  if (found === null) return [];
  const { value } = read(answerSchema, found.answer, `POST graph${path}`);
  const among = new Set(groups.map((group) => group.toLowerCase()));
  return value.filter((group) => among.has(group.toLowerCase()));
}

/** It is sent by POST and changes nothing: what may have happened is of no interest. @throws what was thrown */
function asRead(error: unknown): never {
  const { disposition, code, message } = toFault(error);
  if (disposition !== 'uncertain') throw error;
  throw new Fault('retry', code, message, { cause: error });
}
