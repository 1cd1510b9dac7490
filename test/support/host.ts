import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { type HostOptions, type RunningHost, startHost } from '../../local/host/host.ts';

const ROOT = resolve(import.meta.dirname, '../..');

export const hostApp = (name: string): string => resolve(ROOT, 'test/fixtures/host-app', name);

export interface Served {
  get(path: string): Promise<unknown>;
}

export interface LogLine {
  level: string;
  message: string;
  fields: Record<string, unknown>;
}

export interface TestHost extends RunningHost, Served {
  lines: LogLine[];
}

/** A host in this process, with its log kept. Its functions keep their state in modules, so one host per app and file. */
export async function testHost(app: string, options: Omit<HostOptions, 'entry' | 'log'> = {}): Promise<TestHost> {
  const lines: LogLine[] = [];
  const host = await startHost({
    ...options,
    entry: hostApp(app),
    log: (level, message, fields = {}) => lines.push({ level, message, fields }),
  });
  return { ...host, lines, get: async (path) => (await fetch(`${host.url}${path}`)).json() };
}

/** A host.json whose client tries again soon enough for a test. */
export function quickRetry(serviceBus: Record<string, unknown> = {}): unknown {
  const clientRetryOptions = { mode: 'Fixed', delay: '00:00:00.1', maxRetries: 1, tryTimeout: '00:00:05' };
  return { version: '2.0', extensions: { serviceBus: { clientRetryOptions, ...serviceBus } } };
}

/** What the functions of queues.ts tell about one delivery. */
export interface Seen {
  fn: string;
  body: unknown;
  metadata: Record<string, unknown>;
  started: number;
  ended: number;
}

/** The deliveries of messages whose body has this id, once there are this many. */
export function seenBy(host: Served, id: string, count: number, ms?: number): Promise<Seen[]> {
  return eventually(async () => {
    const seen = (await host.get('/api/seen')) as Seen[];
    const matching = seen.filter(({ body }) => (body as { id?: string } | null)?.id === id);
    return matching.length >= count ? matching : undefined;
  }, ms);
}

/** Asks until the answer is no longer undefined. */
export async function eventually<T>(ask: () => Promise<T | undefined> | T | undefined, ms = 5_000): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`Nothing came of ${ask.toString()} within ${ms} ms`);
    await sleep(20);
  }
}

export interface Process {
  /** SIGKILL, and wait. */
  kill(): Promise<unknown>;
  /** SIGTERM; the exit code. */
  stop(): Promise<number | null>;
}

export interface HostProcess extends Process, Served {
  functions: string[];
}

export interface BusProcess extends Process {
  port: number;
  connectionString: string;
}

export interface SpawnOptions {
  settings?: Record<string, string>;
  hostJson?: unknown;
  env?: Record<string, string>;
}

/** The host as its own process, configured by files, the way the local stack starts it. */
export async function spawnHost(app: string, options: SpawnOptions = {}): Promise<HostProcess> {
  const { settings = {}, hostJson = {}, env = {} } = options;
  const folder = await mkdtemp(join(tmpdir(), 'host-'));
  const files = { HOST_JSON: join(folder, 'host.json'), HOST_SETTINGS: join(folder, 'local.settings.json') };
  try {
    await writeFile(files.HOST_JSON, JSON.stringify(hostJson));
    await writeFile(files.HOST_SETTINGS, JSON.stringify({ IsEncrypted: false, Values: settings }));
    const { ready, ...process } = await start('local/host/main.ts', {
      ...env,
      ...files,
      HOST_ENTRY: hostApp(app),
      PORT: '0',
    });
    const { url, functions } = ready as { url: string; functions: string[] };
    return { ...process, functions, get: async (path) => (await fetch(`${url}${path}`)).json() };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The local Service Bus with its queues `alerts` and `runs`, as a process that can be killed. */
export async function spawnBus(port: number): Promise<BusProcess> {
  const { ready, ...process } = await start('local/service-bus/main.ts', { PORT: String(port) });
  return { ...process, ...(ready as { port: number; connectionString: string }) };
}

/** Runs a file until it prints its first line, which is JSON; rejects with its errors when it ends before that. */
async function start(file: string, env: Record<string, string>): Promise<Process & { ready: unknown }> {
  const child = spawn(process.execPath, [file], { cwd: ROOT, env: { ...process.env, ...env } });
  const errors: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  const line = once(createInterface(child.stdout), 'line').then(([text]) => String(text));
  const ended = once(child, 'close').then(([code]) => Promise.reject(new Error(`exit ${code}: ${errors.join('')}`)));
  const ready: unknown = JSON.parse(await Promise.race([line, ended]));
  ended.catch(() => undefined);
  return { ready, kill: () => end(child, 'SIGKILL'), stop: () => end(child, 'SIGTERM') };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }
  return child.exitCode;
}
