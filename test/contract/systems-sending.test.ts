import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { send } from '../../shared/systems/sending.ts';

async function far(listener: RequestListener) {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    server,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const asked = (over: Partial<Parameters<typeof send>[1]> = {}) => ({
  method: 'GET',
  body: null,
  headers: {},
  signal: null,
  ...over,
});

test('sends what it was given, in one piece, and hears status, headers and text', async () => {
  const seen: unknown[] = [];
  await using there = await far((request, response) => {
    request.setEncoding('utf8').on('data', (text: string) => seen.push(text));
    request.on('end', () => {
      seen.push(request.method, request.headers['content-length'], request.headers.accept);
      response.writeHead(201, { 'x-said': ['a', 'b'], 'retry-after': '3' }).end('{"ä":1}');
    });
  });
  const body = '{"name":"Zoë"}';
  const answer = await send(`${there.url}/x`, asked({ method: 'POST', body, headers: { accept: 'application/json' } }));
  expect(seen).toEqual([body, 'POST', '15', 'application/json']);
  expect([answer.status, answer.headers.get('x-said'), answer.headers.get('Retry-After')]).toEqual([201, 'a, b', '3']);
  expect(await answer.text()).toBe('{"ä":1}');
});

test('does not go where a redirect points, and hears answers without a body', async () => {
  const paths: unknown[] = [];
  await using there = await far(({ url }, response) => {
    paths.push(url);
    response.writeHead(url === '/gone' ? 204 : 302, { location: '/elsewhere' }).end();
  });
  expect((await send(`${there.url}/moved`, asked())).status).toBe(302);
  const empty = await send(`${there.url}/gone`, asked({ method: 'DELETE' }));
  expect([empty.status, await empty.text()]).toEqual([204, '']);
  expect(paths).toEqual(['/moved', '/gone']);
});

test('keeps its connection, and does not use one that the far side has closed meanwhile', async () => {
  let connections = 0;
  await using there = await far((_request, response) => void response.end('ok'));
  there.server.on('connection', () => {
    connections += 1;
  });
  await send(there.url, asked());
  await send(there.url, asked());
  expect(connections).toBe(1);
  there.server.closeIdleConnections();
  await sleep(20);
  expect((await send(there.url, asked({ method: 'DELETE' }))).status).toBe(200);
  expect(connections).toBe(2);
});

test('fails when the signal says so, and as the socket says where nobody listens', async () => {
  await using there = await far(() => undefined);
  await expect(send(there.url, asked({ signal: AbortSignal.timeout(30) }))).rejects.toThrow();
  const { url } = there;
  await there[Symbol.asyncDispose]();
  await expect(send(url, asked())).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
