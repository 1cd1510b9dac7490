import { z } from 'zod';
import { toJson } from '../../../domain/json.ts';
import type { Clock } from '../../../ports.ts';
import type { CameIn, Door, Person, Reply } from '../../../ports-channels.ts';
import { runCard } from '../card/card.ts';
import type { PageOf } from '../card/digest.ts';
import { decideVerb } from '../card/parts/buttons.ts';
import { plain } from '../card/text.ts';
import { cardType } from '../message.ts';
import type { Activity } from './activity.ts';
import type { Verify } from './verify.ts';

interface Parts {
  readonly verify: Verify;
  /** The channel our cards are in: a card that was copied or forwarded elsewhere decides nothing there. */
  readonly channel: string;
  readonly pageOf: PageOf;
  readonly clock: Clock;
}

/** What a button of ours sends, exactly: anything more was not made by our card. */
const clickSchema = z.object({
  action: z.object({
    type: z.literal('Action.Execute'),
    verb: z.literal(decideVerb),
    data: z.strictObject({
      run: z.string().regex(/^run-[0-9a-f]{32}$/),
      pick: z.string().regex(/^choice-[0-9a-f]{32}$/),
      reason: z.string().max(500).optional(),
    }),
  }),
});

/** What comes in from Microsoft Teams. */
export function teamsDoor({ verify, channel, pageOf, clock }: Parts): Door {
  return {
    open: async (authorization, text) => {
      const activity = await verify(authorization, text);
      if (activity.type === 'invoke' && activity.name === 'adaptiveCard/action') return clickOf(activity, channel);
      if (activity.type === 'installationUpdate') return installed(activity, clock());
      return { kind: 'other' };
    },
    answer: (reply) => answer(reply, pageOf),
  };
}

function clickOf(activity: Activity, channel: string): CameIn {
  const who = whoOf(activity);
  const click = clickSchema.safeParse(activity.value);
  if (!click.success)
    return { kind: 'stray', who, run: null, code: 'not-a-button', message: 'No button of ours sends this.' };
  const { run, pick, reason } = click.data.action.data;
  if (activity.conversation.id.split(';')[0] !== channel)
    return { kind: 'stray', who, run, code: 'other-conversation', message: 'This is decided in its own channel only.' };
  return { kind: 'click', who, run, pick, reason: reason === undefined || reason.trim() === '' ? null : reason.trim() };
}

function whoOf({ from }: Activity): Person {
  return { id: from.aadObjectId.toLowerCase(), name: plain(from.name ?? from.aadObjectId, 100) };
}

/** Says where the app was put, so that an administrator can choose a channel; it is no leave to post there. */
function installed(activity: Activity, at: string): CameIn {
  const { action, conversation, channelData, serviceUrl, from } = activity;
  const id = channelData?.team?.id ?? conversation.id;
  if (action?.startsWith('remove')) return { kind: 'removed', id };
  const name = plain(channelData?.team?.name ?? '', 200);
  const installation = { id, name, conversation: conversation.id, serviceUrl, by: from.aadObjectId.toLowerCase(), at };
  return { kind: 'installed', installation };
}

/**
 * https://learn.microsoft.com/adaptive-cards/authoring-cards/universal-action-model#response-format: always a body, since Teams takes an
 * empty one for a failure and sends the click again.
 */
function answer(reply: Reply, pageOf: PageOf) {
  if ('card' in reply)
    return { statusCode: 200, type: cardType, value: toJson(runCard(reply.card, pageOf(reply.card.id))) };
  if ('sentence' in reply)
    return { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: reply.sentence };
  const value = { code: 'BadRequest', message: reply.missing };
  return { statusCode: 400, type: 'application/vnd.microsoft.error', value };
}
