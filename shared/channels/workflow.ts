import type { IAdaptiveCard } from '@microsoft/teams.cards';
import { Fault } from '../domain/fault.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Run } from '../domain/run.ts';
import type { Channel } from '../ports-channels.ts';
import { callMs, faultOf, silence } from '../systems/far-side.ts';
import { timesOf } from '../systems/http-api.ts';
import type { PageOf } from './teams/card/digest.ts';
import { line, minute, type Room, said, words } from './teams/card/text.ts';
import { messageOf } from './teams/message.ts';

const room: Room = { text: 120, items: 12 };

/**
 * Word that somebody is asked, to a Workflows webhook of Teams ("When a Teams webhook request is received"): one way, without an
 * id, so nothing can be replaced. It carries a link and no secret; what it links to asks who is there.
 * https://support.microsoft.com/office/create-incoming-webhooks-with-workflows-for-microsoft-teams-8ae491c7-0394-4861-ba59-055e33f75498
 * @param url a secret in itself: whoever has it can post
 */
export function workflowChannel(url: string, pageOf: PageOf): Channel {
  return {
    name: 'workflow',
    replaces: false,
    contentOf: (run) => notice([run], pageOf(run.id)),
    digestOf: (runs) => notice(runs, null),
    post: async (content) => {
      await send(url, content);
      return 'workflow';
    },
    replace: async () => {
      throw new Fault('halt', 'not-replaceable', 'What went to a workflow cannot be replaced.');
    },
  };
}

function notice(runs: readonly Run[], page: string | null): JsonObject {
  const shown = runs.slice(0, room.items);
  const card: IAdaptiveCard = {
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.5',
    body: [
      {
        type: 'TextBlock',
        text: runs.length === 1 ? 'Approval needed' : `${runs.length} approvals needed`,
        weight: 'Bolder',
        size: 'Large',
        wrap: true,
      },
      ...shown.map(rowOf),
      ...(runs.length > shown.length ? [line([said(`and ${runs.length - shown.length} more`)])] : []),
    ],
    ...(page === null ? {} : { actions: [{ type: 'Action.OpenUrl', title: 'Open', url: page }] }),
  };
  return messageOf(card, 'Approval needed');
}

function rowOf({ opened, asked }: Run) {
  return line([
    words(opened.identity.displayName, room, { weight: 'Bolder' }),
    said(' in '),
    words(opened.system.name, room),
    said(asked ? `, until ${minute(asked.expiresAt)}` : ''),
  ]);
}

async function send(url: string, content: JsonObject): Promise<void> {
  const what = 'POST workflow';
  const init: RequestInit = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(content),
    redirect: 'manual',
    signal: AbortSignal.timeout(callMs),
  };
  const response = await fetch(url, init).catch((error: unknown) => {
    throw silence(what, true, error);
  });
  await response.body?.cancel().catch(() => undefined);
  if (response.ok) return;
  const { status, statusText: message } = response;
  throw faultOf({ what, status, code: 'unknown', message, ...timesOf(response), writes: true });
}
