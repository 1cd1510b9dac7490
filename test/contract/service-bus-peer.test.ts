import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import rhea from 'rhea';
import { describe, expect, test } from 'vitest';
import {
  bodies,
  completeAll,
  connect,
  receiveAll,
  receiveOne,
  startPeer,
  startQueue,
} from '../support/service-bus-peer.ts';

describe.concurrent('sending and receiving', () => {
  test('a message arrives as it was sent, locked, and is gone once completed', async () => {
    await using queue = await startQueue();
    const properties = { p: 'x', i: 5, b: true, d: 1.5 };
    await queue.sender.sendMessages({
      body: { a: 1, u: 'é' },
      messageId: 'm1',
      subject: 's',
      correlationId: 'c',
      contentType: 'application/json',
      timeToLive: 60_000,
      applicationProperties: properties,
    });

    const message = await receiveOne(queue.receiver);
    expect(message).toMatchObject({
      body: { a: 1, u: 'é' },
      messageId: 'm1',
      subject: 's',
      correlationId: 'c',
      contentType: 'application/json',
      timeToLive: 60_000,
      applicationProperties: properties,
      deliveryCount: 0,
      state: 'active',
    });
    expect(message.lockToken).toMatch(/^[0-9a-f-]{36}$/);
    expect(message.sequenceNumber?.toNumber()).toBe(1);
    expect(message.enqueuedTimeUtc).toBeInstanceOf(Date);
    expect(Number(message.lockedUntilUtc)).toBeGreaterThan(Date.now());
    expect(queue.counts().locked).toBe(1);

    await queue.receiver.completeMessage(message);
    expect(queue.counts().total).toBe(0);
  });

  test('arrays and batches arrive in order', async () => {
    await using queue = await startQueue();
    await queue.sender.sendMessages([{ body: 'x1' }, { body: 'x2' }]);
    const batch = await queue.sender.createMessageBatch();
    expect(batch.maxSizeInBytes).toBe(1024 * 1024);
    const batched = Array.from({ length: 10 }, (_, i) => `b${i}`);
    for (const body of batched) expect(batch.tryAddMessage({ body, messageId: body })).toBe(true);
    await queue.sender.sendMessages(batch);

    const messages = await receiveAll(queue.receiver, 12);
    expect(bodies(messages)).toEqual(['x1', 'x2', ...batched]);
    await completeAll(queue.receiver, messages);
  });

  test('an empty queue answers when the wait is over', async () => {
    await using queue = await startQueue();
    await receiveEmpty(queue.receiver, 50);
    const waited = await receiveEmpty(queue.receiver, 300);
    expect(waited).toBeGreaterThanOrEqual(290);
    expect(waited).toBeLessThan(900);

    async function receiveEmpty(receiver: typeof queue.receiver, maxWaitTimeInMs: number): Promise<number> {
      const start = Date.now();
      expect(await receiver.receiveMessages(5, { maxWaitTimeInMs })).toEqual([]);
      return Date.now() - start;
    }
  });

  test('a receiver holds no more messages than it asked for, and none once its wait is over', async () => {
    await using queue = await startQueue();
    await queue.sender.sendMessages([{ body: 1 }, { body: 2 }, { body: 3 }]);
    await receiveOne(queue.receiver);
    expect(queue.counts()).toMatchObject({ locked: 1, active: 2 });

    await receiveAll(queue.receiver, 2);
    expect(await queue.receiver.receiveMessages(5, { maxWaitTimeInMs: 100 })).toEqual([]);
    await queue.sender.sendMessages({ body: 4 });
    await sleep(50);
    expect(queue.counts()).toMatchObject({ locked: 3, active: 1 });
  });

  test('a drain is confirmed even when no credit is left', async () => {
    await using peer = await startPeer({ queues: { q: {} } });
    const connection = rhea.create_container().connect({ port: peer.broker.port, host: '127.0.0.1', reconnect: false });
    const receiver = connection.open_receiver({ source: 'q', credit_window: 0 });
    receiver.once('receiver_open', () => receiver.drain_credit());
    await once(receiver, 'receiver_drained', { signal: AbortSignal.timeout(3_000) });
    connection.close();
    await once(connection, 'connection_close');
  });

  test('peeking shows messages without taking them', async () => {
    await using queue = await startQueue();
    await queue.sender.sendMessages([{ body: 'p1' }, { body: 'p2' }]);
    expect(bodies(await queue.receiver.peekMessages(5))).toEqual(['p1', 'p2']);
    expect(await queue.receiver.peekMessages(5)).toEqual([]);
    expect(queue.counts().active).toBe(2);
    expect(bodies(await receiveAll(queue.receiver, 2))).toEqual(['p1', 'p2']);
  });

  test('receive-and-delete leaves nothing behind', async () => {
    await using queue = await startQueue();
    await queue.sender.sendMessages([{ body: 1 }, { body: 2 }]);
    const receiver = queue.client.createReceiver('q', { receiveMode: 'receiveAndDelete' });
    expect(bodies(await receiveAll(receiver, 2))).toEqual([1, 2]);
    expect(queue.counts().total).toBe(0);
  });

  test('a subscriber handles eight at a time, completes by itself, and gets back what it threw on', async ({
    expect,
  }) => {
    await using queue = await startQueue();
    const seen = new Map<number, number | undefined>();
    let running = 0;
    let peak = 0;
    let thrown = false;
    const processMessage = async ({ body, deliveryCount }: { body: number; deliveryCount?: number }) => {
      peak = Math.max(peak, ++running);
      await sleep(5);
      running--;
      if (body === 7 && !thrown) {
        thrown = true;
        throw new Error('once');
      }
      seen.set(body, deliveryCount);
    };
    const subscription = queue.receiver.subscribe(
      { processMessage, processError: async () => {} },
      { maxConcurrentCalls: 8 },
    );
    await queue.sender.sendMessages(Array.from({ length: 100 }, (_, body) => ({ body })));

    await expect.poll(() => queue.counts().total, { timeout: 5_000 }).toBe(0);
    await subscription.close();
    expect(seen.size).toBe(100);
    expect(seen.get(7)).toBe(1);
    expect(seen.get(8)).toBe(0);
    expect(peak).toBe(8);
  });

  test('200 kB in one message, and more messages than rhea has slots for', async () => {
    await using queue = await startQueue();
    await queue.sender.sendMessages({ body: 'y'.repeat(200_000) });
    const large = await receiveOne(queue.receiver);
    expect(large.body).toHaveLength(200_000);
    await queue.receiver.completeMessage(large);

    const hundred = Array.from({ length: 100 }, (_, body) => ({ body }));
    for (let i = 0; i < 30; i++) await queue.sender.sendMessages(hundred);
    for (let received = 0; received < 3_000; received += 200) {
      await completeAll(queue.receiver, await receiveAll(queue.receiver, 200));
    }
    expect(queue.counts().total).toBe(0);
  });

  test('an unknown entity is named as the reason', async () => {
    await using peer = await startPeer({});
    const client = connect(peer.broker.connectionString, { maxRetries: 0 });
    await expect(client.createSender('nope').sendMessages({ body: 1 })).rejects.toMatchObject({
      code: 'MessagingEntityNotFound',
    });
    await client.close();
  });

  test('every subscription of a topic gets its own copy', async () => {
    await using peer = await startPeer({ topics: { t: { subscriptions: { a: {}, b: {} } } } });
    await peer.client.createSender('t').sendMessages({ body: 'tt' });
    for (const subscription of ['a', 'b']) {
      const receiver = peer.client.createReceiver('t', subscription);
      const message = await receiveOne(receiver);
      expect(message.body).toBe('tt');
      await receiver.completeMessage(message);
      expect(peer.broker.counts(`t/subscriptions/${subscription}`).total).toBe(0);
    }
  });
});

describe.concurrent('time', () => {
  test('a scheduled message arrives when due, a cancelled one never', async () => {
    await using queue = await startQueue();
    const start = Date.now();
    await queue.sender.scheduleMessages({ body: 'later', messageId: 'l' }, new Date(start + 1_000));
    const never = await queue.sender.scheduleMessages([{ body: 'never' }], new Date(start + 1_000));
    await queue.sender.cancelScheduledMessages(never);
    expect(queue.counts().scheduled).toBe(1);

    const message = await receiveOne(queue.receiver);
    expect(message.body).toBe('later');
    expect(Date.now() - start).toBeGreaterThanOrEqual(990);
    expect(Date.now() - start).toBeLessThan(1_900);
    await queue.receiver.completeMessage(message);
    expect(await queue.receiver.receiveMessages(1, { maxWaitTimeInMs: 200 })).toEqual([]);
  });

  test('scheduledEnqueueTimeUtc holds a sent message back', async () => {
    await using queue = await startQueue();
    const start = Date.now();
    await queue.sender.sendMessages({ body: 'held', scheduledEnqueueTimeUtc: new Date(start + 600) });
    await receiveOne(queue.receiver);
    expect(Date.now() - start).toBeGreaterThanOrEqual(590);
  });

  test('a repeated message id is accepted and dropped', async () => {
    await using queue = await startQueue({ duplicateDetectionWindow: 60_000 });
    for (const body of [0, 1, 2]) await queue.sender.sendMessages({ body, messageId: 'same' });
    expect(queue.counts().total).toBe(1);
    expect((await receiveOne(queue.receiver)).body).toBe(0);
  });

  test('a message that outlives its time to live is dead-lettered', async () => {
    await using queue = await startQueue({ deadLetterOnExpiration: true });
    await queue.sender.sendMessages({ body: 'old', timeToLive: 200 });
    const message = await receiveOne(queue.deadLetters);
    expect(message).toMatchObject({ body: 'old', deadLetterReason: 'TTLExpiredException' });
  });
});
