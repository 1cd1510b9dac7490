import { ServiceBusClient, type ServiceBusMessage } from '@azure/service-bus';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Broker, startBroker } from '../../local/service-bus/broker.ts';
import { eventually, quickRetry, type Seen, seenBy, type TestHost, testHost } from '../support/host.ts';

const PLAIN = { lockDuration: 1_000, maxDeliveryCount: 4 };
const ORDERED = { lockDuration: 1_000, maxDeliveryCount: 4, requiresSession: true };

let broker: Broker;
let bus: ServiceBusClient;
let host: TestHost;

beforeAll(async () => {
  broker = await startBroker({ queues: { plain: PLAIN, ordered: ORDERED } }, { port: 0 });
  bus = new ServiceBusClient(broker.connectionString);
  host = await testHost('queues.ts', {
    settings: { Bus: broker.connectionString, PLAIN_QUEUE: 'plain', SESSION_QUEUE: 'ordered' },
    hostJson: quickRetry({ maxConcurrentCalls: 4, maxConcurrentSessions: 3, sessionIdleTimeout: '00:00:00.2' }),
  });
});

afterAll(async () => {
  await host.close();
  await bus.close();
  await broker.close();
});

async function send(queue: string, messages: ServiceBusMessage[]): Promise<void> {
  const sender = bus.createSender(queue);
  await sender.sendMessages(messages);
  await sender.close();
}

const isEmpty = (queue: string): Promise<true> =>
  eventually(() => {
    const { active, locked } = broker.counts(queue);
    return active + locked === 0 ? true : undefined;
  });

describe('a plain queue', () => {
  test('a message reaches the function as the real host would hand it over, and is completed', async () => {
    await send('plain', [
      {
        body: { id: 'full', nested: { Keep: 1 } },
        messageId: 'message-1',
        correlationId: 'correlation',
        subject: 'subject',
        contentType: 'application/json',
        applicationProperties: { source: 'test', Count: 3 },
      },
    ]);
    const [seen] = await seenBy(host, 'full', 1);
    expect(seen?.body).toEqual({ id: 'full', nested: { Keep: 1 } });
    expect(seen?.metadata).toMatchObject({
      messageId: 'message-1',
      correlationId: 'correlation',
      subject: 'subject',
      label: 'subject',
      contentType: 'application/json',
      deliveryCount: 1,
      sequenceNumber: expect.any(Number),
      enqueuedTimeUtc: expect.stringMatching(/^\d{4}-.*Z$/),
      lockToken: expect.any(String),
      // The library lowers the first letter of every key it finds in metadata, the sender's own included.
      applicationProperties: { source: 'test', count: 3 },
      userProperties: { source: 'test', count: 3 },
    });
    await isEmpty('plain');
  });

  test('text that is not JSON stays text, and digits become a number, as there', async () => {
    await send('plain', [{ body: Buffer.from('not {json') }, { body: Buffer.from('12345678901234567890') }]);
    const bodies = await eventually(async () => {
      const found = ((await host.get('/api/seen')) as Seen[])
        .map(({ body }) => body)
        .filter((b) => typeof b !== 'object');
      return found.length === 2 ? found : undefined;
    });
    expect(bodies).toEqual(expect.arrayContaining(['not {json', 12345678901234567000]));
  });

  test('a function that throws gets the message again, counted', async () => {
    await send('plain', [{ body: { id: 'again', failures: 2 } }]);
    const seen = await seenBy(host, 'again', 3);
    expect(seen.map(({ metadata }) => metadata.deliveryCount)).toEqual([1, 2, 3]);
    await isEmpty('plain');
  });

  test('a function that always throws sends the message to the dead letters', async () => {
    await send('plain', [{ body: { id: 'poison', failures: 99 } }]);
    await eventually(() => (broker.counts('plain/$DeadLetterQueue').active === 1 ? true : undefined));
    expect(await seenBy(host, 'poison', 4)).toHaveLength(4);
  });

  test('messages run side by side up to the limit', async () => {
    await send(
      'plain',
      [1, 2, 3, 4, 5, 6].map(() => ({ body: { id: 'side', ms: 150 } })),
    );
    await isEmpty('plain');
    const seen = await seenBy(host, 'side', 6);
    expect(mostAtOnce(seen)).toBe(4);
  });
});

describe('a queue with sessions', () => {
  test('one session is in order and alone, different sessions run side by side', async () => {
    const messages = [0, 1, 2].flatMap((n) =>
      ['a', 'b', 'c', 'd'].map((sessionId) => ({ sessionId, body: { id: `turn-${sessionId}`, n, ms: 60 } })),
    );
    await send('ordered', messages);
    const turns = await Promise.all(['a', 'b', 'c', 'd'].map((session) => seenBy(host, `turn-${session}`, 3)));
    for (const turn of turns) {
      expect(turn.map(({ body }) => (body as { n: number }).n)).toEqual([0, 1, 2]);
      expect(mostAtOnce(turn)).toBe(1);
    }
    expect(mostAtOnce(turns.flat())).toBe(3);
    expect(turns[0]?.[0]?.metadata).toMatchObject({ sessionId: 'a', deliveryCount: 1 });
    await isEmpty('ordered');
  });

  test('a failing message comes back before the ones behind it', async () => {
    await send('ordered', [
      { sessionId: 's', body: { id: 'retry', n: 1, failures: 1 } },
      { sessionId: 's', body: { id: 'retry', n: 2 } },
    ]);
    const seen = await seenBy(host, 'retry', 3);
    expect(seen.map(({ body, metadata }) => [(body as { n: number }).n, metadata.deliveryCount])).toEqual([
      [1, 1],
      [1, 2],
      [2, 1],
    ]);
  });
});

test('locks, of messages and of sessions, are renewed while a function runs', async () => {
  const body = { id: 'long', ms: 2_500 };
  await send('plain', [{ body }]);
  await send('ordered', [{ sessionId: 'long', body }]);
  await eventually(async () => {
    const seen = await seenBy(host, 'long', 2);
    return seen.every(({ ended }) => ended) ? true : undefined;
  });
  await isEmpty('plain');
  await isEmpty('ordered');
  expect(await seenBy(host, 'long', 2)).toHaveLength(2);
});

function mostAtOnce(seen: Seen[]): number {
  return Math.max(
    ...seen.map(({ started }) => seen.filter((other) => other.started <= started && started < other.ended).length),
  );
}
