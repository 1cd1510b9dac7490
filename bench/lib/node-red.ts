import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../local/stack/azurite.ts';
import { oneProcess } from './one-process.ts';
import { type Other, peerFolder, startPeer } from './peer-process.ts';
import { peerPath } from './peers.ts';

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
  const { ask: _none, ...other } = await oneProcess({
    name: 'Node-RED (keeps nothing)',
    begin: () => startPeer(peerPath('node-red/red.js'), ['-u', folder, '-s', settings], {}, folder),
    folder,
    urlOf: (flow) => `http://127.0.0.1:${port}/${flow}`,
  });
  return other;
}
