import { z } from 'zod';
import { Fault } from '../domain/fault.ts';
import { action } from './action.ts';

const state = z.strictObject({ presence: z.enum(['live', 'deleted']) });

/**
 * Deletes a user, softly: the object waits 30 days in the deleted items and can be restored with the same id, group
 * memberships, roles and licences (https://learn.microsoft.com/graph/api/user-delete, …/directory-deleteditems-restore).
 * Nothing in Quell purges. `User.ReadWrite.All` and not `User.DeleteRestore.All`: with it, the directory itself refuses to
 * delete users who hold administrative roles.
 */
export const deleteUser = action({
  name: 'delete-user',
  risk: 'destructive',
  effect: 'delete-by-id',
  changesAccount: true,
  permissions: { graph: ['User.ReadWrite.All'], azure: [] },
  state,
  settings: z.strictObject({}),

  observe: async ({ directory }, { identity }) => {
    const { state: presence } = await directory.presence(identity.id);
    // Neither live nor deleted may be lag, a purge or a wrong id: in each case nobody may call it done.
    if (presence === 'absent')
      throw new Fault('halt', 'identity-gone', `${identity.id} is neither in the directory nor in its deleted items.`);
    return { presence };
  },

  plan: ({ presence }, { target: { identity } }) => ({
    summary: `Delete ${identity.displayName} (${identity.userPrincipalName}), restorable for 30 days`,
    before: { presence },
    after: { presence: 'deleted' },
    calls: presence === 'live' ? [{ to: 'graph', method: 'DELETE', path: `/users/${identity.id}`, body: null }] : [],
    undo:
      presence === 'live'
        ? [{ to: 'graph', method: 'POST', path: `/directory/deletedItems/${identity.id}/restore`, body: {} }]
        : [],
    undoNote: 'restores the user with all memberships for 30 days; after that it is gone for good',
    residual: [
      { what: 'role assignments', why: 'they stay as "identity not found" and come back to life with a restore' },
    ],
  }),

  satisfied: ({ presence }) => presence === 'deleted',
});
