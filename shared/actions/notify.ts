import { z } from 'zod';
import { action } from './action.ts';

/**
 * Sends word to the configured webhook. It can arrive twice, and then it carries the same `Idempotency-Key`, so that its
 * receiver can tell. It changes nothing, so guards do not stop it.
 */
export const notify = action({
  name: 'notify',
  risk: 'notify',
  effect: 'notify',
  changesAccount: false,
  permissions: { graph: [], azure: [] },
  state: z.strictObject({}),
  settings: z.strictObject({ text: z.string().min(1).max(500) }),

  observe: async () => ({}),

  plan: (_state, { target: { run, identity, system }, settings: { text } }) => ({
    summary: `Send word: ${text}`,
    before: {},
    after: {},
    calls: [
      {
        to: 'webhook',
        method: 'POST',
        path: '/',
        body: {
          text,
          run,
          identity: {
            id: identity.id,
            displayName: identity.displayName,
            userPrincipalName: identity.userPrincipalName,
          },
          system: { type: system.type, id: system.id, name: system.name },
        },
      },
    ],
    undo: null,
    undoNote: 'what was said cannot be unsaid; it changes nothing',
    residual: [],
  }),

  satisfied: () => false,
});
