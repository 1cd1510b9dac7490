import { expect, it } from 'vitest';
import type { Call } from '../../shared/domain/call.ts';
import { tellWebhook } from '../../shared/systems/webhook.ts';
import { always, farSide, faultOf } from '../support/systems.ts';

const word: Call = { to: 'webhook', method: 'POST', path: '/', body: { text: 'Ada is inactive.' } };

it('tells with a key, as JSON, and keeps nothing of the answer but its status', async () => {
  await using far = await farSide(always(202, { token: 'of no interest' }));
  expect(await tellWebhook(`${far.url}/hook?secret=1`, word, 'run:step:0')).toEqual({ status: 202 });
  expect(far.seen).toMatchObject([
    {
      method: 'POST',
      url: '/hook?secret=1',
      body: '{"text":"Ada is inactive."}',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'run:step:0' },
    },
  ]);
});

it('sends the same bytes for the same word, in whatever order its members are', async () => {
  await using far = await farSide(always(202, {}));
  for (const body of [
    { text: 'hello', run: 'run-1', identity: { id: '1', displayName: 'Ada' } },
    { identity: { displayName: 'Ada', id: '1' }, run: 'run-1', text: 'hello' },
  ])
    await tellWebhook(far.url, { ...word, body }, 'run:step:0');
  expect(new Set(far.seen.map(({ body }) => body)).size).toBe(1);
});

it.each([
  [400, 'reject'],
  [403, 'refuse'],
  [404, 'halt'],
  [302, 'halt'],
  [429, 'retry'],
  [500, 'uncertain'],
] as const)('takes %i for %s, and says nothing of its address or answer', async (status, disposition) => {
  await using far = await farSide(always(status, { secret: 'in the answer' }, { location: 'http://127.0.0.1:9/' }));
  const fault = await faultOf(tellWebhook(`${far.url}/hook?secret=1`, word, 'k'));
  expect(fault).toMatchObject({ disposition });
  expect(`${fault.message} ${JSON.stringify(fault.detail)}`).not.toContain('secret');
  expect(far.seen).toHaveLength(1);
});

it('may have told where the receiver hangs up, and has not where nobody listens', async () => {
  const far = await farSide((request) => request.socket.destroy());
  expect(await faultOf(tellWebhook(far.url, word, 'k'))).toMatchObject({ disposition: 'uncertain' });
  await far.close();
  expect(await faultOf(tellWebhook(far.url, word, 'k'))).toMatchObject({ disposition: 'retry' });
});

it('is refused where there is nobody to tell', async () => {
  expect(await faultOf(tellWebhook(null, word, 'k'))).toMatchObject({ disposition: 'refuse', code: 'no-webhook' });
});
