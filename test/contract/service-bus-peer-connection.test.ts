import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceBusClient } from '@azure/service-bus';
import { describe, expect, test } from 'vitest';
import { startBroker } from '../../local/service-bus/broker.ts';
import { connect, spawnPeer, startPeer } from '../support/service-bus-peer.ts';

/** Bodies a subscriber has seen, in order. */
function subscribe(client: ServiceBusClient, queue: string): unknown[] {
  const seen: unknown[] = [];
  const processMessage = async ({ body }: { body: unknown }) => void seen.push(body);
  client.createReceiver(queue).subscribe({ processMessage, processError: async () => {} });
  return seen;
}

describe.concurrent('connections', () => {
  test('sender and subscriber recover from a dropped connection', async ({ expect }) => {
    await using peer = await startPeer({ queues: { q: {} } });
    const sender = peer.client.createSender('q');
    const seen = subscribe(peer.client, 'q');
    await sender.sendMessages({ body: 'before' });
    await expect.poll(() => seen, { timeout: 3_000 }).toEqual(['before']);

    peer.broker.dropConnections();
    // A message sent before the client notices would wait out its own five-second timeout first.
    await sleep(100);
    await sender.sendMessages({ body: 'after' });
    await expect.poll(() => seen, { timeout: 8_000 }).toEqual(['before', 'after']);
  });

  test('sender and subscriber recover when the peer is killed and started again on its port', async ({ expect }) => {
    await using first = await spawnPeer();
    const client = connect(first.ready.connectionString);
    const sender = client.createSender('alerts');
    const seen = subscribe(client, 'alerts');
    await sender.sendMessages({ body: 'before' });
    await expect.poll(() => seen, { timeout: 3_000 }).toEqual(['before']);

    await first.end('SIGKILL');
    await using second = await spawnPeer(first.ready.port);
    expect(second.ready.port).toBe(first.ready.port);
    await sender.sendMessages({ body: 'after' });
    await expect.poll(() => seen, { timeout: 8_000 }).toEqual(['before', 'after']);
    await client.close();
  });

  test('the process announces itself in one line, serves both queues, and ends cleanly on a signal', async () => {
    await using peer = await spawnPeer();
    expect(peer.ready).toEqual({
      ready: 'service-bus',
      port: expect.any(Number),
      connectionString: expect.stringContaining(`sb://127.0.0.1:${peer.ready.port};`),
    });
    const client = connect(peer.ready.connectionString);
    await client.createSender('alerts').sendMessages([
      { body: 1, messageId: 'same' },
      { body: 2, messageId: 'same' },
    ]);
    expect(await client.createReceiver('alerts').peekMessages(5)).toHaveLength(1);
    await client.createSender('runs').sendMessages({ body: 1, sessionId: 's' });
    const session = await client.acceptNextSession('runs');
    expect(session.sessionId).toBe('s');

    expect(await peer.end('SIGTERM')).toBe(0);
    await client.close();
  });

  test('a refused token keeps the client out', async () => {
    const broker = await startBroker(
      { queues: { q: {} } },
      { port: 0, authorize: ({ audience, type }) => !(audience.endsWith('/q') && type.endsWith('sastoken')) },
    );
    const client = connect(broker.connectionString, { maxRetries: 0 });
    await expect(client.createSender('q').sendMessages({ body: 1 })).rejects.toMatchObject({
      code: 'UnauthorizedAccess',
    });
    expect(broker.counts('q').total).toBe(0);
    await client.close();
    await broker.close();
  });
});
