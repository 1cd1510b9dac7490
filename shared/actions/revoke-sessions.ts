import { z } from 'zod';
import { action } from './action.ts';

const state = z.strictObject({ guest: z.boolean(), validFrom: z.string().nullable() });
const after = z.object({ validFromAtLeast: z.string() });

/** The directory stores the time without fractions, so a revocation within the second of the plan is still after it. */
const second = 1000;

/**
 * Ends all sessions: refresh tokens and browser cookies issued before now stop working, within minutes.
 * https://learn.microsoft.com/graph/api/user-revokesigninsessions. External users sign in through their home tenant,
 * so it does not end their sessions.
 */
export const revokeSessions = action({
  name: 'revoke-sessions',
  risk: 'reversible',
  effect: 'set-state',
  changesAccount: false,
  permissions: { graph: ['User.RevokeSessions.All', 'User.Read.All'], azure: [] },
  state,
  settings: z.strictObject({}),

  observe: async ({ directory }, { identity }) => {
    const presence = await directory.presence(identity.id);
    if (presence.state === 'absent') return { guest: false, validFrom: null };
    return { guest: presence.user.guest, validFrom: presence.user.sessionsValidFrom };
  },

  plan: ({ guest }, { target: { identity }, now }) => ({
    summary: `End all sessions of ${identity.displayName} (${identity.userPrincipalName})`,
    // What the time was before is of no use to anybody, and other events move it: nothing to compare, nothing to put back.
    before: {},
    after: { validFromAtLeast: now },
    calls: [{ to: 'graph', method: 'POST', path: `/users/${identity.id}/revokeSignInSessions`, body: {} }],
    undo: [],
    undoNote: 'nothing to put back: the user signs in again where that is allowed',
    residual: guest
      ? [{ what: 'sessions in the home tenant', why: 'a guest signs in there; only it can end them' }]
      : [],
  }),

  satisfied: ({ validFrom }, change) => {
    const { validFromAtLeast } = after.parse(change.after);
    return validFrom !== null && Date.parse(validFrom) + second > Date.parse(validFromAtLeast);
  },
});
