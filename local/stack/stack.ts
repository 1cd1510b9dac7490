import { generateKeyPairSync } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { ServiceBusClient } from '@azure/service-bus';
import { z } from 'zod';
import { startDns } from '../mail/dns-stand-in.ts';
import { newSigner, type Signer } from '../mail/sign.ts';
import { ENGINE, GROUPS, PAGE_APP, PEOPLE, type Person, TENANT } from '../tenant/seed.ts';
import { type Azurite, freePort, startAzurite } from './azurite.ts';
import { type Child, startChild } from './child.ts';

/** Everything, running on this machine. */
export interface Stack {
  /** Of the functions. */
  readonly url: string;
  readonly tenantUrl: string;
  readonly signer: Signer;
  readonly mailSecret: string;
  readonly storage: string;
  readonly settings: Readonly<Record<string, string>>;
  /** The managed identity the functions run as. */
  readonly identity: { readonly IDENTITY_ENDPOINT: string; readonly IDENTITY_HEADER: string };
  /** A token of one of the tenant's people. */
  token(person: Person): Promise<string>;
  /** Puts a message on the queue `alerts`, as another team's program would. */
  send(body: object): Promise<void>;
  /** The functions host, to be killed and started again by tests. */
  readonly host: Replaceable;
  readonly bus: Replaceable;
  stop(): Promise<void>;
}

interface Replaceable {
  kill(): Promise<void>;
  start(): Promise<void>;
}

export interface StackOptions {
  /** Folder for data, logs and settings; emptied first. */
  readonly folder: string;
  /** Port of the functions; 0 for any free one. */
  readonly port: number;
  /** How many people the tenant has on top of its own, to send many alerts about. */
  readonly crowd?: number;
  /** Settings on top of those the stack makes. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly say: (line: string) => void;
}

const root = resolve(import.meta.dirname, '../..');

/** What is wider here than it is anywhere else; said on screen, and written into every run where it concerns one. */
export const trialNotes: readonly string[] = [
  'trial     playbooks act as far as PLAYBOOK_MODES says (AUTONOMY=given); elsewhere they have to earn it, run by run',
  'trial     budgets are widened, and not in percent: 1 % of some forty people would be nobody; waits are cut to 3 s',
];

/** Domain of the sample mails; only the DNS of the stack knows it. */
export const mailDomain = 'alerts.contoso.example';

/** Starts storage, bus, tenant, mail DNS and the functions, in this order; what fails stops what was started. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const started: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of started.reverse()) await end();
  };
  try {
    return await assemble(options, started, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function assemble(
  options: StackOptions,
  started: (() => Promise<void>)[],
  stop: () => Promise<void>,
): Promise<Stack> {
  const { folder, say } = options;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const identityHeader = crypto.randomUUID();
  const signer = newSigner(mailDomain);
  const log = (name: string) => join(folder, `${name}.log`);

  const [azurite, tenant, dns, bus] = await Promise.all([
    timed(say, 'storage   Azurite, tables and blobs', startAzurite(join(folder, 'azurite'))),
    timed(
      say,
      'tenant    stand-in for Microsoft Graph and Azure Resource Manager',
      startTenant(identityHeader, options.crowd ?? 0, log('tenant')),
    ),
    timed(say, 'mail DNS  knows the sample sender', startDns(signer.records)),
    timed(say, 'bus       Service Bus peer, queues alerts and runs', startBus(0, log('service-bus'))),
  ]);
  started.push(
    () => azurite.stop(),
    () => tenant.stop(),
    () => dns.close(),
  );
  const tenantUrl = String(tenant.ready.url);
  const busPort = Number(bus.ready.port);
  const connection = String(bus.ready.connectionString);
  const mailSecret = crypto.randomUUID();
  // Known before the functions start: the page has to say where people come back to.
  const hostPort = options.port === 0 ? await freePort() : options.port;
  const url = `http://127.0.0.1:${hostPort}`;
  const settings = {
    ...settingsOf({
      azurite,
      tenantUrl,
      connection,
      mailSecret,
      dns: dns.server,
      sealKey: await newSealKey(folder),
      url,
    }),
    ...options.settings,
  };
  const identity = { IDENTITY_ENDPOINT: `${tenantUrl}/msi/token`, IDENTITY_HEADER: identityHeader };
  const file = join(folder, 'local.settings.json');
  await writeFile(file, JSON.stringify({ IsEncrypted: false, Values: settings }, null, 2));

  const busChild = replaceable(bus, () => startBus(busPort, log('service-bus')));
  started.push(() => busChild.end());
  const startHost = (port: number) => startFunctions({ port, file, identity, log: log('functions') });
  const first = await timed(say, 'functions in the local host', startHost(hostPort));
  const host = replaceable(first, () => startHost(hostPort));
  started.push(() => host.end());
  return {
    url,
    tenantUrl,
    signer,
    mailSecret,
    storage: azurite.connectionString,
    settings,
    identity,
    token: (person) => tokenOf(tenantUrl, person),
    send: (body) => sendTo(connection, body),
    host,
    bus: busChild,
    stop,
  };
}

/** A key for the seals of this trial. @returns the file it is in */
async function newSealKey(folder: string): Promise<string> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const file = join(resolve(folder), 'seal-key.pem');
  await writeFile(file, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 });
  return file;
}

function settingsOf(parts: {
  azurite: Azurite;
  tenantUrl: string;
  connection: string;
  mailSecret: string;
  dns: string;
  sealKey: string;
  url: string;
}) {
  return {
    AzureWebJobsStorage: parts.azurite.connectionString,
    SERVICEBUS: parts.connection,
    TENANT_ID: TENANT.id,
    API_AUDIENCE: 'api://quell',
    AUTHORITY_HOST: parts.tenantUrl,
    GRAPH_URL: parts.tenantUrl,
    ARM_URL: parts.tenantUrl,
    MAIL_WEBHOOK_SECRET: parts.mailSecret,
    MAIL_SENDER_DOMAINS: mailDomain,
    MAIL_DNS_SERVERS: parts.dns,
    BREAK_GLASS_IDS: `${PEOPLE.breakGlassNever},${PEOPLE.breakGlassRare}`,
    APPROVER_GROUPS: GROUPS.approvers,
    OWN_IDS: ENGINE.objectId,
    NOTIFY_URL: `${parts.tenantUrl}/local/inbox`,
    PLAYBOOKS: join(root, 'playbooks'),
    QUERIES: join(root, 'queries'),
    PLAYBOOK_MODES: 'inactive-user-review@1=approve,inactive-user-delete@1=enforce,super-user-notify@1=enforce',
    REPORTS: join(root, 'reports'),
    REPORTS_SCHEDULE: '0 7 * * * *',
    AUTONOMY: 'given',
    REVERSIBLE_BUDGET: '200/h,400/d,800/w,1000/m',
    DESTRUCTIVE_BUDGET: '100/h,200/d,400/w,500/m',
    LOCAL_WAIT: 'PT3S',
    LEASE: 'PT15S',
    HINT_GRACE: 'PT5S',
    TICK_SCHEDULE: '*/2 * * * * *',
    SEAL_KEY: parts.sealKey,
    SEAL_COPIES: parts.azurite.connectionString,
    SEAL_SCHEDULE: '1-59/5 * * * * *',
    PATROL_SCHEDULE: '30 * * * * *',
    PAGE_CLIENT_ID: PAGE_APP.appId,
    PAGE_SESSION_KEY: `${crypto.randomUUID()}${crypto.randomUUID()}`,
    PAGE_URL: `${parts.url}/api/approve`,
  };
}

function startTenant(identityHeader: string, crowd: number, log: string): Promise<Child> {
  const environment = { PORT: '0', IDENTITY_HEADER: identityHeader, CROWD: String(crowd) };
  return startChild({ name: 'the tenant', script: join(root, 'local/tenant/main.ts'), environment, log });
}

function startBus(port: number, log: string): Promise<Child> {
  return startChild({
    name: 'the bus',
    script: join(root, 'local/service-bus/main.ts'),
    environment: { PORT: String(port) },
    log,
  });
}

function startFunctions(of: {
  port: number;
  file: string;
  identity: Record<string, string>;
  log: string;
}): Promise<Child> {
  const environment = {
    ...of.identity,
    PORT: String(of.port),
    HOST_ENTRY: join(root, 'functions/main.ts'),
    HOST_JSON: join(root, 'host.json'),
    HOST_SETTINGS: of.file,
  };
  return startChild({ name: 'the functions host', script: join(root, 'local/host/main.ts'), environment, log: of.log });
}

/** A child that can be killed and started again in the same place. */
function replaceable(first: Child, again: () => Promise<Child>): Replaceable & { end(): Promise<void> } {
  let child: Child | null = first;
  return {
    kill: async () => {
      await child?.stop('SIGKILL');
      child = null;
    },
    start: async () => {
      child = await again();
    },
    end: async () => child?.stop(),
  };
}

const tokenSchema = z.object({ access_token: z.string() });

async function tokenOf(tenantUrl: string, person: string): Promise<string> {
  const response = await fetch(`${tenantUrl}/local/tokens?person=${person}`);
  const { access_token } = tokenSchema.parse(await response.json());
  return access_token;
}

async function sendTo(connection: string, body: object): Promise<void> {
  const client = new ServiceBusClient(connection);
  await client.createSender('alerts').sendMessages({ body, contentType: 'application/cloudevents+json' });
  await client.close();
}

async function timed<T>(say: (line: string) => void, what: string, work: Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await work;
  say(`  up  ${what} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
  return result;
}

/** Version of this project, for the greeting. */
export async function version(): Promise<string> {
  const text = await readFile(createRequire(import.meta.url).resolve('../../package.json'), 'utf8');
  return String(JSON.parse(text).version);
}
