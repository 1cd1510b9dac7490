/** Where the Bot Connector of one cloud is, and whose word it gives. */
export interface BotCloud {
  /** Who signs the tokens that come in. */
  readonly issuer: string;
  /** Where the keys of these tokens are published. */
  readonly keysUrl: string;
  /** Hosts that Teams calls us from; our own token is sent to no other. */
  readonly hosts: readonly string[];
  /** Where Teams is reached before it has called us. */
  readonly serviceUrl: string;
  /** Audience of the tokens we send. */
  readonly audience: string;
}

/** The names that the setting TEAMS_CLOUD takes. */
export type CloudName = 'public' | 'gcc' | 'gcc-high' | 'dod';

const commercial = {
  issuer: 'https://api.botframework.com',
  keysUrl: 'https://login.botframework.com/v1/.well-known/keys',
  audience: 'https://api.botframework.com',
};
const government = {
  issuer: 'https://api.botframework.us',
  keysUrl: 'https://login.botframework.azure.us/v1/.well-known/keys',
  audience: 'https://api.botframework.us',
};

/**
 * https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication (issuer and keys) and
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages (service addresses).
 */
export const clouds: Readonly<Record<CloudName, BotCloud>> = {
  public: { ...commercial, ...placeOf('smba.trafficmanager.net') },
  gcc: { ...commercial, ...placeOf('smba.infra.gcc.teams.microsoft.com') },
  'gcc-high': { ...government, ...placeOf('smba.infra.gov.teams.microsoft.us') },
  dod: { ...government, ...placeOf('smba.infra.dod.teams.microsoft.us') },
};

function placeOf(host: string): Pick<BotCloud, 'hosts' | 'serviceUrl'> {
  return { hosts: [host], serviceUrl: `https://${host}/teams/` };
}

/**
 * Is this an address of Teams? Compared as a parsed URL and whole: a host that only begins or ends like one is another.
 * `local` allows plain http on this machine, for a client that stands in for Teams.
 */
export function isServiceUrl(cloud: BotCloud, address: string, local: boolean): boolean {
  const url = URL.parse(address);
  if (url?.username !== '' || url.password !== '') return false;
  if (local && url.protocol === 'http:') return ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  return url.protocol === 'https:' && url.port === '' && cloud.hosts.includes(url.hostname);
}
