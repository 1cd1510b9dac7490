import { randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, type TestHost, testHost } from '../support/host.ts';

let host: TestHost;

beforeAll(async () => {
  host = await testHost('http.ts', {
    settings: {
      EVERY_SECOND: '0 0 0 1 1 *',
      HOST_FUNCTION_KEY: 'function-key',
      'AzureWebJobs.disabled.Disabled': 'true',
    },
  });
});

afterAll(() => host.close());

const at = (path: string): string => `${host.url}/api/${path}`;
const show = (path: string): Promise<unknown> => host.get(`/api/${path}`);

/** What fetch will not send. */
function statusOf(headers: Record<string, string>, method = 'GET'): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(at('echo'), { method, headers }, (answer) => {
      resolve(answer.resume().statusCode);
      request.destroy();
    });
    request.once('error', reject).flushHeaders();
    if (method === 'GET') request.end();
  });
}

describe('requests', () => {
  test('bytes, headers and cookies make the round trip unchanged', async () => {
    const body = randomBytes(200_000);
    const answer = await fetch(at('echo'), { method: 'POST', body, headers: { 'x-name': 'n' } });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-name')).toBe('n');
    expect(answer.headers.getSetCookie()).toEqual(['c=a%20b; max-age=60; path=/api; samesite=strict; httponly']);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(body);
  });

  test('an empty body is a body', async () => {
    const answer = await fetch(at('echo'), { method: 'PUT' });
    expect([answer.status, await answer.text()]).toEqual([201, '']);
  });

  test('repeated query values are joined, as the real host does', async () => {
    expect(await show('items/1?a=1&a=2&b=x%26y&c')).toMatchObject({ query: { a: '1,2', b: 'x&y', c: '' } });
  });

  test('a request without a usable host is refused', async () => {
    expect(await statusOf({ host: 'a b' })).toBe(400);
  });

  test('a body over the limit is refused before it is read', async () => {
    expect(await statusOf({ 'content-length': '104857601' }, 'POST')).toBe(413);
  });
});

describe('routes', () => {
  test.each([
    ['items/latest', { name: 'item-literal', params: {} }],
    ['ITEMS/Latest/', { name: 'item-literal', params: {} }],
    ['items/7', { name: 'item-parameter', params: { id: '7' } }],
    ['items/a%20b%2Fc', { name: 'item-parameter', params: { id: 'a b%2Fc' } }],
    ['items/%zz', { name: 'item-parameter', params: { id: '%zz' } }],
    ['lists', { name: 'item-optional', params: {} }],
    ['lists/3', { name: 'item-optional', params: { id: '3' } }],
    ['files/a/b.txt', { name: 'item-rest', params: { path: 'a/b.txt' } }],
  ])('%s', async (path, expected) => {
    expect(await show(path)).toMatchObject(expected);
  });

  test.each([
    ['GET', 'items', 404],
    ['GET', 'items/1/2', 404],
    ['GET', 'nothing', 404],
    ['GET', '../text', 404],
    ['POST', 'items/7', 404],
    ['HEAD', 'text', 404],
    ['DELETE', 'items/latest', 204],
    ['GET', 'disabled', 404],
  ])('%s %s is %i', async (method, path, status) => {
    const answer = await fetch(at(path), { method });
    expect([answer.status, await answer.text()]).toEqual([status, '']);
  });
});

describe('answers', () => {
  test('text has its content type, and hooks take part', async () => {
    const answer = await fetch(at('text'));
    expect(await answer.text()).toBe('plain');
    expect(answer.headers.get('content-type')).toBe('text/plain;charset=UTF-8');
    expect([answer.headers.get('x-hook'), answer.headers.get('x-hook-after')]).toEqual(['before', 'true']);
  });

  test('a stream is sent whole', async () => {
    expect(await (await fetch(at('stream'))).text()).toBe('one two');
  });

  test('an unhandled error is 500, told to the log and to nobody else', async () => {
    const answer = await fetch(at('broken'));
    expect([answer.status, await answer.text()]).toEqual([500, '']);
    expect(JSON.stringify([...answer.headers])).not.toContain('secret');
    const line = host.lines.find(({ message }) => message.includes('secret detail'));
    expect(line).toMatchObject({ level: 'error', fields: { function: 'broken' } });
  });

  test('what a function logs carries its name and invocation', async () => {
    const traceparent = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
    expect(await (await fetch(at('logging'), { headers: { traceparent } })).text()).toBe(traceparent);
    const line = host.lines.find(({ message }) => message === 'a warning of 7');
    expect(line).toMatchObject({ level: 'warning', fields: { function: 'logging', invocationId: expect.any(String) } });
  });
});

describe('keys', () => {
  test.each([
    ['keyed', {}, 401],
    ['keyed', { 'x-functions-key': 'wrong' }, 401],
    ['keyed', { 'x-functions-key': 'function-key' }, 200],
    ['keyed?code=function-key', {}, 200],
    ['text', {}, 200],
    // No master key is set, and a level without a key is open.
    ['administered', {}, 200],
  ])('%s with %o is %i', async (path, headers, status) => {
    const answer = await fetch(at(path), { headers });
    await answer.text();
    expect(answer.status).toBe(status);
  });
});

describe('closing', () => {
  const another = (): Promise<TestHost> => testHost('http.ts', { settings: { EVERY_SECOND: '0 0 0 1 1 *' } });

  test('what is being answered is answered', async () => {
    const closing = await another();
    const answer = fetch(`${closing.url}/api/wait`);
    await eventually(() => closing.lines.find(({ fields }) => fields.function === 'wait'));
    await closing.close();
    expect(await (await answer).text()).toBe('waited');
    await expect(fetch(`${closing.url}/api/text`)).rejects.toThrow();
  });

  test('a caller that left is not waited for', async () => {
    const closing = await another();
    await expect(fetch(`${closing.url}/api/wait`, { signal: AbortSignal.timeout(50) })).rejects.toThrow();
    const started = Date.now();
    await closing.close();
    expect(Date.now() - started).toBeLessThan(1_000);
  });
});
