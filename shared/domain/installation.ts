import { z } from 'zod';

/** Where the app was installed, as its channel told us: that it was is no leave to post there. */
export const installationSchema = z.strictObject({
  /** The team. */
  id: z.string().min(1).max(500),
  name: z.string().max(300),
  /** The channel that was told; a team's first. */
  conversation: z.string().min(1).max(500),
  /** Where the channel's service is reached. */
  serviceUrl: z.url(),
  /** Object id of who installed it. */
  by: z.string(),
  at: z.iso.datetime(),
});
export type Installation = z.infer<typeof installationSchema>;
