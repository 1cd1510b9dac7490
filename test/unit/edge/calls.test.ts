import { HttpRequest, InvocationContext } from '@azure/functions';
import { describe, expect, test } from 'vitest';
import { Fault } from '../../../shared/domain/fault.ts';
import type { Role } from '../../../shared/domain/right.ts';
import { type Answer, http } from '../../../shared/edge.ts';
import type { RecordCall } from '../../../shared/ports.ts';

const log = { info: () => {}, warn: () => {}, error: () => {} };
const context = () => new InvocationContext({ functionName: 'test', invocationId: 'i', logHandler: () => undefined });
const unwritten = new Fault('retry', 'call-unrecorded', 'This call cannot be written down now.');

interface Wanted {
  readonly method?: 'GET' | 'PUT';
  readonly roles?: readonly Role[];
  /** What writing down does, call by call; then it works. */
  readonly fails?: readonly boolean[];
  readonly handle?: () => Promise<Answer>;
}

async function called({ method = 'GET', roles = ['Quell.Administrator'], fails = [], handle }: Wanted) {
  const happened: string[] = [];
  const left = [...fails];
  const recordCall: RecordCall = async ({ by, right, method: verb, path }, status) => {
    if (left.shift()) throw unwritten;
    happened.push(`${by} ${right} ${verb} ${path} ${status}`);
  };
  const authenticate = async () => ({ id: 'p-1', name: 'Sam', roles });
  const work = async () => {
    happened.push('work');
    return handle ? handle() : { status: 200, body: {} };
  };
  const parts = { log, clock: () => '', sleep: async () => {}, authenticate, recordCall };
  const url = 'http://127.0.0.1/api/controls?name=x&code=hush';
  const answer = await http(
    parts,
    method === 'GET' ? 'read' : 'stop',
    work,
  )(new HttpRequest({ method, url }), context());
  return { status: answer.status, happened };
}

const path = '/api/controls?name=x&code=…';

describe('a call that reads', () => {
  test('is written down once, before it is answered, without what looks like a secret', async () => {
    expect(await called({})).toEqual({ status: 200, happened: ['work', `p-1 read GET ${path} 200`] });
  });

  test('is written down with how it failed', async () => {
    const handle = () => Promise.reject(new Fault('reject', 'unknown', 'There is none.', { status: 404 }));
    expect(await called({ handle })).toEqual({ status: 404, happened: ['work', `p-1 read GET ${path} 404`] });
  });

  test('is not answered where it cannot be written down', async () => {
    expect((await called({ fails: [true] })).status).toBe(503);
  });
});

describe('a call that changes', () => {
  test('is written down before it is done, and after', async () => {
    const { happened } = await called({ method: 'PUT' });
    expect(happened).toEqual([`p-1 stop PUT ${path} null`, 'work', `p-1 stop PUT ${path} 200`]);
  });

  test('is not done where it cannot be written down', async () => {
    expect(await called({ method: 'PUT', fails: [true] })).toEqual({ status: 503, happened: [] });
  });

  test('that is done is answered, also where the end cannot be written down', async () => {
    const { status, happened } = await called({ method: 'PUT', fails: [false, true] });
    expect([status, happened]).toEqual([200, [`p-1 stop PUT ${path} null`, 'work']]);
  });
});

describe('a caller without the right', () => {
  test('is written down, and nothing is done', async () => {
    const wanted = { status: 403, happened: [`p-1 stop PUT ${path} 403`] };
    expect(await called({ method: 'PUT', roles: ['Quell.Reader'] })).toEqual(wanted);
  });

  test('stays refused where that cannot be written down', async () => {
    expect(await called({ roles: [], fails: [true] })).toEqual({ status: 403, happened: [] });
  });
});
