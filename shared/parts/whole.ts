import { actions } from '../actions/catalog.ts';
import { azureBudgets } from '../adapters/azure/budgets.ts';
import type { Storage } from '../adapters/azure/connect.ts';
import { azureControls } from '../adapters/azure/controls.ts';
import { azureExclusions } from '../adapters/azure/exclusions.ts';
import { type Config, isLoopback } from '../config.ts';
import { Fault } from '../domain/fault.ts';
import type { Engine, Taking } from '../engine/engine.ts';
import { tick } from '../engine/tick.ts';
import { readPlaybooks } from '../playbook-folder.ts';
import type { Clock, Exclusions, Sleep } from '../ports.ts';
import type { Backlog } from '../ports-custody.ts';
import type { ArchiveRequests } from '../requests/archive.ts';
import { type ChannelRequests, channelRequestsOf, type LoadAsking, showing } from '../requests/channels.ts';
import type { CustodyRequests } from '../requests/custody.ts';
import type { PageRequests } from '../requests/page.ts';
import type { ReplayRequests } from '../requests/replay.ts';
import type { ReportRequests } from '../requests/reports.ts';
import { type Requests, requestsOf } from '../requests/requests.ts';
import { queueSource } from '../sources/catalog.ts';
import { azureAccessControl } from '../systems/azure/access-control.ts';
import { armClient } from '../systems/azure/client.ts';
import { effects } from '../systems/effects.ts';
import { graphClient } from '../systems/entra/client.ts';
import { entraDirectory } from '../systems/entra/directory.ts';
import { limiterOf, quotas } from '../systems/limiter.ts';
import { tracedRequests, tracedRun } from '../telemetry/requests.ts';
import { tracedEngine } from '../telemetry/traced.ts';
import type { Credentials } from './credentials.ts';
import { custodyOnDemand } from './custody-on-demand.ts';
import { onDemand } from './on-demand.ts';
import { replayOnDemand } from './replay-on-demand.ts';
import { reportsOnDemand } from './reports-on-demand.ts';

/** Everything but taking alerts in. */
export interface Whole
  extends Requests,
    CustodyRequests,
    ReportRequests,
    ChannelRequests,
    ArchiveRequests,
    ReplayRequests {
  /** Finds what is due and what lost its message. */
  tick(): Promise<unknown>;
  /** The approval page, loaded when somebody looks. */
  readonly page: () => Promise<PageRequests>;
}

/** What it is made of. */
export interface WholeNeeds {
  readonly config: Config;
  readonly credentials: Credentials;
  readonly storage: Storage;
  readonly taking: Taking;
  readonly backlog: Backlog;
  readonly sleep: Sleep;
  /** 256 bits, as text. */
  readonly random: () => string;
  /** Are spans collected? */
  readonly traces: boolean;
}

/** Puts the rest together: playbooks, far sides, and what people and timers ask for. */
export function wholeOf(needs: WholeNeeds): Whole {
  const { config, credentials, storage, backlog, random, traces } = needs;
  const plain = engineOf(needs);
  const engine = traces ? tracedEngine(plain) : plain;
  const asking = askingWhereWanted(needs, engine);
  const shown = showing(asking);
  const requests = requestsOf({ engine, queueSource, shown, ...(traces ? { behind: tracedRun } : {}) });
  const show = (run: string) => shown(run, async () => undefined);
  const custody = { config, storage, credential: credentials.reader, parts: { ...engine, backlog }, show };
  return {
    ...(traces ? tracedRequests(requests) : requests),
    ...custodyOnDemand(custody),
    ...replayOnDemand(engine, custody),
    ...reportsOnDemand(config, storage, engine),
    ...channelRequestsOf(engine, asking),
    tick: () => tick(engine),
    page: onDemand(async () => {
      const { pageOf } = await import('./page.ts');
      return pageOf(config, engine, credentials.reader, { clock: engine.clock, random });
    }),
  };
}

/** Cards and channels are loaded with the first run that is shown, and only where the settings name a channel. */
function askingWhereWanted({ config, storage, credentials }: WholeNeeds, engine: Engine): LoadAsking {
  const { TEAMS_APP_ID, ASK_WORKFLOW_URL, ASK_MAIL_ENDPOINT } = config;
  if ([TEAMS_APP_ID, ASK_WORKFLOW_URL, ASK_MAIL_ENDPOINT].every((one) => one === undefined)) return async () => null;
  let known: ReturnType<LoadAsking> | null = null;
  return () => {
    known ??= import('./channels.ts').then(({ askingOf }) =>
      askingOf({ config, engine, storage, credential: credentials.reader }),
    );
    return known;
  };
}

function engineOf({ config, credentials, storage, taking, sleep }: WholeNeeds): Engine {
  const exclusions = azureExclusions(storage.table('exclusions'));
  return {
    ...taking,
    controls: azureControls(storage.table('controls')),
    budgets: azureBudgets(storage.table('budget'), sleep),
    ...worldOf(config, credentials, exclusions, { clock: taking.clock, sleep }),
    actions,
    playbooks: playbooksOf(config.PLAYBOOKS, taking.log),
    safety: { breakGlass: config.BREAK_GLASS_IDS, approverGroups: config.APPROVER_GROUPS, ourselves: config.OWN_IDS },
    sleep,
  };
}

function worldOf(
  config: Config,
  credentials: Credentials,
  exclusions: Exclusions,
  time: { readonly clock: Clock; readonly sleep: Sleep },
): Pick<Engine, 'world' | 'effects'> {
  // One for all identities: quotas of the tenant are shared by them.
  const limiters = {
    graph: limiterOf('Microsoft Graph', quotas[isLoopback(config.GRAPH_URL) ? 'none' : 'graph'], time),
    azure: limiterOf('Azure', quotas[isLoopback(config.ARM_URL) ? 'none' : 'azure'], time),
  };
  const as = (credential: Credentials['reader']) => ({
    graph: graphClient({ url: config.GRAPH_URL, audience: config.GRAPH_AUDIENCE, credential, limiter: limiters.graph }),
    azure: armClient({ url: config.ARM_URL, audience: config.ARM_AUDIENCE, credential, limiter: limiters.azure }),
  });
  const { graph, azure } = as(credentials.reader);
  const [changer, deleter] = [as(credentials.changer), as(credentials.deleter)];
  return {
    world: {
      directory: entraDirectory(graph, time.clock),
      accessControl: { azure: azureAccessControl(azure, time.clock) },
      exclusions,
    },
    effects: effects({ changer, deleter, exclusions, webhook: config.NOTIFY_URL ?? null }),
  };
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
