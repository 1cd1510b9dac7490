import { z } from 'zod';
import { budgetSchema } from './domain/budget.ts';
import { durationSchema, milliseconds } from './domain/duration.ts';
import { Fault } from './domain/fault.ts';
import { type Mode, modes } from './domain/mode.ts';

/** Clouds that have a Bot Connector of their own. */
const clouds = ['public', 'gcc', 'gcc-high', 'dod'] as const;

const list = z.string().transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);
const ids = list.pipe(z.array(z.uuid()));
const url = z.url({ protocol: /^https?$/ }).transform((value) => value.replace(/\/+$/, ''));

/** A far-side address: https, or plain http on this machine for a local trial. */
const address = url.refine((value) => value.startsWith('https://') || isLoopback(value), 'has to be https');

const modePattern = /^([a-z][a-z0-9-]*@[1-9]\d*)=(observe|approve|enforce)$/;

/** `name@version=mode,…` as a map by `name@version`. */
const modeList = list.transform((items, context) => {
  const wrong = items.filter((item) => !modePattern.test(item));
  for (const item of wrong)
    context.addIssue({
      code: 'custom',
      message: `${item}: write name@version=mode, with a mode of ${modes.join(', ')}`,
    });
  return new Map(items.flatMap(modeOf));
});

function modeOf(item: string): readonly (readonly [string, Mode])[] {
  const [, playbook, named] = modePattern.exec(item) ?? [];
  const mode = modes.find((one) => one === named);
  return playbook === undefined || mode === undefined ? [] : [[playbook, mode]];
}

/** One setting: what it is for, how it is read, and a value that works for a trial on one's own machine. */
interface Setting<T extends z.ZodType> {
  readonly about: string;
  readonly schema: T;
  readonly sample: string;
}
function setting<T extends z.ZodType>(about: string, schema: T, sample: string): Setting<T> {
  return { about, schema, sample };
}

/** The environment, whole. `local.settings.sample.json` holds exactly these; a test keeps it so. */
export const settings = {
  AzureWebJobsStorage: setting(
    'Storage account of ledger, index, controls, budgets, exclusions and vault: a connection string.',
    z.string().min(1).optional(),
    'UseDevelopmentStorage=true',
  ),
  AzureWebJobsStorage__tableServiceUri: setting(
    'Instead of the connection string: table endpoint, reached with the managed identity.',
    url.optional(),
    '',
  ),
  AzureWebJobsStorage__blobServiceUri: setting(
    'Instead of the connection string: blob endpoint, reached with the managed identity.',
    url.optional(),
    '',
  ),
  SERVICEBUS: setting(
    'Service Bus namespace with the queues alerts and runs: a connection string.',
    z.string().min(1).optional(),
    'Endpoint=sb://127.0.0.1:5672;SharedAccessKeyName=local;SharedAccessKey=local;UseDevelopmentEmulator=true;',
  ),
  SERVICEBUS__fullyQualifiedNamespace: setting(
    'Instead of the connection string: name.servicebus.windows.net, reached with the managed identity.',
    z.string().min(1).optional(),
    '',
  ),
  AZURE_CLIENT_ID: setting(
    'Client id of the user-assigned managed identity that reads, stores and sends; empty for the system-assigned one.',
    z.string().optional(),
    '',
  ),
  CHANGER_CLIENT_ID: setting(
    'Client id of the identity that changes what can be put back; empty for the one above.',
    z.string().optional(),
    '',
  ),
  DELETER_CLIENT_ID: setting(
    'Client id of the identity that deletes; empty for the one that changes.',
    z.string().optional(),
    '',
  ),
  TENANT_ID: setting(
    'Tenant whose identities are acted on and whose tokens are believed.',
    z.uuid(),
    '7e0a4b1c-3f52-4d86-9c1e-5a6b7c8d9e0f',
  ),
  API_AUDIENCE: setting('Audience of the tokens that call this API.', z.string().min(1), 'api://quell'),
  AUTHORITY_HOST: setting(
    'Where tokens come from.',
    address.default('https://login.microsoftonline.com'),
    'https://login.microsoftonline.com',
  ),
  GRAPH_URL: setting(
    'Microsoft Graph; sovereign clouds have their own.',
    address.default('https://graph.microsoft.com'),
    'https://graph.microsoft.com',
  ),
  ARM_URL: setting(
    'Azure Resource Manager; sovereign clouds have their own.',
    address.default('https://management.azure.com'),
    'https://management.azure.com',
  ),
  GRAPH_AUDIENCE: setting(
    'Audience of tokens for Microsoft Graph.',
    url.default('https://graph.microsoft.com'),
    'https://graph.microsoft.com',
  ),
  ARM_AUDIENCE: setting(
    'Audience of tokens for Azure Resource Manager.',
    url.default('https://management.azure.com'),
    'https://management.azure.com',
  ),
  MAIL_WEBHOOK_SECRET: setting('Password of the mail webhook (HTTP Basic).', z.string().min(12), 'change-me-please'),
  MAIL_SENDER_DOMAINS: setting(
    'Domains whose DKIM-signed alert mails are believed.',
    list.pipe(z.array(z.string()).min(1)),
    'alerts.example.com',
  ),
  MAIL_DNS_SERVERS: setting('DNS servers for DKIM and DMARC; empty for those of the machine.', list.default([]), ''),
  BREAK_GLASS_IDS: setting('Object ids that are never touched. Nothing destructive runs while it is empty.', ids, ''),
  APPROVER_GROUPS: setting(
    'Object ids of the groups whose members may decide, direct or through other groups; guests never may. At most 20.',
    ids.pipe(z.array(z.string()).max(20)),
    '',
  ),
  PAGE_CLIENT_ID: setting(
    'Client id of the app registration that people sign in to for the page; not that of the API or of the bot.',
    z.uuid().optional(),
    '00000000-0000-4000-8000-000000000000',
  ),
  PAGE_SESSION_KEY: setting(
    'At least 32 random characters that encrypt the cookies of the page. Changing it signs everybody out.',
    z.string().min(32).optional(),
    'change-me-please-change-me-please',
  ),
  OWN_IDS: setting('Object ids of the identities Quell itself runs as.', ids, ''),
  NOTIFY_URL: setting('Webhook that notify sends to; empty where there is none.', address.optional(), ''),
  PAGE_URL: setting(
    'Where people open a run in a browser, such as https://quell.azurewebsites.net/api/approve; a run is below it by its id.',
    address.optional(),
    'http://127.0.0.1:7071/api/approve',
  ),
  TEAMS_APP_ID: setting(
    'App id of the Teams bot, which is the client id of a user-assigned managed identity; empty where there is none.',
    z.uuid().optional(),
    '',
  ),
  TEAMS_CHANNEL: setting(
    'The one channel that cards are posted to, 19:…@thread.tacv2; quell teams lists where the app is installed.',
    z.string().startsWith('19:').optional(),
    '',
  ),
  TEAMS_CLOUD: setting(
    'Cloud of the Bot Connector: public, gcc, gcc-high or dod.',
    z.enum(clouds).default('public'),
    '',
  ),
  TEAMS_KEYS_URL: setting(
    'Keys of a client on this machine that stands in for Teams; refused for any other.',
    url.refine(isLoopback, 'is for a client on this machine only').optional(),
    '',
  ),
  ASK_WORKFLOW_URL: setting(
    'Workflows webhook that is told that somebody is asked; a secret. Empty where there is none.',
    address.optional(),
    '',
  ),
  ASK_MAIL_ENDPOINT: setting(
    'Communication Services resource that sends mail when somebody is asked; empty where none is sent.',
    address.optional(),
    '',
  ),
  ASK_MAIL_SENDER: setting('Address that such mail comes from.', z.email().optional(), ''),
  ASK_MAIL_RECIPIENTS: setting('Addresses that such mail goes to.', list.pipe(z.array(z.email())).default([]), ''),
  PLAYBOOKS: setting('Folder of the playbooks.', z.string().min(1).default('playbooks'), 'playbooks'),
  QUERIES: setting('Folder of the saved audit queries.', z.string().min(1).default('queries'), 'queries'),
  PLAYBOOK_MODES: setting(
    'Modes other than the playbooks say, as name@version=mode,…; another version is back at its own.',
    modeList.default(new Map()),
    '',
  ),
  AUTONOMY: setting(
    'earned: a version of a playbook goes no further than people have promoted it to. given: as far as its mode says, for a tenant on this machine only.',
    z.enum(['earned', 'given']).default('earned'),
    'earned',
  ),
  PROMOTION_AFTER: setting(
    'How many runs without a veto a promotion asks for.',
    z.coerce.number().int().positive().default(50),
    '50',
  ),
  CANARY_SOAK: setting(
    'How long what was done to the first of an alert has to stand before the next are touched.',
    durationSchema.default('P1D'),
    'P1D',
  ),
  REPORTS: setting('Folder of the reports.', z.string().min(1).default('reports'), 'reports'),
  REPORTS_SCHEDULE: setting('When reports that are due are made (NCRONTAB).', z.string().min(1), '0 7 * * * *'),
  PUBLIC_URL: setting(
    'Address under which people reach this API; stands in links. Empty where there is none.',
    address.optional(),
    '',
  ),
  RUNS_PER_ALERT: setting(
    'More identities than this in one alert, and none is answered.',
    z.coerce.number().int().positive().default(25),
    '25',
  ),
  REVERSIBLE_BUDGET: setting(
    'How many reversible changes one authorization system has room for, over all playbooks and sources; % is of the users.',
    budgetSchema.prefault('10/h,25/d,60/w,120/m,1%/d'),
    '10/h,25/d,60/w,120/m,1%/d',
  ),
  DESTRUCTIVE_BUDGET: setting(
    'The same for destructive changes.',
    budgetSchema.prefault('5/h,10/d,20/w,30/m,0.5%/d'),
    '5/h,10/d,20/w,30/m,0.5%/d',
  ),
  LEASE: setting('How long a worker keeps others away from a step.', durationSchema.default('PT20S'), 'PT20S'),
  HINT_GRACE: setting('How long until the timer takes a message for lost.', durationSchema.default('PT1M'), 'PT1M'),
  TICK_SCHEDULE: setting('When the timer looks for what is due (NCRONTAB).', z.string().min(1), '0 * * * * *'),
  SEAL_KEY: setting(
    'Key that signs the seals: https://name.vault.azure.net/keys/name, or, on this machine only, a PEM file. Empty: no seals.',
    z.string().min(1).optional(),
    '',
  ),
  SEAL_COPIES: setting(
    'Second storage account for copies of the seals: its blob endpoint, reached with the managed identity, or a connection string.',
    z.string().min(1).optional(),
    '',
  ),
  SEAL_SCHEDULE: setting('When the timer seals what was written (NCRONTAB).', z.string().min(1), '10 * * * * *'),
  PATROL_SCHEDULE: setting(
    'When the timer goes along the journals and repairs what was lost (NCRONTAB).',
    z.string().min(1),
    '30 */5 * * * *',
  ),
  DRILL_IDENTITY: setting(
    "Object id of an account that is nobody's, on which undoing is rehearsed; empty for no drills.",
    z.uuid().optional(),
    '',
  ),
  DRILL_SYSTEM: setting('Subscription in which that account holds a role to lose.', z.uuid().optional(), ''),
  LOCAL_WAIT: setting(
    'Cuts every wait of a playbook, for a trial against a tenant on this machine only.',
    durationSchema.optional(),
    '',
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: setting(
    'Collector that spans are sent to by OTLP/HTTP; empty for none.',
    address.optional(),
    '',
  ),
  LOG_LEVEL: setting('Least level that is logged.', z.enum(['debug', 'info', 'warn', 'error']).default('info'), 'info'),
} as const;

const schema = z.object({
  ...(Object.fromEntries(Object.entries(settings).map(([name, one]) => [name, one.schema])) as {
    [K in keyof typeof settings]: (typeof settings)[K]['schema'];
  }),
});

export type Config = z.infer<typeof schema>;

/**
 * Reads the environment. An empty value is a missing one.
 * @throws Fault `halt` that names everything missing or wrong at once
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(
    Object.keys(settings).flatMap((name) => {
      const value = environment[name];
      return value === undefined || (value === '' && !allowedEmpty.has(name)) ? [] : [[name, value]];
    }),
  );
  // Read once: to compile the schema would take longer than to read by it.
  const result = schema.safeParse(given, { jitless: true });
  const between = betweenSettings(given);
  if (result.success && between.length === 0) return result.data;
  const problems = (result.error?.issues ?? []).map(({ path, message }) => {
    const name = String(path[0]);
    return name in given ? `${name} ${message}` : `${name} is missing`;
  });
  const list = [...new Set([...between, ...problems])].map((problem) => `  ${problem}`).join('\n');
  throw new Fault('halt', 'settings', `The settings are not complete:\n${list}`);
}

function pageProblems(given: Readonly<Record<string, string>>): readonly string[] {
  const { PAGE_URL, PAGE_CLIENT_ID, PAGE_SESSION_KEY } = given;
  if (!PAGE_CLIENT_ID || (PAGE_URL && PAGE_SESSION_KEY)) return [];
  return ['PAGE_URL and PAGE_SESSION_KEY are missing: the approval page of PAGE_CLIENT_ID needs both'];
}

/** What no setting can say by itself. */
function betweenSettings(given: Readonly<Record<string, string>>): readonly string[] {
  const { AzureWebJobsStorage__tableServiceUri: tables, AzureWebJobsStorage__blobServiceUri: blobs } = given;
  const problems: string[] = [];
  if (!given.AzureWebJobsStorage && !(tables && blobs))
    problems.push('AzureWebJobsStorage is missing (or both AzureWebJobsStorage__tableServiceUri and __blobServiceUri)');
  if (!given.SERVICEBUS && !given.SERVICEBUS__fullyQualifiedNamespace)
    problems.push('SERVICEBUS is missing (or SERVICEBUS__fullyQualifiedNamespace)');
  problems.push(...pageProblems(given));
  if (given.LOCAL_WAIT && !isLoopback(given.GRAPH_URL ?? ''))
    problems.push('LOCAL_WAIT cuts the waits that protect people; it is for a tenant on this machine only');
  if (given.AUTONOMY === 'given' && !isLoopback(given.GRAPH_URL ?? ''))
    problems.push('AUTONOMY=given lets playbooks act unproved; it is for a tenant on this machine only');
  if (given.SEAL_KEY && !given.SEAL_KEY.startsWith('https://') && !isLocalStorage(given.AzureWebJobsStorage ?? ''))
    problems.push('SEAL_KEY as a file can be taken away with the file; it is for storage on this machine only');
  return [...problems, ...betweenChannels(given)];
}

function betweenChannels(given: Readonly<Record<string, string>>): readonly string[] {
  const problems: string[] = [];
  if (given.TEAMS_CHANNEL && !given.TEAMS_APP_ID) problems.push('TEAMS_APP_ID is missing: TEAMS_CHANNEL needs a bot');
  if (given.ASK_MAIL_ENDPOINT && !(given.ASK_MAIL_SENDER && given.ASK_MAIL_RECIPIENTS))
    problems.push('ASK_MAIL_SENDER and ASK_MAIL_RECIPIENTS are missing: ASK_MAIL_ENDPOINT needs both');
  return problems;
}

function isLocalStorage(connectionString: string): boolean {
  return /UseDevelopmentStorage=true|BlobEndpoint=http:\/\/127\.0\.0\.1:/.test(connectionString);
}

/** Lists that may be empty, but only if somebody said so. */
const allowedEmpty: ReadonlySet<string> = new Set(['BREAK_GLASS_IDS', 'APPROVER_GROUPS', 'OWN_IDS']);

/** How long every wait is cut to, in milliseconds; null where it is not. */
export function localWaitMs(config: Config): number | null {
  return config.LOCAL_WAIT === undefined ? null : milliseconds(config.LOCAL_WAIT);
}

/** Is it an address of this machine? */
export function isLoopback(value: string): boolean {
  return URL.canParse(value) && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(value).hostname);
}
