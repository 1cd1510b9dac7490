import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../local/stack/azurite.ts';
import { answering, endPeer, type Other, peerFolder, post, startPeer, together } from './peer-process.ts';
import { peerPath } from './peers.ts';
import { cpuMs, rssMb } from './processes.ts';

/** http in, switch, http request, http response; and the same with the response first. */
function flowOf(sinkUrl: string) {
  const wired = (answered: 'first' | 'last') => {
    const own = (id: string) => `${answered}-${id}`;
    const condition = { property: 'payload.days', propertyType: 'msg', rules: [{ t: 'gte', v: '90', vt: 'num' }] };
    const first = [...(answered === 'first' ? [own('out')] : []), own('if')];
    const last = answered === 'last' ? [[own('out')]] : [[]];
    const call = { method: 'POST', ret: 'obj', paytoqs: 'body', url: sinkUrl };
    return [
      { id: own('in'), type: 'http in', z: 't', url: `/${answered}`, method: 'post', wires: [first] },
      { id: own('if'), type: 'switch', z: 't', ...condition, outputs: 1, wires: [[own('call')]] },
      { id: own('call'), type: 'http request', z: 't', ...call, wires: last },
      { id: own('out'), type: 'http response', z: 't', wires: [] },
    ];
  };
  return [{ id: 't', type: 'tab', label: 'alerts' }, ...wired('first'), ...wired('last')];
}

/** Node-RED. Keeps nothing. */
export async function nodeRed(sinkUrl: string): Promise<Other> {
  const [folder, port] = [await peerFolder(), await freePort()];
  await writeFile(join(folder, 'flows.json'), JSON.stringify(flowOf(sinkUrl)));
  const settings = join(folder, 'settings.js');
  const given = { uiPort: port, uiHost: '127.0.0.1', flowFile: 'flows.json', httpAdminRoot: false };
  await writeFile(settings, `module.exports=${JSON.stringify({ ...given, logging: { console: { level: 'off' } } })};`);
  const begin = () => startPeer(peerPath('node-red/red.js'), ['-u', folder, '-s', settings], {}, folder);
  let child = begin();
  const to = (path: string) => (id: string) =>
    post(`http://127.0.0.1:${port}/${path}`, { id, type: 'inactive', days: 120 });
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
    name: 'Node-RED (keeps nothing)',
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
