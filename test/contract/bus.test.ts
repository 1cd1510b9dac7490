import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceBusReceiver } from '@azure/service-bus';
import { expect, test } from 'vitest';
import { startBroker } from '../../local/service-bus/broker.ts';
import { freePort } from '../../local/stack/azurite.ts';
import { azureBus } from '../../shared/adapters/azure/bus.ts';
import { connectBus } from '../../shared/adapters/azure/connect-bus.ts';
import { memoryBus } from '../../shared/adapters/memory/bus.ts';
import { describeBus, type Seen, type Watched } from '../support/adapters-bus.ts';
import { expectFault } from '../support/adapters-storage.ts';
import { receiveOne, spawnPeer, startPeer } from '../support/service-bus-peer.ts';

const queues = { alerts: { duplicateDetectionWindow: 600_000 }, runs: { requiresSession: true } };

function memory(start = Date.parse('2026-03-01T09:00:00.000Z')) {
  let now = start;
  const bus = memoryBus(() => new Date(now).toISOString());
  const passed = (ms: number) => {
    now += ms;
  };
  return { bus, passed, now: () => now };
}

describeBus('memory', async (): Promise<Watched> => {
  const { bus, passed, now } = memory();
  const kept: Seen[] = [];
  const taken = (queue: string) => {
    for (let next = bus.take(); next; next = bus.take()) kept.push(next);
    return kept
      .splice(0)
      .filter((message) => 'queue' in message && message.queue === queue)
      .map(({ id, session, body }) => ({ id, session, body }));
  };
  return {
    bus,
    now,
    take: async (queue) => taken(queue),
    pass: async (ms) => passed(ms),
    [Symbol.asyncDispose]: async () => {},
  };
});

test('memory: the same hint counts again after ten minutes', async () => {
  const { bus, passed } = memory();
  await bus.alert('alert-1', { reason: 'tick' });
  passed(599_999);
  await bus.alert('alert-1', { reason: 'tick' });
  expect([bus.take()?.id, bus.take()]).toEqual(['alert-1:tick', null]);
  passed(1);
  await bus.alert('alert-1', { reason: 'tick' });
  expect(bus.take()).toMatchObject({ queue: 'alerts', id: 'alert-1:tick', from: '2026-03-01T09:10:00.000Z' });
});

describeBus('azure', async (): Promise<Watched> => {
  const peer = await startPeer({ queues });
  const bus = azureBus(connectBus(peer.broker));
  return {
    bus,
    now: Date.now,
    pass: (ms) => sleep(ms),
    take: async (queue) => {
      if (peer.broker.counts(queue).active === 0) return [];
      const receiver =
        queue === 'runs' ? await peer.client.acceptNextSession(queue) : peer.client.createReceiver(queue);
      const seen = await drain(receiver);
      await receiver.close();
      return seen;
    },
    [Symbol.asyncDispose]: async () => {
      await bus.close();
      await peer[Symbol.asyncDispose]();
    },
  };
});

async function drain(receiver: ServiceBusReceiver): Promise<Seen[]> {
  const seen: Seen[] = [];
  for (;;) {
    const messages = await receiver.receiveMessages(10, { maxWaitTimeInMs: 200 });
    if (messages.length === 0) return seen;
    for (const message of messages) {
      expect(message.contentType).toBe('application/json');
      seen.push({ id: message.messageId, session: message.sessionId ?? null, body: message.body });
      await receiver.completeMessage(message);
    }
  }
}

test('azure: goes on where the namespace was killed and came back at the same address', async () => {
  const first = await spawnPeer();
  const bus = azureBus(connectBus(first.ready));
  await bus.alert('alert-1', { reason: 'received' });
  await first.end('SIGKILL');
  const startedAt = performance.now();
  await expectFault(bus.alert('alert-2', { reason: 'received' }), 'retry', 'bus-unreachable');
  expect(performance.now() - startedAt).toBeLessThan(5_000);

  const second = await spawnPeer(first.ready.port);
  await bus.alert('alert-3', { reason: 'received' });
  await bus.run('run-1', 'identity-1', { reason: 'opened' });
  const client = connectBus(second.ready);
  expect((await receiveOne(client.createReceiver('alerts'))).body).toEqual({ alert: 'alert-3' });
  expect((await receiveOne(await client.acceptSession('runs', 'identity-1'))).body).toEqual({ run: 'run-1' });
  await client.close();
  await bus.close();
  expect(await second.end('SIGTERM')).toBe(0);
});

test('azure: a connection that breaks between two messages goes unnoticed', async () => {
  await using peer = await startPeer({ queues });
  const bus = azureBus(connectBus(peer.broker));
  await bus.alert('alert-1', { reason: 'received' });
  peer.broker.dropConnections();
  // A moment to notice: what is sent into a dead socket before that waits for its answer until the client's timeout.
  await sleep(50);
  await bus.alert('alert-2', { reason: 'received' });
  expect(peer.broker.counts('alerts').active).toBe(2);
  await bus.close();
});

test('azure: a namespace nobody can reach is a retry, in bounded time', async () => {
  const nowhere = `Endpoint=sb://127.0.0.1:${await freePort()};SharedAccessKeyName=x;SharedAccessKey=x;UseDevelopmentEmulator=true`;
  const bus = azureBus(connectBus({ connectionString: nowhere }));
  const startedAt = performance.now();
  await expectFault(bus.alert('alert-1', { reason: 'received' }), 'retry', 'bus-unreachable');
  expect(performance.now() - startedAt).toBeLessThan(5_000);
  await bus.close();
});

test('azure: a key the namespace does not know is for a person', async () => {
  const broker = await startBroker({ queues }, { port: 0, authorize: () => false });
  const bus = azureBus(connectBus(broker));
  await expectFault(bus.alert('alert-1', { reason: 'received' }), 'halt', 'bus-refused');
  await bus.close();
  await broker.close();
});

test('azure: a queue that does not exist is for a person', async () => {
  await using peer = await startPeer({ queues: { runs: queues.runs } });
  const bus = azureBus(connectBus(peer.broker));
  await expectFault(bus.alert('alert-1', { reason: 'received' }), 'halt', 'bus-refused');
  await bus.close();
});

test('azure: connected before there is a message, it takes the first one over what is open', async () => {
  await using peer = await startPeer({ queues });
  const bus = azureBus(connectBus(peer.broker));
  await bus.open();
  await bus.alert('alert-1', { reason: 'received' });
  expect((await receiveOne(peer.client.createReceiver('alerts'))).messageId).toBe('alert-1:received');
  await bus.close();
});
