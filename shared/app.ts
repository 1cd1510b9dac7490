import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { TokenCredential } from '@azure/identity';
import { actions } from './actions/catalog.ts';
import { azureBacklog } from './adapters/azure/backlog.ts';
import { azureBudgets } from './adapters/azure/budgets.ts';
import { busOnDemand } from './adapters/azure/bus-on-demand.ts';
import { connectStorage, type Storage } from './adapters/azure/connect.ts';
import type { BusNamespace } from './adapters/azure/connect-bus.ts';
import { azureControls } from './adapters/azure/controls.ts';
import { azureExclusions } from './adapters/azure/exclusions.ts';
import { azureIndex } from './adapters/azure/index.ts';
import { azureLedger } from './adapters/azure/ledger.ts';
import { azureVault } from './adapters/azure/vault.ts';
import { rememberingVault } from './adapters/remembering-vault.ts';
import { type Config, isLoopback, localWaitMs, readConfig } from './config.ts';
import { milliseconds } from './domain/duration.ts';
import { Fault } from './domain/fault.ts';
import type { Power } from './domain/power.ts';
import { callRecorder } from './engine/calls.ts';
import type { Engine } from './engine/engine.ts';
import { notedLedger } from './engine/noted-ledger.ts';
import { pinoLog } from './log.ts';
import { managedIdentity } from './parts/credentials.ts';
import { custodyOnDemand } from './parts/custody-on-demand.ts';
import { replayOnDemand } from './parts/replay-on-demand.ts';
import { reportsOnDemand } from './parts/reports-on-demand.ts';
import { readPlaybooks } from './playbook-folder.ts';
import type { Authenticate, Clock, Exclusions, RecordCall, Sleep } from './ports.ts';
import type { Backlog } from './ports-custody.ts';
import type { ArchiveRequests } from './requests/archive.ts';
import { type ChannelRequests, channelRequestsOf, type LoadAsking, showing } from './requests/channels.ts';
import type { CustodyRequests } from './requests/custody.ts';
import type { PageRequests } from './requests/page.ts';
import type { ReplayRequests } from './requests/replay.ts';
import type { ReportRequests } from './requests/reports.ts';
import { type Requests, requestsOf } from './requests/requests.ts';
import { queueSource, sourcesOf } from './sources/catalog.ts';
import { resolverOf } from './sources/mail/resolver.ts';
import { azureAccessControl } from './systems/azure/access-control.ts';
import { armClient } from './systems/azure/client.ts';
import { effects } from './systems/effects.ts';
import { callerOf } from './systems/entra/caller.ts';
import { graphClient } from './systems/entra/client.ts';
import { entraDirectory } from './systems/entra/directory.ts';
import { limiterOf, quotas } from './systems/limiter.ts';
import { exportSpans } from './telemetry/export.ts';
import { tracedRequests } from './telemetry/requests.ts';
import { tracedEngine } from './telemetry/traced.ts';

/** What the functions are made of. */
export interface App
  extends Requests,
    CustodyRequests,
    ReportRequests,
    ChannelRequests,
    ArchiveRequests,
    ReplayRequests {
  readonly engine: Engine;
  readonly parts: Pick<Engine, 'log' | 'clock' | 'sleep'> & {
    readonly authenticate: Authenticate;
    readonly recordCall: RecordCall;
  };
  /** The approval page, loaded when somebody looks: a start for anything else does not wait for it. */
  readonly page: () => Promise<PageRequests>;
}

type Credentials = Readonly<Record<Power, TokenCredential>>;

const clock: Clock = () => new Date().toISOString();
const sleep: Sleep = (ms) => setTimeout(ms);
/** 256 bits, as text. */
const random = () => randomBytes(32).toString('base64url');

/**
 * Puts everything together: the only place that reads the environment, the clock and chance, and picks adapters.
 * @throws Fault `halt` that names every setting missing or wrong
 */
export function compose(environment: NodeJS.ProcessEnv): App {
  const config = readConfig(environment);
  const credentials = credentialsOf(config);
  const storage = connectStorage(storageOf(config, credentials.reader));
  const backlog = azureBacklog(storage.table('backlog'), storage.table('sealed'));
  const { engine, traces } = tracedWhereAsked(config, engineOf(config, credentials, storage, backlog));
  const asking = askingWhereWanted(config, engine, storage, credentials.reader);
  const { AUTHORITY_HOST, TENANT_ID, API_AUDIENCE, MAIL_WEBHOOK_SECRET, MAIL_SENDER_DOMAINS, MAIL_DNS_SERVERS } =
    config;
  const authenticate = callerOf({ authorityHost: AUTHORITY_HOST, tenantId: TENANT_ID, audience: API_AUDIENCE });
  const mail = {
    webhookSecret: MAIL_WEBHOOK_SECRET,
    senderDomains: MAIL_SENDER_DOMAINS,
    resolve: resolverOf(MAIL_DNS_SERVERS.length > 0 ? MAIL_DNS_SERVERS : null),
    now: clock,
  };
  const sources = sourcesOf({ authenticate, mail });
  const shown = showing(asking);
  const requests = requestsOf({ engine, sources, queueSource, shown });
  const show = (run: string) => shown(run, async () => undefined);
  const custody = { config, storage, credential: credentials.reader, parts: { ...engine, backlog }, show };
  return {
    engine,
    parts: { ...engine, authenticate, recordCall: callRecorder(engine) },
    page: loaded(async () => {
      const { pageOf } = await import('./parts/page.ts');
      return pageOf(config, engine, credentials.reader, { clock, random });
    }),
    ...(traces ? tracedRequests(requests) : requests),
    ...custodyOnDemand(custody),
    ...replayOnDemand(engine, custody),
    ...reportsOnDemand(config, storage, engine),
    ...channelRequestsOf(engine, asking),
  };
}

/** Cards and channels are loaded with the first run that is shown, and only where the settings name a channel. */
function askingWhereWanted(config: Config, engine: Engine, storage: Storage, credential: TokenCredential): LoadAsking {
  const { TEAMS_APP_ID, ASK_WORKFLOW_URL, ASK_MAIL_ENDPOINT } = config;
  if ([TEAMS_APP_ID, ASK_WORKFLOW_URL, ASK_MAIL_ENDPOINT].every((one) => one === undefined)) return async () => null;
  let known: ReturnType<LoadAsking> | null = null;
  return () => {
    known ??= import('./parts/channels.ts').then(({ askingOf }) => askingOf({ config, engine, storage, credential }));
    return known;
  };
}

/** Loads once, with the first use; what did not load is tried again. */
function loaded<T>(load: () => Promise<T>): () => Promise<T> {
  let known: Promise<T> | null = null;
  return () => {
    known ??= load().catch((error: unknown) => {
      known = null;
      throw error;
    });
    return known;
  };
}

/** Spans cost something, so there are none where nobody collects them. */
function tracedWhereAsked({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }: Config, engine: Engine) {
  if (endpoint === undefined) return { engine, traces: false };
  const start = BigInt(Date.now()) * 1_000_000n - process.hrtime.bigint();
  exportSpans(endpoint, engine.log, () => String(start + process.hrtime.bigint()));
  return { engine: tracedEngine(engine), traces: true };
}

/** One identity for each power; where fewer are set up, the lesser one stands in, and what it may not do is refused. */
function credentialsOf({ AZURE_CLIENT_ID, CHANGER_CLIENT_ID, DELETER_CLIENT_ID }: Config): Credentials {
  const changer = CHANGER_CLIENT_ID ?? AZURE_CLIENT_ID;
  return {
    reader: managedIdentity(AZURE_CLIENT_ID),
    changer: managedIdentity(changer),
    deleter: managedIdentity(DELETER_CLIENT_ID ?? changer),
  };
}

function engineOf(config: Config, credentials: Credentials, storage: Storage, backlog: Backlog): Engine {
  const vault = rememberingVault(azureVault(storage.container('vault')));
  const exclusions = azureExclusions(storage.table('exclusions'));
  const log = pinoLog(config.LOG_LEVEL);
  return {
    ledger: notedLedger(azureLedger(storage.table('ledger'), vault), backlog, clock),
    index: azureIndex(storage.table('index')),
    vault,
    bus: busOnDemand(busOf(config, credentials.reader)),
    controls: azureControls(storage.table('controls')),
    budgets: azureBudgets(storage.table('budget'), sleep),
    ...worldOf(config, credentials, exclusions),
    actions,
    playbooks: playbooksOf(config.PLAYBOOKS, log),
    safety: { breakGlass: config.BREAK_GLASS_IDS, approverGroups: config.APPROVER_GROUPS, ourselves: config.OWN_IDS },
    limits: {
      modes: config.PLAYBOOK_MODES,
      autonomy: config.AUTONOMY,
      promotionAfter: config.PROMOTION_AFTER,
      canarySoakMs: milliseconds(config.CANARY_SOAK),
      runsPerAlert: config.RUNS_PER_ALERT,
      budgets: { reversible: config.REVERSIBLE_BUDGET, destructive: config.DESTRUCTIVE_BUDGET },
      leaseMs: milliseconds(config.LEASE),
      hintGraceMs: milliseconds(config.HINT_GRACE),
      localWaitMs: localWaitMs(config),
    },
    clock,
    sleep,
    log,
    worker: randomUUID(),
  };
}

function worldOf(config: Config, credentials: Credentials, exclusions: Exclusions): Pick<Engine, 'world' | 'effects'> {
  // One for all identities: quotas of the tenant are shared by them.
  const limiters = {
    graph: limiterOf('Microsoft Graph', quotas[isLoopback(config.GRAPH_URL) ? 'none' : 'graph'], { clock, sleep }),
    azure: limiterOf('Azure', quotas[isLoopback(config.ARM_URL) ? 'none' : 'azure'], { clock, sleep }),
  };
  const as = (credential: TokenCredential) => ({
    graph: graphClient({ url: config.GRAPH_URL, audience: config.GRAPH_AUDIENCE, credential, limiter: limiters.graph }),
    azure: armClient({ url: config.ARM_URL, audience: config.ARM_AUDIENCE, credential, limiter: limiters.azure }),
  });
  const { graph, azure } = as(credentials.reader);
  const [changer, deleter] = [as(credentials.changer), as(credentials.deleter)];
  return {
    world: {
      directory: entraDirectory(graph, clock),
      accessControl: { azure: azureAccessControl(azure, clock) },
      exclusions,
    },
    effects: effects({ changer, deleter, exclusions, webhook: config.NOTIFY_URL ?? null }),
  };
}

function storageOf(config: Config, credential: TokenCredential): Parameters<typeof connectStorage>[0] {
  const {
    AzureWebJobsStorage,
    AzureWebJobsStorage__tableServiceUri: tables,
    AzureWebJobsStorage__blobServiceUri: blobs,
  } = config;
  if (AzureWebJobsStorage !== undefined) return { connectionString: AzureWebJobsStorage };
  return { tables: tables ?? '', blobs: blobs ?? '', credential };
}

function busOf(config: Config, credential: TokenCredential): BusNamespace {
  if (config.SERVICEBUS !== undefined) return { connectionString: config.SERVICEBUS };
  return { namespace: config.SERVICEBUS__fullyQualifiedNamespace ?? '', credential };
}

/** Reads the playbooks once. Where they are not valid, alerts are taken in and wait, and the log says what is wrong. */
function playbooksOf(folder: string, log: Engine['log']): Engine['playbooks'] {
  const { playbooks, problems } = readPlaybooks(folder, actions);
  for (const { file, line, column, message } of problems)
    log.error({ file, line, column }, `playbook not valid: ${message}`);
  return () => {
    if (problems.length === 0) return playbooks;
    throw new Fault('retry', 'playbooks-invalid', 'The deployed playbooks are not valid; alerts wait until they are.', {
      retryAfterMs: 60_000,
    });
  };
}
