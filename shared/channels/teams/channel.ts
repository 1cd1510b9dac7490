import { z } from 'zod';
import type { Run } from '../../domain/run.ts';
import { standingOf } from '../../domain/standing.ts';
import type { Channel, Installations } from '../../ports-channels.ts';
import { runCard } from './card/card.ts';
import { digestCard, type PageOf } from './card/digest.ts';
import { inWords } from './card/parts/header.ts';
import { plain } from './card/text.ts';
import type { BotCloud } from './clouds.ts';
import type { Connector } from './connector/connector.ts';
import { messageOf } from './message.ts';

interface Parts {
  readonly connector: Connector;
  readonly cloud: BotCloud;
  readonly installations: Installations;
  /** The one channel that is posted to, as the settings name it: who installs the app somewhere does not choose it. */
  readonly channel: string;
  readonly pageOf: PageOf;
}

const postedSchema = z.strictObject({ serviceUrl: z.string(), conversation: z.string(), activity: z.string() });

/** Cards in a channel of Microsoft Teams. */
export function teamsChannel({ connector, cloud, installations, channel, pageOf }: Parts): Channel {
  return {
    name: 'teams',
    replaces: true,
    contentOf: (run) => messageOf(runCard(run, pageOf(run.id)), summaryOf(run)),
    digestOf: (runs) => messageOf(digestCard(runs, pageOf), `${runs.length} runs need a look`),
    post: async (content) => {
      const [latest] = await installations.list();
      const serviceUrl = latest?.serviceUrl ?? cloud.serviceUrl;
      return JSON.stringify(await connector.post({ serviceUrl, channel }, content));
    },
    replace: (at, content) => connector.replace(postedSchema.parse(JSON.parse(at)), content),
  };
}

function summaryOf(run: Run): string {
  return `${inWords(standingOf(run))}: ${plain(run.opened.identity.displayName, 60)}`;
}
