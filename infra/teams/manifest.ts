import { z } from 'zod';
import { accent } from './icons.ts';

const text = (most: number) => z.string().min(1).max(most);
const page = z.url({ protocol: /^https$/ }).max(2048);
const guid = z.guid();

/**
 * The rules of the Teams app manifest 1.19, as far as ours has fields:
 * https://learn.microsoft.com/microsoftteams/platform/resources/schema/manifest-schema
 */
export const manifestSchema = z.strictObject({
  $schema: z.literal('https://developer.microsoft.com/json-schemas/teams/v1.19/MicrosoftTeams.schema.json'),
  manifestVersion: z.literal('1.19'),
  version: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/)
    .max(256),
  id: guid,
  developer: z.strictObject({ name: text(32), websiteUrl: page, privacyUrl: page, termsOfUseUrl: page }),
  name: z.strictObject({ short: text(30), full: text(100) }),
  description: z.strictObject({ short: text(80), full: text(4000) }),
  icons: z.strictObject({ color: z.literal('color.png'), outline: z.literal('outline.png') }),
  accentColor: z.string().regex(/^#[0-9a-fA-F]{6}$/),
  bots: z
    .array(
      z.strictObject({
        botId: guid,
        // Private and shared channels have members that the tenant does not know; a team's own channel has not.
        scopes: z.tuple([z.literal('team')]),
        supportsFiles: z.literal(false),
        isNotificationOnly: z.literal(false),
      }),
    )
    .length(1),
  permissions: z.tuple([z.literal('identity')]),
  validDomains: z.array(z.string().max(2048)).max(16),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** What an administrator says about the app. */
export interface About {
  /** Client id of the bot's managed identity. */
  readonly appId: string;
  /** Where the API is, such as https://quell.contoso.com. */
  readonly url: string;
  /** Version of the app; a higher one replaces what is installed. */
  readonly version: string;
  readonly company: string;
}

/** The manifest. @throws ZodError that names what the rules do not allow */
export function manifestOf({ appId, url, version, company }: About): Manifest {
  return manifestSchema.parse({
    $schema: 'https://developer.microsoft.com/json-schemas/teams/v1.19/MicrosoftTeams.schema.json',
    manifestVersion: '1.19',
    version,
    id: appId,
    // All three have to be there; a company that has such pages of its own changes them here.
    developer: { name: company, websiteUrl: url, privacyUrl: url, termsOfUseUrl: url },
    name: { short: 'Quell', full: 'Quell alert response' },
    description: {
      short: 'Asks before it changes what somebody can do.',
      full: 'Quell answers identity and permission alerts. In the channel it is set up for, it asks members of the approver group about one plan at a time, and shows what came of it.',
    },
    icons: { color: 'color.png', outline: 'outline.png' },
    accentColor: accent,
    bots: [{ botId: appId, scopes: ['team'], supportsFiles: false, isNotificationOnly: false }],
    permissions: ['identity'],
    validDomains: [new URL(url).host],
  });
}
