import { once } from 'node:events';
import { createServer } from 'node:http';
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { type BotCloud, clouds } from '../../shared/channels/teams/clouds.ts';

export const appId = '4b0a1c52-9f3e-4c77-8a51-0d2f6e7b8c90';
export const tenantId = '7e0a4b1c-3f52-4d86-9c1e-5a6b7c8d9e0f';
export const person = 'c1d2e3f4-a5b6-4c7d-8e9f-0a1b2c3d4e5f';
export const serviceUrl = 'https://smba.trafficmanager.net/emea/';
export const channel = '19:approvals@thread.tacv2';

/** Stands in for whoever publishes the Bot Connector's keys, and signs as it does. */
export async function botKeys(now: () => number = Date.now) {
  const pair = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'k1', use: 'sig', endorsements: ['msteams'] };
  const keys: object[] = [jwk];
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const cloud: BotCloud = { ...clouds.public, keysUrl: `http://127.0.0.1:${port}/keys` };
  const seconds = () => Math.floor(now() / 1000);
  const claims = (): JWTPayload => ({
    iss: cloud.issuer,
    aud: appId,
    serviceurl: serviceUrl,
    nbf: seconds(),
    exp: seconds() + 3600,
  });
  return {
    ...pair,
    jwk,
    keys,
    cloud,
    claims,
    asked: () => asked,
    sign: (change: JWTPayload = {}, header: object = {}, key: CryptoKey = pair.privateKey) =>
      new SignJWT({ ...claims(), ...change }).setProtectedHeader({ alg: 'RS256', kid: 'k1', ...header }).sign(key),
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
export type BotKeys = Awaited<ReturnType<typeof botKeys>>;

/** An activity as Teams sends it for a click on a card. */
export function activity(change: object = {}) {
  return {
    type: 'invoke',
    name: 'adaptiveCard/action',
    id: 'f:1a2b3c4d',
    channelId: 'msteams',
    serviceUrl,
    from: { id: '29:1abc', name: 'Alex Wilber', aadObjectId: person },
    recipient: { id: `28:${appId}`, name: 'Quell' },
    conversation: { id: `${channel};messageid=1700000000000`, tenantId, conversationType: 'channel', isGroup: true },
    channelData: { tenant: { id: tenantId }, channel: { id: channel }, team: { id: channel } },
    replyToId: '1700000000000',
    value: { action: { type: 'Action.Execute', verb: 'quell.decide', data: {} }, trigger: 'manual' },
    ...change,
  };
}
