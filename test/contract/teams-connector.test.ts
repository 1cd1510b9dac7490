import type { TokenCredential } from '@azure/identity';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../local/stack/azurite.ts';
import { clouds } from '../../shared/channels/teams/clouds.ts';
import { connectorOf } from '../../shared/channels/teams/connector/connector.ts';
import { farSide, faultOf } from '../support/systems.ts';
import { appId, channel, tenantId } from '../support/teams.ts';

const asked: string[] = [];
const credential: TokenCredential = {
  getToken: async (scope) => {
    asked.push(String(scope));
    return { token: 'bot-token', expiresOnTimestamp: Date.now() + 3600_000 };
  },
};
const bot = { cloud: clouds.public, appId, tenantId, local: true, credential };
const connector = connectorOf(bot);
const card = { type: 'message', attachments: [] };
const thread = `${channel};messageid=17`;
const posted = (serviceUrl: string) => ({ serviceUrl, conversation: thread, activity: '17' });

const answering = (...answers: [number, object?, Record<string, string>?][]) =>
  farSide((_request, response) => {
    const [status, body = {}, headers = {}] = answers.length > 1 ? (answers.shift() ?? [500]) : (answers[0] ?? [500]);
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  });

describe('the Bot Connector', () => {
  it('begins a thread in the channel, as the bot, in the tenant', async () => {
    await using far = await answering([201, { id: thread, activityId: '17' }]);
    expect(await connector.post({ serviceUrl: `${far.url}/`, channel }, card)).toEqual(posted(`${far.url}/`));
    const [request] = far.seen;
    expect(request).toMatchObject({ method: 'POST', url: '/v3/conversations' });
    expect(request?.headers.authorization).toBe('Bearer bot-token');
    expect(asked.at(-1)).toBe('https://api.botframework.com/.default');
    expect(JSON.parse(request?.body ?? '')).toEqual({
      isGroup: true,
      bot: { id: `28:${appId}` },
      tenantId,
      channelData: { channel: { id: channel }, tenant: { id: tenantId } },
      activity: card,
    });
  });

  it('replaces by the channel, and by the thread where that finds nothing', async () => {
    await using far = await answering([404], [200]);
    await connector.replace(posted(far.url), card);
    expect(far.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `PUT /v3/conversations/${encodeURIComponent(channel)}/activities/17`,
      `PUT /v3/conversations/${encodeURIComponent(thread)}/activities/17`,
    ]);
    expect(JSON.parse(far.seen[0]?.body ?? '')).toEqual({ ...card, id: '17' });
  });

  it.each([
    [404, 'reject', 'card-gone'],
    [403, 'reject', 'card-gone'],
    [412, 'retry', 'busy'],
    [429, 'retry', 'busy'],
    [502, 'retry', 'busy'],
    [504, 'retry', 'busy'],
    [413, 'reject', 'card-too-large'],
    [500, 'uncertain', 'far-side-failed'],
  ])('a %i means %s (%s)', async (status, disposition, code) => {
    const error = { code: status === 403 ? 'MessageWritesBlocked' : 'Some', message: 'no' };
    await using far = await answering([status, { error }]);
    expect(await faultOf(connector.replace(posted(far.url), card))).toMatchObject({ disposition, code });
    // Never again within the call: when to come again is for whoever asked.
    expect(far.seen.length).toBe(status === 404 || status === 403 ? 2 : 1);
  });

  it('may be forbidden to post', async () => {
    await using far = await answering([403, { error: { code: 'MessageWritesBlocked', message: 'no' } }]);
    const fault = await faultOf(connector.post({ serviceUrl: far.url, channel }, card));
    expect(fault).toMatchObject({ disposition: 'refuse', code: 'MessageWritesBlocked' });
  });

  it('says how long Teams wants to be left alone', async () => {
    await using far = await answering([429, {}, { 'retry-after': '7' }]);
    const fault = await faultOf(connector.post({ serviceUrl: far.url, channel }, card));
    expect(fault).toMatchObject({ disposition: 'retry', retryAfterMs: 7000 });
  });

  it('does not know whether a card stands where no answer came, or one without its place', async () => {
    await using silent = await farSide((request) => request.socket.destroy());
    const place = { serviceUrl: silent.url, channel };
    expect(await faultOf(connector.post(place, card))).toMatchObject({ disposition: 'uncertain' });
    await using vague = await answering([201, {}]);
    const fault = await faultOf(connector.post({ serviceUrl: vague.url, channel }, card));
    expect(fault).toMatchObject({ disposition: 'uncertain', code: 'no-activity-id' });
  });

  it('knows that nothing was posted where nobody listens', async () => {
    const place = { serviceUrl: `http://127.0.0.1:${await freePort()}`, channel };
    expect(await faultOf(connector.post(place, card))).toMatchObject({ disposition: 'retry' });
  });

  it('takes a card away, and is quiet where it is gone', async () => {
    await using far = await answering([404]);
    await connector.remove(posted(far.url));
    expect(far.seen.map(({ method }) => method)).toEqual(['DELETE']);
  });

  it.each([
    'https://smba.trafficmanager.net.evil.example/',
    'https://evil.example/smba.trafficmanager.net/',
    'https://smba.trafficmanager.net@evil.example/',
    'https://smba.trafficmanager.net:8443/',
    'http://smba.trafficmanager.net/',
    'http://127.0.0.1:1/',
    'javascript:alert(1)',
  ])('sends its token to Teams only, not to %s', async (serviceUrl) => {
    const strict = connectorOf({ ...bot, local: false });
    const tokens = asked.length;
    expect(await faultOf(strict.post({ serviceUrl, channel }, card))).toMatchObject({ code: 'not-teams' });
    expect(asked.length).toBe(tokens);
  });
});
