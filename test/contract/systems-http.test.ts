import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { always, anyToken, clientsOf, farSide, faultOf } from '../support/systems.ts';

const user = '/users/aaaa0000-0000-4000-8000-000000000001';
const item = z.object({ id: z.string() });

describe.each([
  ['graph', '/v1.0', '@odata.nextLink'],
  ['azure', '', 'nextLink'],
] as const)('%s', (which, root, linkName) => {
  const client = (url: string, credential = anyToken()) => clientsOf(url, credential)[which];

  it('sends method, path, query, body and token as they are', async () => {
    await using far = await farSide(always(200, { value: true }));
    const query = "?$filter=displayName%20eq%20'O''Brien%20%26%20%2B%20%23%25'&api-version=1&$skiptoken=a==";
    expect(await client(far.url).call('PATCH', `${user}${query}`, { on: false })).toEqual({ value: true });
    expect(far.seen).toMatchObject([
      {
        method: 'PATCH',
        url: expect.stringContaining(`${root}${user}?`),
        body: '{"on":false}',
        headers: { authorization: 'Bearer token-1', accept: 'application/json', 'content-type': 'application/json' },
      },
    ]);
    const sent = new URL(far.seen[0]?.url ?? '', far.url).searchParams;
    expect(Object.fromEntries(sent)).toEqual({
      $filter: "displayName eq 'O''Brien & + #%'",
      'api-version': '1',
      $skiptoken: 'a==',
    });
  });

  it.each(['DELETE', 'PUT', 'POST', 'GET'])('uses %s where it says so', async (method) => {
    await using far = await farSide(always(200, {}));
    await client(far.url).call(method, user);
    expect(far.seen).toMatchObject([{ method, body: '' }]);
  });

  it('has nothing to say for a write without a body, or with one that is no JSON', async () => {
    await using quiet = await farSide(always(204));
    expect(await client(quiet.url).call('DELETE', user)).toBeNull();
    await using odd = await farSide((_request, response) => void response.end('<p>done</p>'));
    expect(await client(odd.url).call('DELETE', user)).toBeNull();
    expect(await faultOf(client(odd.url).call('GET', user))).toMatchObject({ code: 'unexpected-answer' });
  });

  it.each([301, 302, 307, 308])('follows no redirect (%i), with the token least of all', async (status) => {
    await using thief = await farSide(always(200, {}));
    await using far = await farSide(always(status, {}, { location: `${thief.url}/` }));
    const fault = await faultOf(client(far.url).call('GET', user));
    expect(fault).toMatchObject({ disposition: 'halt', code: 'unexpected-status' });
    expect(thief.seen).toEqual([]);
  });

  it.each([
    ['a page of HTML', '<html>Bad gateway</html>'],
    ['nothing', ''],
    ['JSON of another kind', '{"error":"no"}'],
    ['a list', '[1]'],
  ])('takes an error body that is %s for an error without a code', async (_what, text) => {
    await using far = await farSide((_request, response) => void response.writeHead(502).end(text));
    const read = await faultOf(client(far.url).call('GET', user));
    expect(read).toMatchObject({ disposition: 'retry', detail: { status: 502, code: 'unknown' } });
    const write = await faultOf(client(far.url).call('DELETE', user));
    expect(write).toMatchObject({ disposition: 'uncertain' });
  });

  it('asks for another token once, with the claims of the challenge', async () => {
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}';
    const challenge = `Bearer realm="", error="insufficient_claims", claims="${Buffer.from(claims).toString('base64')}"`;
    const token = anyToken();
    await using far = await farSide((request, response) => {
      const fresh = request.headers.authorization === 'Bearer token-2';
      always(fresh ? 200 : 401, {}, fresh ? {} : { 'www-authenticate': challenge })(request, response);
    });
    expect(await client(far.url, token).call('DELETE', user)).toEqual({});
    expect(token.asked).toEqual([undefined, claims]);
  });

  it('comes again later where no token is accepted, and asks twice, not for ever', async () => {
    await using far = await farSide(always(401, { error: { code: 'InvalidAuthenticationToken', message: 'no' } }));
    const fault = await faultOf(client(far.url).call('DELETE', user));
    expect(fault).toMatchObject({ disposition: 'retry', code: 'not-authenticated', retryAfterMs: 60_000 });
    expect(far.seen).toHaveLength(2);
    expect(fault.message).not.toContain('token-');
  });

  it('comes again where no token is to be had, and sends nothing', async () => {
    await using far = await farSide(always(200, {}));
    const broken = { asked: [], getToken: () => Promise.reject(new Error('endpoint down')) };
    expect(await faultOf(client(far.url, broken).call('DELETE', user))).toMatchObject({
      disposition: 'retry',
      code: 'no-token',
    });
    const silent = { asked: [], getToken: () => new Promise<never>(() => undefined) };
    expect(await faultOf(client(far.url, silent).call('DELETE', user))).toMatchObject({ code: 'no-token' });
    const none = { asked: [], getToken: async () => null };
    expect(await faultOf(client(far.url, none).call('DELETE', user))).toMatchObject({ disposition: 'halt' });
    expect(far.seen).toEqual([]);
  });

  describe('without an answer', () => {
    it('does not know whether a write happened when its time is up', async () => {
      await using far = await farSide(() => undefined);
      expect(await faultOf(client(far.url).call('DELETE', user))).toMatchObject({ disposition: 'uncertain' });
      expect(await faultOf(client(far.url).call('GET', user))).toMatchObject({ disposition: 'retry' });
    });

    it('does not know either when the answer stops half way', async () => {
      await using far = await farSide((_request, response) => {
        response.writeHead(200, { 'content-length': 100 });
        response.write('{"half":');
        setTimeout(() => response.destroy(), 20);
      });
      expect(await faultOf(client(far.url).call('DELETE', user))).toMatchObject({ disposition: 'uncertain' });
      expect(await faultOf(client(far.url).call('GET', user))).toMatchObject({ disposition: 'retry' });
    });

    it('does not know when the connection is cut after the request', async () => {
      await using far = await farSide((request) => request.socket.destroy());
      expect(await faultOf(client(far.url).call('DELETE', user))).toMatchObject({ code: 'no-answer' });
      expect(await faultOf(client(far.url).call('GET', user))).toMatchObject({ code: 'not-reached' });
    });

    it('knows that nothing happened when nobody listens', async () => {
      const url = await closedPort();
      const fault = await faultOf(client(url).call('DELETE', user));
      expect(fault).toMatchObject({ disposition: 'retry', code: 'not-reached' });
    });
  });

  describe('a list', () => {
    const paged = (link: (here: string) => unknown) =>
      farSide((request, response) => {
        const here = `http://${request.headers.host}`;
        const last = request.url?.includes('skip') ?? false;
        const next = last ? {} : { [linkName]: link(here) };
        always(200, { value: [{ id: last ? 'b' : 'a' }], ...next })(request, response);
      });

    it('is read to its end', async () => {
      await using far = await paged((here) => `${here}${root}/users?$filter=a%20eq%20'%26'&$skiptoken=x%3D`);
      expect(await client(far.url).list('/users?$top=1', item)).toEqual([{ id: 'a' }, { id: 'b' }]);
      const next = new URL(far.seen[1]?.url ?? '', far.url);
      expect(next.pathname).toBe(`${root}/users`);
      expect(next.searchParams.get('$skiptoken')).toBe('x=');
      expect(next.searchParams.get('$filter')).toBe("a eq '&'");
    });

    it('is read to its end where what is looked for looks like an address itself', async () => {
      await using far = await paged((here) => `${here}${root}/users?$filter=a eq 'https://x.example/y'&$skiptoken=x`);
      expect(await client(far.url).list('/users', item)).toEqual([{ id: 'a' }, { id: 'b' }]);
      const next = new URL(far.seen[1]?.url ?? '', far.url);
      expect(next.searchParams.get('$filter')).toBe("a eq 'https://x.example/y'");
    });

    it('is not followed to another place', async () => {
      await using thief = await farSide(always(200, { value: [] }));
      const links: ((here: string) => string)[] = [
        () => `${thief.url}${root}/users?skip`,
        (here) => `${here.replace('http://', 'https://')}${root}/users?skip`,
        (here) => `${here.replace('http://', 'http://x@')}.example${root}/users?skip`,
        () => '/users?skip',
        () => 'not a link',
      ];
      for (const link of links) {
        await using far = await paged(link);
        const fault = await faultOf(client(far.url).list('/users', item));
        expect(fault).toMatchObject({ disposition: 'halt', code: 'foreign-page' });
        expect(far.seen).toHaveLength(1);
      }
      expect(thief.seen).toEqual([]);
    });

    it.each([{}, { value: null }, { value: {} }, { value: [{ id: 1 }] }, []])(
      'is not guessed from %j',
      async (body) => {
        await using far = await farSide(always(200, body));
        const fault = await faultOf(client(far.url).list('/users', item));
        expect(fault).toMatchObject({ disposition: 'halt', code: 'unexpected-answer' });
      },
    );

    it('gives no half of itself where a later page fails', async () => {
      await using far = await farSide((request, response) => {
        const here = `http://${request.headers.host}${root}/users?skip`;
        if (request.url?.includes('skip')) return always(503, {}, { 'retry-after': '9' })(request, response);
        always(200, { value: [{ id: 'a' }], [linkName]: here })(request, response);
      });
      const fault = await faultOf(client(far.url).list('/users', item));
      expect(fault).toMatchObject({ disposition: 'retry', retryAfterMs: 9000 });
    });
  });
});

it('stops at a list without end', async () => {
  await using far = await farSide((request, response) =>
    always(200, { value: [], nextLink: `http://${request.headers.host}/users?skip` })(request, response),
  );
  const fault = await faultOf(clientsOf(far.url).azure.list('/users', item));
  expect(fault).toMatchObject({ disposition: 'halt', code: 'endless-list' });
  expect(far.seen).toHaveLength(1000);
});

it('keeps a page of Microsoft Graph within the version that is asked', async () => {
  await using far = await farSide((request, response) =>
    always(200, { value: [], '@odata.nextLink': `http://${request.headers.host}/beta/users?skip` })(request, response),
  );
  const fault = await faultOf(clientsOf(far.url).graph.list('/users', item));
  expect(fault).toMatchObject({ code: 'foreign-page' });
});

async function closedPort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}`;
}
