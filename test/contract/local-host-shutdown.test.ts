import { ServiceBusClient } from '@azure/service-bus';
import { expect, test } from 'vitest';
import { startBroker } from '../../local/service-bus/broker.ts';
import { quickRetry, seenBy, testHost } from '../support/host.ts';

test('what outlasts the grace period is given back at once, not when its lock runs out', async () => {
  const broker = await startBroker({ queues: { plain: {}, ordered: { requiresSession: true } } }, { port: 0 });
  const client = new ServiceBusClient(broker.connectionString);
  const host = await testHost('queues.ts', {
    settings: { Bus: broker.connectionString, PLAIN_QUEUE: 'plain', SESSION_QUEUE: 'ordered' },
    hostJson: quickRetry(),
    graceMs: 100,
  });
  await client.createSender('plain').sendMessages({ body: { id: 'slow', ms: 1_500 } });
  await client.createSender('ordered').sendMessages({ sessionId: 's', body: { id: 'slow', ms: 1_500 } });
  await seenBy(host, 'slow', 2);

  const started = Date.now();
  await host.close();
  const [plain] = await client.createReceiver('plain').receiveMessages(1, { maxWaitTimeInMs: 500 });
  const session = await client.acceptNextSession('ordered');
  const [ordered] = await session.receiveMessages(1, { maxWaitTimeInMs: 500 });

  expect([plain?.body.id, ordered?.body.id, session.sessionId]).toEqual(['slow', 'slow', 's']);
  expect(Date.now() - started).toBeLessThan(1_400);
  await client.close();
  await broker.close();
});
