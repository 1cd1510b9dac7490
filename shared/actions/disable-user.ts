import { z } from 'zod';
import type { Call } from '../domain/call.ts';
import { action } from './action.ts';

const state = z.strictObject({ presence: z.enum(['live', 'deleted', 'absent']), enabled: z.boolean() });

/**
 * Blocks sign-in: `accountEnabled: false`.
 * https://learn.microsoft.com/graph/api/user-update; least privileged application permissions as listed there.
 */
export const disableUser = action({
  name: 'disable-user',
  risk: 'reversible',
  effect: 'set-state',
  changesAccount: true,
  permissions: { graph: ['User.EnableDisableAccount.All', 'User.Read.All'], azure: [] },
  state,
  settings: z.strictObject({}),

  observe: async ({ directory }, { identity }) => {
    const presence = await directory.presence(identity.id);
    return { presence: presence.state, enabled: presence.state === 'live' && presence.user.enabled };
  },

  plan: ({ enabled }, { target: { identity } }) => ({
    summary: `Block sign-in of ${identity.displayName} (${identity.userPrincipalName})`,
    before: { enabled },
    after: { enabled: false },
    calls: enabled ? [setEnabled(identity.id, false)] : [],
    undo: enabled ? [setEnabled(identity.id, true)] : [],
    undoNote: enabled ? 'allows sign-in again, at any time' : 'nothing to undo: sign-in is blocked already',
    residual: [],
  }),

  satisfied: ({ enabled }) => !enabled,
});

function setEnabled(id: string, accountEnabled: boolean): Call {
  return { to: 'graph', method: 'PATCH', path: `/users/${id}`, body: { accountEnabled } };
}
