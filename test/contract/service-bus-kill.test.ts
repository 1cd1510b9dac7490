import { fork } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { receiveOne, startPeer } from '../support/service-bus-peer.ts';

const LOCK = 2_000;
const CONSUMER = new URL('../support/service-bus-peer-consumer.ts', import.meta.url);

test('a killed consumer gives its session back at once and its message when the lock runs out', async () => {
  await using peer = await startPeer({
    queues: { q: { lockDuration: LOCK }, s: { requiresSession: true, lockDuration: 30_000 } },
  });
  await peer.client.createSender('q').sendMessages({ body: 'held' });
  await peer.client.createSender('s').sendMessages({ body: 'in session', sessionId: 'a' });
  const consumer = fork(CONSUMER, [peer.broker.connectionString], { execArgv: [] });
  const [held] = await once(consumer, 'message');
  expect(held).toEqual(['held', 'in session']);
  expect([peer.broker.counts('q').locked, peer.broker.counts('s').locked]).toEqual([1, 1]);

  consumer.kill('SIGKILL');
  const killedAt = Date.now();
  const session = await peer.client.acceptNextSession('s');
  const sessionMessage = await receiveOne(session);
  expect(Date.now() - killedAt).toBeLessThan(1_000);
  expect(sessionMessage).toMatchObject({ body: 'in session', deliveryCount: 0 });
  expect(peer.broker.counts('q').locked).toBe(1);

  const message = await receiveOne(peer.client.createReceiver('q'));
  expect(message).toMatchObject({ body: 'held', deliveryCount: 1 });
  expect(Date.now() - killedAt).toBeGreaterThan(500);
  expect(Date.now() - killedAt).toBeLessThan(LOCK + 1_000);
});
