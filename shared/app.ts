import { randomBytes, randomUUID } from 'node:crypto';
import { accessSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import type { TokenCredential } from '@azure/identity';
import { azureBacklog } from './adapters/azure/backlog.ts';
import { busOnDemand } from './adapters/azure/bus-on-demand.ts';
import { connectStorage, type Storage } from './adapters/azure/connect.ts';
import type { BusNamespace } from './adapters/azure/connect-bus.ts';
import { beforehand } from './adapters/azure/first-use.ts';
import { azureIndex } from './adapters/azure/index.ts';
import { azureLedger } from './adapters/azure/ledger.ts';
import { azureVault } from './adapters/azure/vault.ts';
import { rememberingVault } from './adapters/remembering-vault.ts';
import { type Config, localWaitMs, readConfig } from './config.ts';
import { milliseconds } from './domain/duration.ts';
import { Fault } from './domain/fault.ts';
import { callRecorder } from './engine/calls.ts';
import type { Limits, Taking } from './engine/engine.ts';
import { notedLedger } from './engine/noted-ledger.ts';
import { turnsOf } from './engine/turns.ts';
import { pinoLog } from './log.ts';
import { type Credentials, credentialsOf } from './parts/credentials.ts';
import { onDemand } from './parts/on-demand.ts';
import type { Whole, WholeNeeds } from './parts/whole.ts';
import type { Authenticate, Clock, Log, RecordCall, Sleep } from './ports.ts';
import { type TakeIn, takingIn } from './requests/taking-in.ts';
import { sourcesOf } from './sources/catalog.ts';
import { resolverOf } from './sources/mail/resolver.ts';
import { callerOf } from './systems/entra/caller.ts';
import { exportSpans } from './telemetry/export.ts';
import { tracedTakingIn } from './telemetry/requests.ts';
import { tracedTaking } from './telemetry/traced.ts';

/** What the functions are made of. */
export interface App {
  readonly ingest: TakeIn;
  readonly parts: {
    readonly log: Log;
    readonly clock: Clock;
    readonly sleep: Sleep;
    readonly authenticate: Authenticate;
    readonly recordCall: RecordCall;
  };
  /** Everything but taking alerts in, loaded with its first use: whoever sends one does not wait for it. */
  readonly whole: () => Promise<Whole>;
}

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
  // Read when the first alert is answered; that there is a folder at all shows now.
  accessSync(config.PLAYBOOKS);
  const credentials = credentialsOf(config);
  const storage = connectStorage(storageOf(config, credentials.reader));
  const { taking: plain, backlog, connect } = takingOf(config, credentials, storage);
  const { taking, traces } = tracedWhereAsked(config, plain);
  const { AUTHORITY_HOST, TENANT_ID, API_AUDIENCE } = config;
  const authenticate = callerOf({ authorityHost: AUTHORITY_HOST, tenantId: TENANT_ID, audience: API_AUDIENCE });
  const takeIn = takingIn(taking, sourcesOf({ authenticate, mail: mailOf(config) }));
  return {
    ingest: (source, request) => {
      // Whoever shows nothing is refused, and opens nothing.
      if (request.headers.has('authorization')) void connect();
      return (traces ? tracedTakingIn(takeIn) : takeIn)(source, request);
    },
    parts: { log: taking.log, clock, sleep, authenticate, recordCall: callRecorder(taking) },
    whole: onDemand(async () => wholeLoaded({ config, credentials, storage, taking, backlog, sleep, random, traces })),
  };
}

/** @throws Fault `retry`: what does not load now, loads later, and no message is given up on meanwhile */
async function wholeLoaded(needs: WholeNeeds): Promise<Whole> {
  try {
    const { wholeOf } = await import('./parts/whole.ts');
    return wholeOf(needs);
  } catch (cause) {
    throw new Fault('retry', 'not-loaded', 'What answers alerts could not be loaded.', { cause });
  }
}

function mailOf({ MAIL_WEBHOOK_SECRET, MAIL_SENDER_DOMAINS, MAIL_DNS_SERVERS }: Config) {
  return {
    webhookSecret: MAIL_WEBHOOK_SECRET,
    senderDomains: MAIL_SENDER_DOMAINS,
    resolve: resolverOf(MAIL_DNS_SERVERS.length > 0 ? MAIL_DNS_SERVERS : null),
    now: clock,
  };
}

/** Spans cost something, so there are none where nobody collects them. */
function tracedWhereAsked({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }: Config, taking: Taking) {
  if (endpoint === undefined) return { taking, traces: false };
  const start = BigInt(Date.now()) * 1_000_000n - process.hrtime.bigint();
  exportSpans(endpoint, taking.log, () => String(start + process.hrtime.bigint()));
  return { taking: tracedTaking(taking), traces: true };
}

function takingOf(config: Config, credentials: Credentials, storage: Storage) {
  const container = storage.container('vault');
  const [ledger, index, open] = [storage.table('ledger'), storage.table('index'), storage.table('backlog')];
  const vault = rememberingVault(azureVault(container));
  const backlog = azureBacklog(open, storage.table('sealed'));
  const bus = busOnDemand(busOf(config, credentials.reader));
  const taking: Taking = {
    ledger: notedLedger(azureLedger(ledger, vault), backlog, clock),
    index: azureIndex(index),
    vault,
    bus,
    limits: limitsOf(config),
    clock,
    log: pinoLog(config.LOG_LEVEL),
    worker: randomUUID(),
    turns: turnsOf(),
  };
  // All at once with the first alert, while its sender is looked at; each would wait for the one before it otherwise.
  const connect = onDemand(() => Promise.allSettled([beforehand([container, ledger, index, open]), bus.open()]));
  return { taking, backlog, connect };
}

function limitsOf(config: Config): Limits {
  return {
    modes: config.PLAYBOOK_MODES,
    autonomy: config.AUTONOMY,
    promotionAfter: config.PROMOTION_AFTER,
    canarySoakMs: milliseconds(config.CANARY_SOAK),
    runsPerAlert: config.RUNS_PER_ALERT,
    budgets: { reversible: config.REVERSIBLE_BUDGET, destructive: config.DESTRUCTIVE_BUDGET },
    leaseMs: milliseconds(config.LEASE),
    hintGraceMs: milliseconds(config.HINT_GRACE),
    localWaitMs: localWaitMs(config),
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
