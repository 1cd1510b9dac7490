import type { TokenCredential } from '@azure/identity';
import { azureCards } from '../adapters/azure/cards.ts';
import type { Storage } from '../adapters/azure/connect.ts';
import { azureInstallations } from '../adapters/azure/installations.ts';
import { mailChannel } from '../channels/mail.ts';
import { teamsChannel } from '../channels/teams/channel.ts';
import { type BotCloud, clouds } from '../channels/teams/clouds.ts';
import { connectorOf } from '../channels/teams/connector/connector.ts';
import { teamsDoor } from '../channels/teams/inbound/door.ts';
import { verifierOf } from '../channels/teams/inbound/verify.ts';
import { testCard } from '../channels/teams/test-card.ts';
import { workflowChannel } from '../channels/workflow.ts';
import type { Config } from '../config.ts';
import type { Engine } from '../engine/engine.ts';
import type { Channel } from '../ports-channels.ts';
import type { Asking, Teams } from '../requests/channels.ts';
import { managedIdentity } from './credentials.ts';

interface Parts {
  readonly config: Config;
  readonly engine: Engine;
  readonly storage: Storage;
  readonly credential: TokenCredential;
}

/** Puts the channels together. */
export function askingOf({ config, engine, storage, credential }: Parts): Asking {
  const pageOf = (run: string) => (config.PAGE_URL === undefined ? null : `${config.PAGE_URL}/${run}`);
  const { ASK_WORKFLOW_URL: workflow, ASK_MAIL_ENDPOINT: endpoint, ASK_MAIL_SENDER: sender } = config;
  const recipients = config.ASK_MAIL_RECIPIENTS;
  const { teams, channel } = teamsOf({ config, engine, storage, pageOf });
  const channels: Channel[] = [
    ...(channel ? [channel] : []),
    ...(workflow === undefined ? [] : [workflowChannel(workflow, pageOf)]),
    ...(endpoint === undefined || sender === undefined
      ? []
      : [mailChannel({ endpoint, sender, recipients, pageOf, credential })]),
  ];
  const { ledger, clock, log, sleep } = engine;
  return { teams, presenting: { ledger, clock, log, channels, cards: azureCards(storage.table('cards'), sleep) } };
}

interface TeamsParts extends Omit<Parts, 'credential'> {
  readonly pageOf: (run: string) => string | null;
}

/** Teams needs a bot to be heard, and a channel as well to be posted to. The bot is a managed identity: its client id is its app id. */
function teamsOf({ config, engine, storage, pageOf }: TeamsParts): { teams: Teams | null; channel: Channel | null } {
  const { TEAMS_APP_ID: appId, TENANT_ID: tenantId, TEAMS_CHANNEL: id, TEAMS_KEYS_URL: keysUrl } = config;
  if (appId === undefined) return { teams: null, channel: null };
  const { clock } = engine;
  const local = keysUrl !== undefined;
  const cloud: BotCloud = { ...clouds[config.TEAMS_CLOUD], ...(local ? { keysUrl } : {}) };
  const installations = azureInstallations(storage.table('installations'));
  const verify = verifierOf({ cloud, appId, tenantId, local, clock });
  const door = teamsDoor({ verify, channel: id ?? '', pageOf, clock });
  const connector = connectorOf({ cloud, appId, tenantId, local, credential: managedIdentity(appId) });
  const channel = id === undefined ? null : teamsChannel({ connector, cloud, installations, channel: id, pageOf });
  return { channel, teams: { door, installations, test: channel && ((by) => channel.post(testCard(by, clock()))) } };
}
