import { HttpRequest, InvocationContext } from '@azure/functions';
import { describe, expect, test } from 'vitest';
import { type Disposition, dispositions, Fault } from '../../../shared/domain/fault.ts';
import type { Role } from '../../../shared/domain/right.ts';
import { type HttpHandler, http, httpOwnDoor, queue, timer } from '../../../shared/edge.ts';
import type { Caller } from '../../../shared/ports.ts';

const now = '2026-03-01T12:00:00.000Z';
const secret = 'connection string of the storage account';

function parts() {
  const logged: string[] = [];
  const slept: number[] = [];
  const line = (level: string) => (_fields: object, message: string) => void logged.push(`${level}: ${message}`);
  const log = { info: line('info'), warn: line('warn'), error: line('error') };
  const sleep = async (ms: number) => void slept.push(ms);
  return { logged, slept, edge: { log, clock: () => now, sleep } };
}

const context = () =>
  new InvocationContext({ functionName: 'test', invocationId: 'invocation-1', logHandler: () => undefined });
const request = () => new HttpRequest({ method: 'GET', url: 'http://127.0.0.1/api/test' });

async function answerTo(error: unknown) {
  const { edge, logged } = parts();
  const response = await httpOwnDoor(edge, () => Promise.reject(error))(request(), context());
  return {
    status: response.status,
    headers: Object(response.headers),
    body: JSON.parse(String(response.body)),
    logged,
  };
}

const all = Object.keys(dispositions) as Disposition[];

describe('HTTP', () => {
  test.each(all)('%s is a problem document with its own status', async (disposition) => {
    const { status, headers, body } = await answerTo(
      new Fault(disposition, 'some-code', 'Some sentence.', { detail: { fact: 1 } }),
    );
    expect(status).toBe(dispositions[disposition].status);
    expect(headers['content-type']).toBe('application/problem+json');
    expect(body).toMatchObject({ title: 'some-code', status, instance: 'invocation-1' });
    expect(body.detail).toBe(
      disposition === 'halt' ? 'Something is wrong on our side; it was logged under this instance.' : 'Some sentence.',
    );
    expect(body.facts).toEqual(disposition === 'halt' ? undefined : { fact: 1 });
  });

  test.each<[string, HttpHandler['door'], readonly Role[], number]>([
    ['a caller with the right', 'read', ['Quell.Reader'], 200],
    ['a caller without it', 'decide', ['Quell.Reader'], 403],
    ['a caller without any', 'read', [], 403],
  ])('lets in %s, or not', async (_who, door, roles, status) => {
    const { edge } = parts();
    const asked: string[] = [];
    const authenticate = async (authorization: string | null) => {
      asked.push(String(authorization));
      return { id: 'p-1', name: 'Sam', roles };
    };
    const answer = async (_request: HttpRequest, caller: Caller) => ({ status: 200, body: caller.id });
    const recordCall = async () => {};
    const handler = http({ ...edge, authenticate, recordCall }, door === 'own' ? 'read' : door, answer);
    expect((await handler(request(), context())).status).toBe(status);
    expect([handler.door, asked]).toEqual([door, ['null']]);
  });

  test('text is answered as what it is', async () => {
    const text = async () => ({ status: 200, text: 'a,b', contentType: 'text/csv; charset=utf-8' });
    const { body, headers } = await httpOwnDoor(parts().edge, text)(request(), context());
    expect([body, Object(headers)['content-type']]).toEqual(['a,b', 'text/csv; charset=utf-8']);
  });

  test('what nobody foresaw is told as nothing but a 500, and logged', async () => {
    const { status, body, logged } = await answerTo(new TypeError(secret));
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain(secret);
    expect(body.title).toBe('unforeseen');
    expect(logged).toEqual([expect.stringMatching(/^error: /)]);
  });

  test.each([
    [4200, '5'],
    [undefined, '5'],
    [60_000, '60'],
  ])('a retry says when, in whole seconds (%s ms)', async (retryAfterMs, seconds) => {
    const fault = new Fault('retry', 'busy', 'Busy.', retryAfterMs === undefined ? {} : { retryAfterMs });
    expect((await answerTo(fault)).headers['retry-after']).toBe(seconds);
  });

  test('401 asks for a bearer token, and other answers do not', async () => {
    const refuse = (status: number) => answerTo(new Fault('refuse', 'no', 'No.', { status }));
    expect((await refuse(401)).headers['www-authenticate']).toBe('Bearer');
    expect((await refuse(403)).headers['www-authenticate']).toBeUndefined();
  });

  test('an answer is JSON that nobody keeps', async () => {
    const response = await httpOwnDoor(parts().edge, async () => ({ status: 202, body: { a: 1 } }))(
      request(),
      context(),
    );
    expect(response).toMatchObject({
      status: 202,
      body: '{"a":1}',
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    });
  });
});

describe('a queue message', () => {
  async function settle(error: unknown, withAgain: boolean, fails = false) {
    const { edge, slept, logged } = parts();
    const asked: string[] = [];
    const again = async (due: string) => {
      asked.push(due);
      if (fails) throw new Fault('retry', 'storage', 'Storage is down.');
    };
    const handle = () => Promise.reject(error);
    const thrown = await queue(edge, context(), async () => ({ handle, again: withAgain ? again : null })).then(
      () => null,
      (cause: unknown) => cause,
    );
    return { thrown, asked, slept, logged };
  }

  test('what cannot even be read goes back after a pause: the message is the only copy', async () => {
    const { edge, slept } = parts();
    const fault = new Fault('retry', 'not-loaded', 'Not now.');
    await expect(queue(edge, context(), () => Promise.reject(fault))).rejects.toBe(fault);
    expect(slept).toEqual([20_000]);
  });

  test.each<[Disposition, 'complete' | 'later' | 'dead letter']>([
    ['reject', 'complete'],
    ['refuse', 'complete'],
    ['conflict', 'later'],
    ['retry', 'later'],
    ['uncertain', 'later'],
    ['halt', 'dead letter'],
  ])('%s: %s', async (disposition, outcome) => {
    const fault = new Fault(disposition, 'some-code', 'Some sentence.');
    const { thrown, asked } = await settle(fault, true);
    expect(thrown).toBe(outcome === 'dead letter' ? fault : null);
    expect(asked).toEqual(outcome === 'later' ? ['2026-03-01T12:00:02.000Z'] : []);
  });

  test('is not looked at before the time the far side named', async () => {
    const { asked } = await settle(new Fault('retry', 'busy', 'Busy.', { retryAfterMs: 90_000 }), true);
    expect(asked).toEqual(['2026-03-01T12:01:30.000Z']);
  });

  test('is complete also where the time cannot be written down: the one before stands', async () => {
    const { thrown, logged } = await settle(new Fault('retry', 'busy', 'Busy.'), true, true);
    expect(thrown).toBeNull();
    expect(logged).toHaveLength(2);
  });

  test.each(['conflict', 'retry', 'uncertain'] as const)(
    'that is the only copy is given back after a pause: %s',
    async (disposition) => {
      const fault = new Fault(disposition, 'some-code', 'Some sentence.');
      const { thrown, slept } = await settle(fault, false);
      expect(thrown).toBe(fault);
      expect(slept).toEqual([20_000]);
    },
  );

  test('what nobody foresaw goes to the dead letters', async () => {
    expect((await settle(new TypeError('x'), true)).thrown).toMatchObject({ disposition: 'halt' });
  });
});

test('a tick that fails is logged, and the next one comes', async () => {
  const { edge, logged } = parts();
  await timer(edge, () => Promise.reject(new Fault('retry', 'storage', 'Storage is down.')))({}, context());
  expect(logged).toEqual(['warn: Storage is down.']);
});
