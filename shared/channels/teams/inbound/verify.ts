import { Fault } from '../../../domain/fault.ts';
import type { Clock } from '../../../ports.ts';
import { type BotCloud, isServiceUrl } from '../clouds.ts';
import { type Activity, activitySchema } from './activity.ts';
import { tokenVerifier, type Vouched } from './token.ts';

/** Whose calls are believed. */
export interface Inbound {
  readonly cloud: BotCloud;
  /** The bot's own app id. */
  readonly appId: string;
  /** The only tenant whose people are listened to. */
  readonly tenantId: string;
  /** A client on this machine stands in for Teams. */
  readonly local: boolean;
  readonly clock: Clock;
}

/** An activity that is authentic, or a Fault. */
export type Verify = (authorization: string | null, text: string) => Promise<Activity>;

/** More than a click ever is; Teams' own limit for what a bot sends is 100 KB. */
const longestBody = 256 * 1024;

/**
 * Checks everything documented for the Bot Connector before anything in the body is used: the token, that token and body
 * name the same Teams address, that it is one of Teams', that the key is endorsed for Teams, tenant, channel, bot and person.
 * @throws Fault `refuse` (401, 403) without a reason for the caller, `retry` where the keys cannot be had
 */
export function verifierOf(inbound: Inbound): Verify {
  const believe = tokenVerifier(inbound.cloud, inbound.appId, inbound.clock);
  return async (authorization, text) => {
    const vouched = await believe(authorization);
    if (text.length > longestBody) throw new Fault('reject', 'too-large', 'No activity is that long.', { status: 413 });
    const activity = activityOf(text);
    checkVouched(inbound, activity, vouched);
    checkOurs(inbound, activity);
    return activity;
  };
}

function activityOf(text: string): Activity {
  const parsed = activitySchema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path }) => path.map(String).join('.') || 'body').join(', ');
  throw foreign(`not an activity of Teams: ${wrong}`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Were they not the same, our own token would be sent to whoever the body names. */
function checkVouched({ cloud, local }: Inbound, activity: Activity, vouched: Vouched): void {
  if (vouched.serviceUrl !== activity.serviceUrl) throw foreign('token and activity name different addresses', 401);
  if (!isServiceUrl(cloud, activity.serviceUrl, local)) throw foreign('not an address of Teams');
  if (!vouched.endorsements.includes(activity.channelId)) throw foreign('the key is not endorsed for Teams');
}

function checkOurs({ appId, tenantId }: Inbound, { conversation, channelData, recipient }: Activity): void {
  const tenants = [conversation.tenantId, channelData?.tenant?.id].filter((one) => one !== undefined);
  const ours = tenants.length > 0 && tenants.every((one) => one.toLowerCase() === tenantId.toLowerCase());
  if (!ours) throw foreign('of another tenant, or of none');
  if (recipient.id.toLowerCase() !== `28:${appId.toLowerCase()}`) throw foreign('for another bot');
}

function foreign(why: string, status = 403): Fault {
  return new Fault('refuse', 'not-from-teams', 'This call is not from Teams.', { status, detail: { why } });
}
