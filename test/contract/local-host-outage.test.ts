import { ServiceBusClient } from '@azure/service-bus';
import { afterEach, expect, test } from 'vitest';
import { type BusProcess, type HostProcess, quickRetry, seenBy, spawnBus, spawnHost } from '../support/host.ts';

const QUEUES = { PLAIN_QUEUE: 'alerts', SESSION_QUEUE: 'runs' };

const running: { kill(): Promise<unknown> }[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.kill()));
});

function keep<T extends { kill(): Promise<unknown> }>(started: T): T {
  running.push(started);
  return started;
}

async function hostFor(connectionString: string): Promise<HostProcess> {
  const settings = { ...QUEUES, Bus: connectionString };
  return keep(await spawnHost('queues.ts', { settings, hostJson: quickRetry({ sessionIdleTimeout: '00:00:00.2' }) }));
}

async function send(bus: BusProcess, id: string, ms = 0): Promise<void> {
  const client = new ServiceBusClient(bus.connectionString);
  await client.createSender('alerts').sendMessages({ body: { id, ms } });
  await client.createSender('runs').sendMessages({ sessionId: id, body: { id, ms } });
  await client.close();
}

test('the bus dies without a word and comes back: both queues are read again', async () => {
  const first = keep(await spawnBus(0));
  const host = await hostFor(first.connectionString);
  await send(first, 'before');
  expect(await seenBy(host, 'before', 2)).toHaveLength(2);

  await first.kill();
  const second = keep(await spawnBus(first.port));
  await send(second, 'after');
  const seen = await seenBy(host, 'after', 2, 10_000);
  expect(seen.map(({ fn }) => fn).toSorted()).toEqual(['ordered', 'plain']);
});

test('a host that starts before its bus reads it once it is there', async () => {
  const early = await spawnBus(0);
  await early.kill();
  const host = await hostFor(early.connectionString);
  const bus = keep(await spawnBus(early.port));
  await send(bus, 'late');
  expect(await seenBy(host, 'late', 2, 10_000)).toHaveLength(2);
});

test('a host stops at once while its bus is away', async () => {
  const bus = keep(await spawnBus(0));
  const host = await hostFor(bus.connectionString);
  await bus.kill();
  const started = Date.now();
  expect(await host.stop()).toBe(0);
  expect(Date.now() - started).toBeLessThan(5_000);
});

test('stopping waits for what runs; nothing is left locked and nothing is delivered twice', async () => {
  const bus = keep(await spawnBus(0));
  const host = await hostFor(bus.connectionString);
  await send(bus, 'running', 400);
  await seenBy(host, 'running', 2);
  expect(await host.stop()).toBe(0);

  const client = new ServiceBusClient(bus.connectionString, { retryOptions: { maxRetries: 0, timeoutInMs: 300 } });
  const left = await client.createReceiver('alerts').receiveMessages(1, { maxWaitTimeInMs: 200 });
  expect(left).toEqual([]);
  await expect(client.acceptNextSession('runs')).rejects.toMatchObject({ code: expect.stringMatching(/Timeout/) });
  await client.close();
});
