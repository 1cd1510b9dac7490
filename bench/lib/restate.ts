import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { freePort } from '../../local/stack/azurite.ts';
import { answering, endPeer, type Other, peerFolder, post, startPeer, together } from './peer-process.ts';
import { peerPath } from './peers.ts';
import { cpuMs, rssMb } from './processes.ts';

const script = resolve(import.meta.dirname, '../peers/restate-service.mjs');

/** Restate: its server, and a service of ours with one durable step. The alert's id is the idempotency key. */
export async function restate(sinkUrl: string): Promise<Other> {
  const folder = await peerFolder();
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
  const beginServer = () => startPeer(peerPath('.bin/restate-server'), [], environment, folder);
  const beginService = () => startPeer(script, [], { PORT: String(service), SINK: sinkUrl }, folder);
  let [server, own] = [beginServer(), beginService()];
  const to = (path: string) => (id: string) => {
    const url = `http://127.0.0.1:${ingress}/alerts/handle${path}`;
    return post(url, { id, type: 'inactive', days: 120 }, { 'idempotency-key': id });
  };
  const send = to('');
  const register = { uri: `http://127.0.0.1:${service}`, force: true };
  const stop = async () => {
    await Promise.all([endPeer(own, 'SIGTERM'), endPeer(server, 'SIGTERM')]);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await answering(() => post(`http://127.0.0.1:${admin}/deployments`, register));
    await answering(() => send('warm'));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    name: 'Restate (durable)',
    send,
    take: to('/send'),
    cpuMs: () => together([server.pid, own.pid], cpuMs),
    rssMb: () => together([server.pid, own.pid], rssMb),
    killAndStart: async () => {
      await Promise.all([endPeer(server, 'SIGKILL'), endPeer(own, 'SIGKILL')]);
      [server, own] = [beginServer(), beginService()];
      await answering(() => send(`warm-${performance.now()}`));
    },
    stop,
  };
}
