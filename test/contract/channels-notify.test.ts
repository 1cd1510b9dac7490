import type { TokenCredential } from '@azure/identity';
import { describe, expect, test } from 'vitest';
import { mailChannel } from '../../shared/channels/mail.ts';
import { workflowChannel } from '../../shared/channels/workflow.ts';
import { problemsOf } from '../support/adaptive-cards.ts';
import { farSide, faultOf } from '../support/systems.ts';
import { another, runIn } from '../support/teams-runs.ts';

const page = (run: string) => `https://quell.example/approvals/${run}`;
const scopes: unknown[] = [];
const credential: TokenCredential = {
  getToken: async (scope) => {
    scopes.push(scope);
    return { token: 'mail-token', expiresOnTimestamp: Date.now() + 3600_000 };
  },
};
const answering = (status: number, headers: Record<string, string> = {}) =>
  farSide((_request, response) => void response.writeHead(status, headers).end());
const runs = Array.from({ length: 50 }, (_, index) => another('pending', `run-${index}`, `Worker ${index}`));

describe('a Workflows webhook', () => {
  test('gets a valid card with a link, and nothing to decide with', async () => {
    await using far = await answering(202);
    const channel = workflowChannel(`${far.url}/hook?sig=secret`, page);
    await channel.post(channel.contentOf(runIn('pending')));
    const body = JSON.parse(far.seen[0]?.body ?? '');
    const { contentType, content } = body.attachments[0];
    expect(contentType).toBe('application/vnd.microsoft.card.adaptive');
    expect(problemsOf(content)).toEqual([]);
    expect(content.actions).toEqual([{ type: 'Action.OpenUrl', title: 'Open', url: page('run-1') }]);
    expect(JSON.stringify(body)).not.toMatch(/Execute|pick|choice-|secret/);
    expect(problemsOf(JSON.parse(JSON.stringify(channel.digestOf(runs))).attachments[0].content)).toEqual([]);
  });

  test('is left alone as long as it wants, and its address stays out of the fault', async () => {
    await using far = await answering(429, { 'retry-after': '30' });
    const channel = workflowChannel(`${far.url}/hook?sig=secret`, page);
    const fault = await faultOf(channel.post(channel.contentOf(runIn('pending'))));
    expect(fault).toMatchObject({ disposition: 'retry', retryAfterMs: 30_000 });
    expect(JSON.stringify({ ...fault, message: fault.message })).not.toContain('secret');
  });
});

describe('mail', () => {
  const channelAt = (endpoint: string) =>
    mailChannel({
      endpoint,
      sender: 'quell@contoso.example',
      recipients: ['secops@contoso.example'],
      pageOf: page,
      credential,
    });

  test('is plain text with a link, sent by the identity', async () => {
    await using far = await answering(202);
    const channel = channelAt(far.url);
    await channel.post(channel.contentOf(runIn('pending')));
    const [request] = far.seen;
    expect(request).toMatchObject({ method: 'POST', url: '/emails:send?api-version=2023-03-31' });
    expect(request?.headers.authorization).toBe('Bearer mail-token');
    expect(scopes).toEqual(['https://communication.azure.com/.default']);
    const mail = JSON.parse(request?.body ?? '');
    expect(mail).toMatchObject({
      senderAddress: 'quell@contoso.example',
      recipients: { to: [{ address: 'secops@contoso.example' }] },
    });
    expect(mail.content.plainText).toContain(page('run-1'));
    expect(mail.content.html).toBeUndefined();
    expect(JSON.stringify(mail)).not.toMatch(/choice-|digest/);
  });

  test('of a storm is one, and a subject has no second line', async () => {
    const channel = channelAt('https://mail.example');
    const storm = JSON.parse(JSON.stringify(channel.digestOf(runs)));
    expect(storm.content.subject).toBe('50 approvals needed');
    expect(storm.content.plainText).toContain('and 10 more');
    const evil = another('pending', 'run-1', 'x\r\nBcc: evil@example.com');
    expect(JSON.parse(JSON.stringify(channel.contentOf(evil))).content.subject).not.toMatch(/[\r\n]/);
  });
});
