import { z } from 'zod';

/** Ids of Teams are long, but not longer than this. */
const id = z.string().min(1).max(500);

/**
 * What Teams sends, as far as it is read; Teams adds fields whenever it likes. `aadObjectId` is who did it, asserted by the
 * Bot Connector; `from.name` is for people only, and nothing in `value` is believed.
 * https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference#activity-object
 */
export const activitySchema = z.object({
  type: id,
  id: id.optional(),
  name: z.string().max(200).optional(),
  action: z.string().max(50).optional(),
  channelId: z.literal('msteams'),
  serviceUrl: z.url(),
  from: z.object({ id, name: z.string().max(300).optional(), aadObjectId: z.guid() }),
  recipient: z.object({ id }),
  conversation: z.object({ id, tenantId: z.guid().optional() }),
  channelData: z
    .object({
      tenant: z.object({ id: z.guid() }).optional(),
      team: z.object({ id: id.optional(), name: z.string().max(300).optional() }).optional(),
      channel: z.object({ id: id.optional(), name: z.string().max(300).optional() }).optional(),
    })
    .optional(),
  replyToId: id.optional(),
  value: z.unknown().optional(),
});
export type Activity = z.infer<typeof activitySchema>;
