import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { startHost } from './host.ts';
import { type HostLog, messageOf } from './log.ts';

// HOST_ENTRY  the functions to run (default functions/main.ts)     PORT           0 = any free port
// HOST_JSON   host.json (default: in the working directory)        HOST_SETTINGS  a local.settings.json
// stdout carries one line, when everything runs; the log goes to stderr, one JSON object a line.

const LOGGED = ['information', 'warning', 'error', 'critical'];

const log: HostLog = (level, message, fields) => {
  if (!LOGGED.includes(level)) return;
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`);
};

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}

/** What the environment already has wins, as under Core Tools. */
async function readSettings(path: string | undefined): Promise<Record<string, string>> {
  if (!path) return {};
  const content = await readJson(path);
  const values = typeof content === 'object' && content && 'Values' in content ? content.Values : undefined;
  const entries = Object.entries(typeof values === 'object' && values ? values : {});
  const unset = entries.filter(([name]) => process.env[name] === undefined);
  return Object.fromEntries(unset.map(([name, value]) => [name, String(value)]));
}

async function main(): Promise<void> {
  const { HOST_ENTRY = 'functions/main.ts', HOST_JSON = 'host.json', HOST_SETTINGS, PORT = '0' } = process.env;
  const host = await startHost({
    entry: resolve(HOST_ENTRY),
    hostJson: await readJson(HOST_JSON),
    settings: await readSettings(HOST_SETTINGS),
    port: Number(PORT),
    log,
  });
  const stop = (): void => {
    host.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);
  const { url, port, functions } = host;
  process.stdout.write(`${JSON.stringify({ ready: 'host', port, url, functions })}\n`);
}

function fail(error: unknown): never {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
}

main().catch(fail);
