import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { receiveOne, startQueue } from '../support/service-bus-peer.ts';

const WITHOUT_RENEWAL = { maxAutoLockRenewalDurationInMs: 0 };

describe.concurrent('settling', () => {
  test('an abandoned message comes back counted and with the changed properties', async () => {
    await using queue = await startQueue();
    await queue.sender.sendMessages({ body: 'ab' });
    for (const count of [0, 1]) {
      const message = await receiveOne(queue.receiver);
      expect(message.deliveryCount).toBe(count);
      await queue.receiver.abandonMessage(message, { note: `n${count}` });
    }
    const last = await receiveOne(queue.receiver);
    expect(last.deliveryCount).toBe(2);
    expect(last.applicationProperties).toEqual({ note: 'n1' });
    await queue.receiver.completeMessage(last);
  });

  test('a message delivered too often is dead-lettered', async () => {
    await using queue = await startQueue({ maxDeliveryCount: 3 });
    await queue.sender.sendMessages({ body: 'poison', messageId: 'poison' });
    for (let i = 0; i < 3; i++) await queue.receiver.abandonMessage(await receiveOne(queue.receiver));

    const dead = await receiveOne(queue.deadLetters);
    expect(dead).toMatchObject({ messageId: 'poison', deadLetterReason: 'MaxDeliveryCountExceeded' });
    expect(dead.deadLetterErrorDescription).toContain('3 delivery attempts');
    await queue.deadLetters.completeMessage(dead);
    expect(queue.counts()).toMatchObject({ total: 0, deadLetter: 0 });
  });

  test('a receiver dead-letters with its reason', async () => {
    await using queue = await startQueue();
    await queue.sender.sendMessages({ body: 'bad', applicationProperties: { kept: 'k' } });
    const reason = { deadLetterReason: 'why', deadLetterErrorDescription: 'because' };
    await queue.receiver.deadLetterMessage(await receiveOne(queue.receiver), { ...reason, extra: 'e' });

    const dead = await receiveOne(queue.deadLetters);
    expect(dead).toMatchObject({ ...reason, body: 'bad', deadLetterSource: 'q' });
    expect(dead.applicationProperties).toMatchObject({ kept: 'k', extra: 'e' });
  });

  test('a lock that runs out brings the message back, and the late settlement is refused', async () => {
    await using queue = await startQueue({ lockDuration: 700 });
    const receiver = queue.client.createReceiver('q', WITHOUT_RENEWAL);
    await queue.sender.sendMessages({ body: 'slow' });
    const late = await receiveOne(receiver);
    await sleep(900);
    await expect(receiver.completeMessage(late)).rejects.toMatchObject({ code: 'MessageLockLost' });

    const again = await receiveOne(receiver);
    expect(again.deliveryCount).toBe(1);
    await receiver.completeMessage(again);
  });

  test('renewing a lock keeps the message', async () => {
    await using queue = await startQueue({ lockDuration: 1_200 });
    const receiver = queue.client.createReceiver('q', WITHOUT_RENEWAL);
    await queue.sender.sendMessages({ body: 'renew' });
    const message = await receiveOne(receiver);
    const before = Number(message.lockedUntilUtc);
    await sleep(800);
    expect(Number(await receiver.renewMessageLock(message))).toBeGreaterThan(before);
    await sleep(800);
    await receiver.completeMessage(message);
    expect(queue.counts().total).toBe(0);
  });

  test('the client renews by itself while a message is being worked on', async () => {
    await using queue = await startQueue({ lockDuration: 1_000 });
    await queue.sender.sendMessages({ body: 'auto' });
    const message = await receiveOne(queue.receiver);
    await sleep(2_500);
    await queue.receiver.completeMessage(message);
    expect(queue.counts().total).toBe(0);
  });

  test('a deferred message is received by its sequence number only', async () => {
    await using queue = await startQueue();
    await queue.sender.sendMessages({ body: 'def' });
    const message = await receiveOne(queue.receiver);
    await queue.receiver.deferMessage(message);
    expect(queue.counts()).toMatchObject({ deferred: 1, active: 0 });
    expect(await queue.receiver.receiveMessages(1, { maxWaitTimeInMs: 100 })).toEqual([]);

    const { sequenceNumber } = message;
    if (!sequenceNumber) throw new Error('the message has no sequence number');
    const [deferred] = await queue.receiver.receiveDeferredMessages([sequenceNumber]);
    expect(deferred).toMatchObject({ body: 'def', deliveryCount: 1 });
    if (deferred) await queue.receiver.completeMessage(deferred);
    expect(queue.counts().total).toBe(0);
    await expect(queue.receiver.receiveDeferredMessages([sequenceNumber])).rejects.toMatchObject({
      code: 'MessageNotFound',
    });
  });

  test('a deferred message can be dead-lettered, which goes by another route', async () => {
    await using queue = await startQueue();
    await queue.sender.sendMessages({ body: 'def' });
    const message = await receiveOne(queue.receiver);
    await queue.receiver.deferMessage(message);
    const [deferred] = await queue.receiver.receiveDeferredMessages(message.sequenceNumber ?? []);
    if (deferred)
      await queue.receiver.deadLetterMessage(deferred, { deadLetterReason: 'late', deadLetterErrorDescription: 'x' });
    expect(await receiveOne(queue.deadLetters)).toMatchObject({ body: 'def', deadLetterReason: 'late' });
  });
});
