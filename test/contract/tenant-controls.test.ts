import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ASSIGNMENTS, PEOPLE, SCOPES } from '../../local/tenant/seed.ts';
import { type TestTenant, testTenant } from '../support/tenant.ts';

let tenant: TestTenant;
let clock = Date.now();
beforeAll(async () => {
  tenant = await testTenant({ now: () => clock });
});
beforeEach(async () => {
  await tenant.local('/local/reset', { method: 'POST' });
});
afterAll(() => tenant.close());

const ada = `/users/${PEOPLE.adaQuiet}`;
const post = (path: string, body: unknown) => tenant.local(path, { method: 'POST', body });
const enabled = async () => Object((await tenant.graph(`${ada}?$select=accountEnabled`)).body).accountEnabled;
const disable = () => tenant.graph(ada, { method: 'PATCH', body: { accountEnabled: false } });
const subscriptions = '/subscriptions?api-version=2022-12-01';

describe('faults', () => {
  it('answer in place of Graph as often as asked, with the time to wait', async () => {
    await post('/local/faults', { match: { path: '/users/' }, times: 2, status: 429, retryAfter: 7 });
    for (const _turn of [1, 2]) {
      const { status, headers, body } = await tenant.graph(ada);
      expect([status, headers.get('retry-after')]).toEqual([429, '7']);
      expect(body).toMatchObject({ error: { code: 'TooManyRequests' } });
    }
    expect((await tenant.graph(ada)).status).toBe(200);
  });

  it('choose by method, and leave the others alone', async () => {
    await post('/local/faults', { match: { method: 'patch' }, status: 503 });
    expect((await tenant.graph(ada)).status).toBe(200);
    expect((await tenant.arm(subscriptions)).status).toBe(200);
    expect((await disable()).status).toBe(503);
    expect(await enabled()).toBe(true);
  });

  it('may come after the change took effect', async () => {
    await post('/local/faults', { match: { method: 'PATCH' }, status: 504, after: true });
    expect((await disable()).status).toBe(504);
    expect(await enabled()).toBe(false);
  });

  it('may cut the connection', async () => {
    await post('/local/faults', { match: { path: '^/subscriptions' }, drop: true });
    await expect(tenant.arm(subscriptions)).rejects.toThrow('fetch failed');
    expect((await tenant.arm(subscriptions)).status).toBe(200);
  });

  it.each([{ match: { path: '(' } }, { times: 0 }, { status: 200 }, { unknown: 1 }, 'nonsense'])(
    'refuse %j',
    async (fault) => {
      expect((await post('/local/faults', fault)).status).toBe(400);
    },
  );
});

describe('lag', () => {
  it('shows readers what was there before, for as long as it says', async () => {
    await post('/local/lag', { readAfterWriteMs: 5000 });
    await disable();
    expect(await enabled()).toBe(true);
    clock += 4999;
    expect(await enabled()).toBe(true);
    clock += 1;
    expect(await enabled()).toBe(false);
  });

  it('holds for Resource Manager, and not for the checks of a write', async () => {
    await post('/local/lag', { readAfterWriteMs: 5000 });
    const { payments } = SCOPES;
    const path = `${payments}/providers/Microsoft.Authorization/roleAssignments/${ASSIGNMENTS.adaPayments}?api-version=2022-04-01`;
    expect((await tenant.arm(path, { method: 'DELETE' })).status).toBe(200);
    expect((await tenant.arm(path)).status).toBe(200);
    expect((await tenant.arm(path, { method: 'DELETE' })).status).toBe(204);
    clock += 5000;
    expect((await tenant.arm(path)).status).toBe(404);
  });

  it('is a number of milliseconds', async () => {
    expect((await post('/local/lag', { readAfterWriteMs: -1 })).status).toBe(400);
  });
});

describe('the log of mutations', () => {
  it('has every write that took effect, in order, and nothing else', async () => {
    await tenant.graph(ada);
    await disable();
    await tenant.graph('/users/nobody', { method: 'DELETE' });
    await tenant.graph(`${ada}/checkMemberGroups`, { method: 'POST', body: { groupIds: ['x'] } });
    await tenant.graph('/$batch', { method: 'POST', body: { requests: [{ id: '1', method: 'DELETE', url: ada }] } });
    const { body } = await tenant.local('/local/mutations');
    const time = new Date(clock).toISOString();
    expect(body).toEqual({
      mutations: [
        { seq: 1, time, method: 'PATCH', path: `/v1.0${ada}`, status: 204 },
        { seq: 2, time, method: 'DELETE', path: `/v1.0${ada}`, status: 204 },
      ],
    });
  });
});

describe('reset', () => {
  it('brings back the seed and forgets everything else', async () => {
    await disable();
    await post('/local/lag', { readAfterWriteMs: 60_000 });
    await post('/local/faults', { times: 9 });
    await post('/local/inbox', { hello: 'there' });
    expect((await tenant.local('/local/reset', { method: 'POST' })).status).toBe(204);
    expect(await enabled()).toBe(true);
    await disable();
    expect(await enabled()).toBe(false);
    expect((await tenant.local('/local/inbox')).body).toEqual({ messages: [] });
  });
});

describe('the inbox', () => {
  it('keeps a repeated message once and counts it', async () => {
    const send = (key: string) =>
      tenant.local('/local/inbox', { method: 'POST', body: { text: key }, headers: { 'Idempotency-Key': key } });
    expect([(await send('a')).status, (await send('a')).status, (await send('b')).status]).toEqual([200, 200, 200]);
    await tenant.local('/local/inbox', { method: 'POST', body: 'plain words' });
    const { body } = await tenant.local('/local/inbox');
    expect(body).toMatchObject({
      messages: [
        { body: { text: 'a' }, count: 2, headers: { 'idempotency-key': 'a' } },
        { body: { text: 'b' }, count: 1 },
        { body: 'plain words', count: 1 },
      ],
    });
  });
});

it('knows its own paths and methods only', async () => {
  expect((await tenant.local('/local/wishes')).status).toBe(404);
  expect((await tenant.local('/local/faults')).status).toBe(405);
  expect((await tenant.local('/healthz')).body).toEqual({ status: 'ok' });
});

describe('the process', () => {
  it('says where it is, and ends with 0 when asked to', async () => {
    const main = resolve(import.meta.dirname, '../../local/tenant/main.ts');
    const env = { ...process.env, PORT: '0', IDENTITY_HEADER: 'secret' };
    const child: ChildProcess = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    if (!child.stdout) throw new Error('no output');
    const [line] = await once(createInterface(child.stdout), 'line');
    const ready = JSON.parse(line);
    expect(ready).toEqual({ ready: 'tenant', port: expect.any(Number), url: `http://127.0.0.1:${ready.port}` });
    expect((await fetch(`${ready.url}/healthz`)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
