import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../local/stack/azurite.ts';
import { peerPath } from './peers.ts';
import { below, cpuMs, rssMb } from './processes.ts';

/** Another engine, running the flow: webhook, condition, call, answer. */
export interface Other {
  readonly name: string;
  /** Sends one alert; done when it is answered. */
  send(id: string): Promise<void>;
  cpuMs(): number;
  rssMb(): number;
  /** SIGKILL, and the same again. */
  killAndStart(): Promise<void>;
  stop(): Promise<void>;
}

const folderOf = () => mkdtemp(join(tmpdir(), 'quell-peer-'));

function start(command: string, args: readonly string[], env: Record<string, string>, cwd: string): ChildProcess {
  return spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: 'ignore' });
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}

async function post(url: string, body: object, headers: Record<string, string> = {}): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
}

/** Waits until something answers there. */
async function answering(work: () => Promise<unknown>): Promise<void> {
  for (let turn = 0; turn < 300; turn += 1) {
    if (
      await work().then(
        () => true,
        () => false,
      )
    )
      return;
    await sleep(100);
  }
  throw new Error('it never answered');
}

/** Node-RED: http in, switch, http request, http response. Keeps nothing. */
export async function nodeRed(sinkUrl: string): Promise<Other> {
  const [folder, port] = [await folderOf(), await freePort()];
  const flow = [
    { id: 't', type: 'tab', label: 'alerts' },
    { id: 'in', type: 'http in', z: 't', url: '/alert', method: 'post', wires: [['if']] },
    {
      id: 'if',
      type: 'switch',
      z: 't',
      property: 'payload.days',
      propertyType: 'msg',
      rules: [{ t: 'gte', v: '90', vt: 'num' }],
      outputs: 1,
      wires: [['call']],
    },
    {
      id: 'call',
      type: 'http request',
      z: 't',
      method: 'POST',
      ret: 'obj',
      paytoqs: 'body',
      url: sinkUrl,
      wires: [['out']],
    },
    { id: 'out', type: 'http response', z: 't', wires: [] },
  ];
  await writeFile(join(folder, 'flows.json'), JSON.stringify(flow));
  await writeFile(
    join(folder, 'settings.js'),
    `module.exports={uiPort:${port},uiHost:'127.0.0.1',flowFile:'flows.json',httpAdminRoot:false,logging:{console:{level:'off'}}};`,
  );
  const begin = () =>
    start(process.execPath, [peerPath('node-red/red.js'), '-u', folder, '-s', join(folder, 'settings.js')], {}, folder);
  let child = begin();
  const url = `http://127.0.0.1:${port}/alert`;
  const send = (id: string) => post(url, { id, type: 'inactive', days: 120 });
  await answering(() => send('warm'));
  return {
    name: 'Node-RED (keeps nothing)',
    send,
    cpuMs: () => cpuMs(child.pid ?? 0),
    rssMb: () => rssMb(child.pid ?? 0),
    killAndStart: async () => {
      await end(child, 'SIGKILL');
      child = begin();
      await answering(() => send('warm'));
    },
    stop: async () => {
      await end(child, 'SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Restate: its server, and a service of ours with one durable step. The alert's id is the idempotency key. */
export async function restate(sinkUrl: string): Promise<Other> {
  const folder = await folderOf();
  const [ingress, admin, node, service] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const environment = {
    RESTATE_INGRESS__BIND_ADDRESS: `127.0.0.1:${ingress}`,
    RESTATE_ADMIN__BIND_ADDRESS: `127.0.0.1:${admin}`,
    RESTATE_BIND_ADDRESS: `127.0.0.1:${node}`,
    RESTATE_ADVERTISED_ADDRESS: `http://127.0.0.1:${node}`,
    RESTATE_BASE_DIR: folder,
    RESTATE_LOG_FILTER: 'error',
    RESTATE_DISABLE_TELEMETRY: 'true',
  };
  const script = resolve(import.meta.dirname, '../peers/restate-service.mjs');
  const beginServer = () => start(process.execPath, [peerPath('.bin/restate-server')], environment, folder);
  const beginService = () => start(process.execPath, [script], { PORT: String(service), SINK: sinkUrl }, folder);
  let [server, own] = [beginServer(), beginService()];
  const url = `http://127.0.0.1:${ingress}/alerts/handle`;
  const send = (id: string) => post(url, { id, type: 'inactive', days: 120 }, { 'idempotency-key': id });
  await answering(() =>
    post(`http://127.0.0.1:${admin}/deployments`, { uri: `http://127.0.0.1:${service}`, force: true }),
  );
  await answering(() => send('warm'));
  const all = () => [server.pid ?? 0, own.pid ?? 0];
  const total = (of: (pid: number) => number) =>
    all()
      .map(withBelow(of))
      .reduce((sum, one) => sum + one, 0);
  return {
    name: 'Restate (durable)',
    send,
    cpuMs: () => total(cpuMs),
    rssMb: () => total(rssMb),
    killAndStart: async () => {
      await Promise.all([end(server, 'SIGKILL'), end(own, 'SIGKILL')]);
      [server, own] = [beginServer(), beginService()];
      await answering(() => send(`warm-${performance.now()}`));
    },
    stop: async () => {
      await Promise.all([end(own, 'SIGTERM'), end(server, 'SIGTERM')]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The server's binary runs below a script of its package. */
function withBelow(of: (pid: number) => number): (pid: number) => number {
  return (pid) => [pid, ...childrenOf(pid)].map(of).reduce((sum, one) => sum + one, 0);
}

function childrenOf(pid: number): readonly number[] {
  return below(pid).map((one) => one.pid);
}
