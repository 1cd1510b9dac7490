import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from '../../cli/http.ts';
import { sampleAlert } from '../../local/mail/sample-alert.ts';
import { signed } from '../../local/mail/sign.ts';
import { readAlert } from '../../local/stack/api.ts';
import { waitForRuns } from '../../local/stack/follow.ts';
import { mailDomain, type Stack, startStack } from '../../local/stack/stack.ts';
import { PEOPLE, SUBSCRIPTION_A } from '../../local/tenant/seed.ts';
import { alertEntryOf } from '../../shared/domain/alert-entry.ts';
import { tenantReader } from '../support/tenant-reader.ts';

let folder: string;
let stack: Stack;
let to: Connection;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quell-bad-'));
  stack = await startStack({ folder, port: 0, say: () => undefined });
  to = { url: stack.url, token: await stack.token('sam') };
});

afterAll(async () => {
  await stack?.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Post {
  readonly source?: string;
  readonly type?: string;
  readonly body: string;
  readonly authorization?: string;
}

async function post({
  source = 'generic',
  type = 'application/json',
  body,
  authorization = `Bearer ${to.token}`,
}: Post) {
  const headers = { 'content-type': type, authorization };
  const response = await fetch(`${stack.url}/api/alerts/${source}`, { method: 'POST', headers, body });
  const text = await response.text();
  expect(text).not.toMatch(/\bat .*\.ts:\d+/);
  return { status: response.status, body: Object(JSON.parse(text)) };
}

function event(id: string, data: object): string {
  const system = { type: 'azure', id: SUBSCRIPTION_A };
  const envelope = { specversion: '1.0', type: 'quell.alert.v1', source: 'urn:test', id, time: '2026-01-01T00:00:00Z' };
  return JSON.stringify({ ...envelope, data: { rule: 'inactive-users', system, nominations: [], ...data } });
}

/** How the alert was answered, once it is. */
async function answerTo(alert: string) {
  for (let tries = 0; tries < 100; tries += 1) {
    const [, second] = await readAlert(to, alert);
    const entry = second && alertEntryOf(second);
    if (entry?.type === 'alert-answered') return entry.data;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${alert} was not answered`);
}

describe('bad input', () => {
  test.each([
    ['malformed', { body: '{"a":' }, 400, 'not-json'],
    ['unknown source', { source: 'nowhere', body: '{}' }, 404, 'unknown-source'],
    ['oversized', { body: `"${'x'.repeat(1024 * 1024)}"` }, 413, 'too-large'],
    ['wrong content type', { type: 'text/csv', body: 'a,b' }, 415, 'wrong-content-type'],
    [
      'unknown rule',
      { source: 'permissions-management-finding', body: '{"@odata.type":"#microsoft.graph.newFinding"}' },
      400,
      'wrong-fields',
    ],
    ['no token', { body: '{}', authorization: '' }, 401, 'unauthenticated'],
    [
      'mail without the credential',
      { source: 'permissions-management-email', type: 'message/rfc822', body: 'x' },
      401,
      'webhook-credential',
    ],
  ])('%s is told to the sender', async (_name, request: Post, status, title) => {
    const answer = await post(request);
    expect({ status: answer.status, title: answer.body.title }).toEqual({ status, title });
    expect(answer.body.detail).toMatch(/\w+ .*\./);
  });

  test('a mail with an unknown rule is kept and told as accepted, since its sender would drop it', async () => {
    const about = {
      from: `alerts@${mailDomain}`,
      to: 'quell@contoso.example',
      date: new Date(),
      subscription: SUBSCRIPTION_A,
      identities: 1,
    };
    const mail = await signed(sampleAlert({ ...about, rule: 'Suspicious Unicorns' }), stack.signer);
    const authorization = `Basic ${btoa(`mail:${stack.mailSecret}`)}`;
    const answer = await post({
      source: 'permissions-management-email',
      type: 'message/rfc822',
      body: mail,
      authorization,
    });
    expect(answer).toMatchObject({ status: 202, body: { accepted: false, code: 'unknown-rule' } });
    const [entry] = await readAlert(to, answer.body.quarantined);
    expect(entry).toMatchObject({
      type: 'alert-refused',
      data: { code: 'unknown-rule', sender: `mail:${mailDomain}` },
    });
  });

  test('a forged mail is refused, and leaves nothing', async () => {
    const about = {
      from: `alerts@${mailDomain}`,
      to: 'quell@contoso.example',
      date: new Date(),
      subscription: SUBSCRIPTION_A,
      identities: 1,
    };
    const mail = sampleAlert(about);
    const authorization = `Basic ${btoa(`mail:${stack.mailSecret}`)}`;
    const answer = await post({
      source: 'permissions-management-email',
      type: 'message/rfc822',
      body: mail,
      authorization,
    });
    expect(answer).toMatchObject({ status: 403 });
  });

  test('an unknown subscription is a recorded refusal', async () => {
    const { body } = await post({
      body: event('subscription', { system: { type: 'azure', id: '99999999-9999-4999-8999-999999999999' } }),
    });
    expect(await answerTo(body.alert)).toMatchObject({
      playbook: null,
      runs: [],
      summary: expect.stringContaining('does not exist'),
    });
  });

  test('who does not exist, and who is not the only one of that name, are left out with the reason', async () => {
    const nominations = [
      { by: 'displayName', value: 'Alex Doe' },
      { by: 'displayName', value: 'Nobody At All' },
      { by: 'id', value: 'aaaa0000-0000-4000-8000-00000000ffff' },
      { by: 'id', value: 'not-an-id' },
    ];
    const { body } = await post({ body: event('identities', { nominations }) });
    const { runs, left } = await answerTo(body.alert);
    expect(runs).toEqual([]);
    expect(left.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('2 users have this name'),
      expect.stringContaining('nobody in the directory has this name'),
      expect.stringContaining('does not exist in the directory'),
      expect.stringContaining('is not an object id'),
    ]);
  });

  test('garbage on the queue disturbs nobody', async () => {
    await stack.send({ hello: 'world' });
    await stack.send({ alert: 'alert-nonsense' });
    const { body } = await post({ body: event('after', { nominations: [{ by: 'id', value: PEOPLE.neverSignedIn }] }) });
    expect((await answerTo(body.alert)).runs).toHaveLength(1);
    const rows = await waitForRuns(to, 1);
    expect(rows.map(({ state }) => state)).toEqual(['not-confirmed']);
  });

  test('none of it changed anything', async () => {
    expect(await (await tenantReader(stack)).mutations()).toEqual([]);
  });
});
