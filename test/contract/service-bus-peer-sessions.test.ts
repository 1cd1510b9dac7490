import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { bodies, completeAll, connect, receiveAll, receiveOne, startPeer } from '../support/service-bus-peer.ts';

async function startSessions(lockDuration = 30_000) {
  const peer = await startPeer({ queues: { s: { requiresSession: true, lockDuration } } });
  const sender = peer.client.createSender('s');
  return {
    ...peer,
    /** Sends one message per session id; its body is its position. */
    send: (...ids: string[]) => sender.sendMessages(ids.map((sessionId, body) => ({ body, sessionId }))),
    sender,
    counts: () => peer.broker.counts('s'),
  };
}

describe.concurrent('sessions', () => {
  test('a message without a session id is refused, and the rest of its batch with it', async () => {
    await using queue = await startSessions();
    await expect(queue.sender.sendMessages({ body: 1 })).rejects.toThrow(/SessionId was not set/);
    await expect(queue.sender.sendMessages([{ body: 1, sessionId: 'a' }, { body: 2 }])).rejects.toThrow(/SessionId/);
    expect(queue.counts().total).toBe(0);
  });

  test('a receiver that accepts no session is refused', async () => {
    await using queue = await startSessions();
    const receiver = queue.client.createReceiver('s');
    await expect(receiver.receiveMessages(1, { maxWaitTimeInMs: 500 })).rejects.toThrow(/requires sessions/);
  });

  test('a session has one receiver, its messages in order, a lock to renew and a state to keep', async () => {
    await using queue = await startSessions();
    await queue.send('a', 'b', 'a', 'a', 'b');
    const receiver = await queue.client.acceptSession('s', 'a');
    await expect(queue.client.acceptSession('s', 'a')).rejects.toMatchObject({ code: 'SessionCannotBeLocked' });

    const messages = await receiveAll(receiver, 3);
    expect(bodies(messages)).toEqual([0, 2, 3]);
    await completeAll(receiver, messages);

    const until = Number(receiver.sessionLockedUntilUtc);
    expect(until).toBeGreaterThan(Date.now() + 20_000);
    await sleep(100);
    await receiver.renewSessionLock();
    expect(Number(receiver.sessionLockedUntilUtc)).toBeGreaterThan(until);

    await receiver.setSessionState({ step: 3 });
    await receiver.close();
    const next = await queue.client.acceptSession('s', 'a');
    expect(await next.getSessionState()).toEqual({ step: 3 });
    await next.close();
  });

  test('the next session is one nobody holds; without one the wait times out', async () => {
    await using queue = await startSessions();
    await queue.send('a', 'b', 'b');
    const holder = await queue.client.acceptSession('s', 'a');
    const receiver = await queue.client.acceptNextSession('s');
    expect(receiver.sessionId).toBe('b');
    expect(bodies(await receiveAll(receiver, 2))).toEqual([1, 2]);

    const impatient = connect(queue.broker.connectionString, { maxRetries: 0, timeoutInMs: 700 });
    const start = Date.now();
    await expect(impatient.acceptNextSession('s')).rejects.toMatchObject({ code: 'ServiceTimeout' });
    expect(Date.now() - start).toBeGreaterThanOrEqual(600);
    await impatient.close();
    await receiver.close();
    await holder.close();
  });

  test('accepting the next session waits for a message', async () => {
    await using queue = await startSessions();
    const accepted = queue.client.acceptNextSession('s');
    await sleep(400);
    await queue.send('z');
    const receiver = await accepted;
    expect(receiver.sessionId).toBe('z');
    expect((await receiveOne(receiver)).body).toBe(0);
    await receiver.close();
  });

  test('closing the receiver frees the session: only the abandoned message counts a delivery', async () => {
    await using queue = await startSessions();
    await queue.send('r', 'r');
    const first = await queue.client.acceptNextSession('s');
    const [abandoned] = await receiveAll(first, 2);
    if (abandoned) await first.abandonMessage(abandoned);
    await first.close();

    const second = await queue.client.acceptSession('s', 'r');
    const messages = await receiveAll(second, 2);
    expect(messages.map(({ body, deliveryCount }) => [body, deliveryCount])).toEqual([
      [0, 1],
      [1, 0],
    ]);
    await second.close();
  });

  test('a session lock that runs out loses the session and counts a delivery', async () => {
    await using queue = await startSessions(900);
    await queue.send('x');
    const slow = await queue.client.acceptSession('s', 'x', { maxAutoLockRenewalDurationInMs: 0 });
    const late = await receiveOne(slow);
    await sleep(1_100);
    await expect(slow.completeMessage(late)).rejects.toMatchObject({ code: 'SessionLockLost' });

    const next = await queue.client.acceptSession('s', 'x');
    const again = await receiveOne(next);
    expect(again.deliveryCount).toBe(1);
    await next.completeMessage(again);
    await next.close();
  });
});
