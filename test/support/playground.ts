import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { freePort } from '../../local/stack/azurite.ts';
import { ENGINE, TENANT } from '../../local/tenant/seed.ts';
import { botKeys } from './teams.ts';

/** Somebody at a Teams client. */
export interface Seat {
  readonly name: string;
  readonly objectId: string;
}

export const channelId = '19:approvals@thread.tacv2';
export const botId = `28:${ENGINE.appId}`;

/**
 * Stands between a Teams client and the functions as the Bot Connector does: signs what the client sends, so that the functions
 * believe nothing that is not signed. `towards` says where the functions are, once they are.
 */
export async function startSigningProxy() {
  const bot = await botKeys();
  let target = '';
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const body = Buffer.concat(chunks).toString();
    if (request.method !== 'POST' || body === '') return void response.writeHead(200).end();
    const { serviceUrl } = z.object({ serviceUrl: z.string() }).parse(JSON.parse(body));
    const authorization = `Bearer ${await bot.sign({ aud: ENGINE.appId, serviceurl: serviceUrl })}`;
    const headers = { authorization, 'content-type': 'application/json' };
    const answer = await fetch(`${target}/api/teams/messages`, { method: 'POST', headers, body });
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/`,
    keysUrl: bot.cloud.keysUrl,
    towards: (url: string) => {
      target = url;
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await bot.close();
    },
  };
}

/** Microsoft 365 Agents Playground with somebody at it: a Teams-like client that runs without a network. */
export async function startPlayground(folder: string, seat: Seat, endpoint: string) {
  await mkdir(folder, { recursive: true });
  const [config, log] = [join(folder, 'playground.json'), join(folder, 'playground.log')];
  await writeFile(config, JSON.stringify(configOf(seat)));
  const port = await freePort();
  const cli = 'node_modules/@microsoft/m365agentsplayground/cli.js';
  const args = ['start', '-e', endpoint, '-c', 'msteams', '-p', String(port), '--disable-telemetry'];
  const child = spawn(process.execPath, [cli, ...args], {
    stdio: 'ignore',
    env: {
      ...process.env,
      TEAMSAPPTESTER_BROWSER: 'none',
      APPLICATION_INSIGHTS_NO_STATSBEAT: '1',
      M365_AGENTS_PLAYGROUND_CONFIG_PATH: config,
      M365_AGENTS_PLAYGROUND_LOGFILE: log,
    },
  });
  await answers(child, port, log);
  return { url: `http://127.0.0.1:${port}`, stop: () => stopped(child) };
}

async function answers(child: ChildProcess, port: number, log: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (child.exitCode !== null)
      throw new Error(await readFile(log, 'utf8').catch(() => 'the playground did not start'));
    const response = await fetch(`http://127.0.0.1:${port}/`).catch(() => null);
    if (response?.ok) return response.body?.cancel();
    await sleep(100);
  }
  throw new Error('the playground does not answer');
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** The ids it comes with are no GUIDs. It wants five people at least. */
function configOf(seat: Seat) {
  const person = (id: string, name: string, aadObjectId: string) => ({
    ...{ id, name, aadObjectId, userPrincipleName: `${id}@contoso.example`, email: `${id}@contoso.example` },
    ...{ givenName: name, surname: name },
  });
  const others = [1, 2, 3, 4, 5].map((n) =>
    person(`user-${n}`, `Other ${n}`, `99990000-0000-4000-8000-00000000000${n}`),
  );
  return {
    version: '0.1.1',
    tenantId: TENANT.id,
    bot: { id: botId, name: 'Quell' },
    currentUser: person('user-0', seat.name, seat.objectId),
    users: others,
    personalChat: { id: 'personal-chat' },
    groupChat: { id: 'group-chat', name: 'Group Chat' },
    team: {
      id: '19:secops@thread.tacv2',
      name: 'SecOps',
      aadGroupId: '99990000-0000-4000-8000-0000000000aa',
      channels: [{ id: channelId, name: 'Approvals' }],
    },
  };
}
