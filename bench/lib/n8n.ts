import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../local/stack/azurite.ts';
import { runBounded } from './bounded.ts';
import { answering, endPeer, type Other, peerFolder, post, startPeer, together } from './peer-process.ts';
import { n8nPath } from './peers.ts';
import { cpuMs, rssMb } from './processes.ts';

const script = n8nPath('n8n/bin/n8n');

/** Webhook, if, HTTP request; answered when it is done, or at once. */
function workflowOf(path: 'last' | 'first', sinkUrl: string) {
  const node = (name: string, type: string, typeVersion: number, parameters: object, at: number) => ({
    id: `${path}-${name}`,
    name,
    type: `n8n-nodes-base.${type}`,
    typeVersion,
    position: [at, 0],
    parameters,
  });
  const condition = {
    id: 'c',
    leftValue: '={{ $json.body.days }}',
    rightValue: 90,
    operator: { type: 'number', operation: 'gte' },
  };
  const options = { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 2 };
  const responseMode = path === 'last' ? 'lastNode' : 'onReceived';
  const to = (name: string) => ({ main: [[{ node: name, type: 'main', index: 0 }]] });
  return {
    id: `bench-${path}`,
    name: path,
    active: false,
    nodes: [
      { ...node('in', 'webhook', 2, { httpMethod: 'POST', path, responseMode, options: {} }, 0), webhookId: path },
      node('if', 'if', 2.2, { conditions: { options, conditions: [condition], combinator: 'and' }, options: {} }, 200),
      node(
        'call',
        'httpRequest',
        4.2,
        {
          method: 'POST',
          url: sinkUrl,
          sendBody: true,
          specifyBody: 'json',
          jsonBody: '={{ JSON.stringify($json.body) }}',
          options: {},
        },
        400,
      ),
    ],
    connections: { in: to('if'), if: to('call') },
    settings: { executionOrder: 'v1' },
  };
}

/** n8n with its own SQLite, which keeps every execution, as it comes. */
export async function n8n(sinkUrl: string): Promise<Other> {
  const [folder, port, broker] = [await peerFolder(), await freePort(), await freePort()];
  const environment = {
    N8N_USER_FOLDER: folder,
    N8N_PORT: String(port),
    N8N_LISTEN_ADDRESS: '127.0.0.1',
    N8N_RUNNERS_BROKER_PORT: String(broker),
    N8N_DIAGNOSTICS_ENABLED: 'false',
    N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
    N8N_TEMPLATES_ENABLED: 'false',
    N8N_PERSONALIZATION_ENABLED: 'false',
    N8N_DISABLE_UI: 'true',
    N8N_LOG_LEVEL: 'error',
    N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'true',
  };
  const told = async (...args: readonly string[]) => {
    const command = { command: process.execPath, args: [script, ...args], cwd: folder, environment };
    const failed = await runBounded({ ...command, seconds: 90, silent: true });
    if (failed !== null) throw new Error(`n8n ${args[0]}: ${failed}`);
  };
  for (const path of ['last', 'first'] as const) {
    const file = join(folder, `${path}.json`);
    await writeFile(file, JSON.stringify(workflowOf(path, sinkUrl)));
    await told('import:workflow', `--input=${file}`);
    await told('publish:workflow', `--id=bench-${path}`);
  }
  const begin = () => startPeer(script, ['start'], environment, folder);
  let child = begin();
  const to = (path: string) => (id: string) =>
    post(`http://127.0.0.1:${port}/webhook/${path}`, { id, type: 'inactive', days: 120 });
  const send = to('last');
  const stop = async () => {
    await endPeer(child, 'SIGTERM');
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await answering(() => send('warm'));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    name: 'n8n (keeps executions)',
    send,
    take: to('first'),
    cpuMs: () => together([child.pid], cpuMs),
    rssMb: () => together([child.pid], rssMb),
    killAndStart: async () => {
      await endPeer(child, 'SIGKILL');
      child = begin();
      await answering(() => send('warm'));
    },
    stop,
  };
}
