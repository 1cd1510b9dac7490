import { dirname, resolve } from 'node:path';
import { openBus } from './connection.ts';
import type { TypedData } from './core.ts';
import { createDelivery } from './delivery.ts';
import { type HostJson, readHostJson } from './host-json.ts';
import { type HttpTarget, startHttpServer } from './http-server.ts';
import { createInvoker, type Invoke, runHooks } from './invoke.ts';
import { createAuthorize } from './keys.ts';
import { loadApp } from './load.ts';
import type { HostLog } from './log.ts';
import { createOutage } from './outage.ts';
import { type Pump, startQueuePump } from './queue-pump.ts';
import { createRouter, type Route } from './routes.ts';
import { startSessionPump } from './session-pump.ts';
import { createSettings, isDisabled, type Settings } from './settings.ts';
import { parseSchedule, type RunningTimer, startTimer } from './timer.ts';
import { type HttpTrigger, type Indexed, indexFunction, type QueueTrigger, type TimerTrigger } from './triggers.ts';
import { within } from './within.ts';

const GRACE_MS = 10_000;

export interface HostOptions {
  /** `functions/main.ts`, or the bundle. */
  entry: string;
  /** App settings; also put in the environment before the entry is loaded, because that is where functions read them. */
  settings?: Record<string, string>;
  hostJson?: unknown;
  port?: number;
  host?: string;
  log?: HostLog;
  /** How long close() waits for running invocations. */
  graceMs?: number;
}

export interface RunningHost {
  url: string;
  port: number;
  functions: string[];
  close(): Promise<void>;
}

interface Context {
  settings: Settings;
  hostJson: HostJson;
  invoke: Invoke;
  log: HostLog;
}

interface Of<T> extends Indexed {
  trigger: Indexed['trigger'] & T;
}

export async function startHost(options: HostOptions): Promise<RunningHost> {
  const { entry, settings: given = {}, host = '127.0.0.1', log = () => undefined, graceMs = GRACE_MS } = options;
  Object.assign(process.env, given);
  const settings = createSettings(given, process.env);
  const hostJson = readHostJson(options.hostJson, { ...process.env, ...given });

  const app = await loadApp(entry, log);
  const appHookData = {};
  await runHooks(app.hooks, 'appStart', { hookData: {}, appHookData, functionAppDirectory: dirname(resolve(entry)) });
  const context: Context = { settings, hostJson, log, invoke: createInvoker(app, appHookData, log) };

  const indexed = app.functions.map(indexFunction).filter(({ fn }) => !isDisabled(settings, fn.metadata.name));
  const router = createRouter(indexed.filter(isHttp).map((each) => toRoute(each, hostJson)));
  // Everything that can be refused is refused before anything runs.
  const startTimers = indexed.filter(isTimer).map((each) => prepareTimer(each, context));
  const startPumps = indexed.filter(isQueue).map((each) => preparePump(each, context));

  const authorize = createAuthorize(settings);
  const server = await startHttpServer({ ...context, router, authorize, host, port: options.port ?? 0 });
  const timers = startTimers.map((start) => start());
  const pumps = startPumps.map((start) => start());

  const close = async (): Promise<void> => {
    await Promise.all([
      server.stop(graceMs),
      ...timers.map((timer) => within(graceMs, timer.stop())),
      ...pumps.map((pump) => pump.stop(graceMs)),
    ]);
    await runHooks(app.hooks, 'appTerminate', { hookData: {}, appHookData });
  };
  const names = app.functions.map(({ metadata }) => metadata.name);
  return { url: `http://${host}:${server.port}`, port: server.port, functions: names, close };
}

function isHttp(indexed: Indexed): indexed is Of<HttpTrigger> {
  return indexed.trigger.type === 'httpTrigger';
}

function isTimer(indexed: Indexed): indexed is Of<TimerTrigger> {
  return indexed.trigger.type === 'timerTrigger';
}

function isQueue(indexed: Indexed): indexed is Of<QueueTrigger> {
  return indexed.trigger.type === 'serviceBusTrigger';
}

function toRoute({ fn, binding, trigger }: Of<HttpTrigger>, hostJson: HostJson): Route<HttpTarget> {
  const template = `${hostJson.extensions.http.routePrefix}/${trigger.route ?? fn.metadata.name}`;
  return { template, methods: trigger.methods, target: { fn, binding, authLevel: trigger.authLevel } };
}

function prepareTimer({ fn, binding, trigger }: Of<TimerTrigger>, { settings, invoke }: Context): () => RunningTimer {
  const schedule = parseSchedule(settings.resolve(trigger.schedule));
  const { runOnStartup, useMonitor } = trigger;
  // A failed run is logged by the invoker; the timer goes on, as it does there.
  const fire = (data: TypedData): Promise<unknown> =>
    invoke(fn, { binding, data, metadata: {} }).catch(() => undefined);
  return () => startTimer({ schedule, runOnStartup, useMonitor, fire });
}

function preparePump(
  { fn, binding, trigger }: Of<QueueTrigger>,
  { settings, hostJson, invoke, log }: Context,
): () => Pump {
  const limits = hostJson.extensions.serviceBus;
  const queue = settings.resolve(trigger.queueName);
  const bus = openBus(settings.resolve(trigger.connection), settings, limits);
  const autoComplete = trigger.autoCompleteMessages ?? limits.autoCompleteMessages;
  const deliver = createDelivery({ fn, binding, binary: trigger.dataType === 'binary', autoComplete }, invoke, log);
  const options = { bus, queue, limits, deliver, outage: createOutage(queue, log) };
  return () => (trigger.isSessionsEnabled ? startSessionPump(options) : startQueuePump(options));
}
