import type { TokenCredential } from '@azure/identity';
import { z } from 'zod';
import { Fault, toFault } from '../../../domain/fault.ts';
import type { Json, JsonObject } from '../../../domain/json.ts';
import { callMs } from '../../../systems/far-side.ts';
import { type HttpApi, httpApi } from '../../../systems/http-api.ts';
import { tokenOf } from '../../../systems/token.ts';
import { type BotCloud, isServiceUrl } from '../clouds.ts';

/** Where a message goes: a channel of a team, by the Teams address that serves it. */
export interface Place {
  readonly serviceUrl: string;
  /** `19:…@thread.tacv2` */
  readonly channel: string;
}

/** Where a message is. */
export interface Posted {
  readonly serviceUrl: string;
  /** The conversation it began: the channel's id, `;messageid=` and its own. */
  readonly conversation: string;
  readonly activity: string;
}

/** The REST interface of the Bot Connector, as far as cards need it. Retries nothing: when to come again is for whoever asked. */
export interface Connector {
  /** Begins a thread in a channel. @throws Fault `uncertain` where no answer came: it may stand there */
  post(place: Place, activity: JsonObject): Promise<Posted>;
  /** Replaces a message for everybody; the same again changes nothing. @throws Fault `reject` `card-gone` where it is not to be found */
  replace(posted: Posted, activity: JsonObject): Promise<void>;
  /** Takes a message away; quiet where it is gone. */
  remove(posted: Posted): Promise<void>;
}

interface Bot {
  readonly cloud: BotCloud;
  readonly appId: string;
  readonly tenantId: string;
  readonly local: boolean;
  readonly credential: TokenCredential;
}

const postedSchema = z.object({ id: z.string().min(1), activityId: z.string().min(1) });

/** https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference */
export function connectorOf(bot: Bot): Connector {
  const token = tokenOf(bot.credential, bot.cloud.audience, callMs);
  const api = (serviceUrl: string): HttpApi => {
    if (!isServiceUrl(bot.cloud, serviceUrl, bot.local))
      throw new Fault('halt', 'not-teams', 'Our token is sent to Teams only.', { detail: { serviceUrl } });
    const url = serviceUrl.replace(/\/+$/, '');
    const transport = (path: string, init: RequestInit) => fetch(`${url}${path}`, { ...init, redirect: 'manual' });
    return httpApi({ name: 'teams', url, token, transport, linkName: 'nextLink' });
  };
  return {
    post: async ({ serviceUrl, channel }, activity) => {
      const body = threadOf(bot, channel, activity);
      const answer = await asTeamsMeans(api(serviceUrl).call('POST', '/v3/conversations', body));
      const posted = postedSchema.safeParse(answer);
      // It stands in the channel, but nobody can say where.
      if (!posted.success) throw new Fault('uncertain', 'no-activity-id', 'Teams did not say where the card is.');
      return { serviceUrl, conversation: posted.data.id, activity: posted.data.activityId };
    },
    replace: async ({ serviceUrl, conversation, activity: id }, activity) => {
      const put = (of: string): Promise<Json> => api(serviceUrl).call('PUT', pathOf(of, id), { ...activity, id });
      const [channel = ''] = conversation.split(';');
      await ifGone(onOneOfOurs(put(channel)), () => onOneOfOurs(put(conversation)));
    },
    remove: async ({ serviceUrl, conversation, activity }) => {
      const [channel = ''] = conversation.split(';');
      const gone = asTeamsMeans(api(serviceUrl).call('DELETE', pathOf(channel, activity)));
      await ifGone(gone, async () => null);
    },
  };
}

function threadOf({ appId, tenantId }: Bot, channel: string, activity: JsonObject): JsonObject {
  return {
    isGroup: true,
    bot: { id: `28:${appId}` },
    tenantId,
    channelData: { channel: { id: channel }, tenant: { id: tenantId } },
    activity,
  };
}

function pathOf(conversation: string, activity: string): string {
  return `/v3/conversations/${encodeURIComponent(conversation)}/activities/${encodeURIComponent(activity)}`;
}

/** A message that we may not change is none of ours any more: the app was taken out of the team and put back. */
async function onOneOfOurs(work: Promise<Json>): Promise<Json> {
  try {
    return await asTeamsMeans(work);
  } catch (error) {
    const { disposition, message } = toFault(error);
    throw disposition === 'refuse' ? new Fault('reject', 'card-gone', message, { cause: error }) : error;
  }
}

async function ifGone(work: Promise<Json>, otherwise: () => Promise<Json>): Promise<Json> {
  try {
    return await work;
  } catch (error) {
    if (toFault(error).code === 'card-gone') return otherwise();
    throw error;
  }
}

const statusSchema = z.object({ status: z.number() });

/**
 * Teams asks to come again after 412, 502 and 504 as after 429; 404 is a message that is gone.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
 */
async function asTeamsMeans(work: Promise<Json>): Promise<Json> {
  try {
    return await work;
  } catch (error) {
    const fault = toFault(error);
    const status = statusSchema.safeParse(fault.detail).data?.status ?? 0;
    if ([412, 502, 504].includes(status)) throw new Fault('retry', 'busy', fault.message, { cause: error });
    if (status === 404) throw new Fault('reject', 'card-gone', fault.message, { cause: error });
    if (status === 413) throw new Fault('reject', 'card-too-large', fault.message, { cause: error });
    throw error;
  }
}
