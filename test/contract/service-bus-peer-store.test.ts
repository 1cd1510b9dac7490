import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { SentMessage } from '../../local/service-bus/store/message.ts';
import { Queue } from '../../local/service-bus/store/queue.ts';
import type { QueueSettings } from '../../local/service-bus/store/settings.ts';
import { deliveryTag, lockToken } from '../../local/service-bus/wire/lock-token.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function createQueue(settings: QueueSettings = {}): Queue {
  const available = () => {};
  return new Queue('q', settings, { available, deadLetters: new Queue('dead', {}, { available }) });
}

function message(id: string, fields: Partial<SentMessage> = {}): SentMessage {
  const nothing = { sessionId: undefined, ttl: undefined, scheduledFor: undefined };
  return { payload: {}, properties: {}, annotations: {}, id, ...nothing, ...fields };
}

/** Takes the next message and returns the token that holds it. */
function takeToken(queue: Queue, sessionId?: string): string {
  const taken = queue.take(sessionId === undefined ? {} : { sessionId });
  if (!taken?.lock) throw new Error('nothing to take');
  return taken.lock.token;
}

test('a message that comes back is delivered before later ones', () => {
  const queue = createQueue();
  queue.send([message('1'), message('2'), message('3')]);
  const [first, second] = [takeToken(queue), takeToken(queue)];
  queue.abandon(second);
  queue.abandon(first);
  expect([queue.take({}), queue.take({}), queue.take({})].map((taken) => taken?.sent.id)).toEqual(['1', '2', '3']);
});

test('an id is forgotten when the duplicate window has passed', () => {
  const queue = createQueue({ duplicateDetectionWindow: 1_000 });
  queue.send([message('same')]);
  vi.advanceTimersByTime(999);
  queue.send([message('same')]);
  expect(queue.counts().total).toBe(1);
  vi.advanceTimersByTime(1);
  queue.send([message('same')]);
  expect(queue.counts().total).toBe(2);
});

test('a schedule beyond the longest timeout of the platform is kept', () => {
  const queue = createQueue();
  const thirtyDays = 30 * 24 * 60 * 60_000;
  queue.send([message('1', { scheduledFor: Date.now() + thirtyDays })]);
  vi.advanceTimersByTime(thirtyDays - 1);
  expect(queue.counts()).toMatchObject({ scheduled: 1, active: 0 });
  vi.advanceTimersByTime(1);
  expect(queue.counts()).toMatchObject({ scheduled: 0, active: 1 });
});

test('a message that expires while held is still its receiver’s, and gone once given back', () => {
  const queue = createQueue({ deadLetterOnExpiration: true });
  queue.send([message('kept', { ttl: 100 }), message('late', { ttl: 100 })]);
  const [kept, late] = [takeToken(queue), takeToken(queue)];
  vi.advanceTimersByTime(200);
  queue.complete(kept);
  queue.abandon(late);
  expect(queue.counts()).toMatchObject({ total: 0, deadLetter: 1 });
});

test('the queue’s own time to live bounds the message’s; expired messages are dropped by default', () => {
  const queue = createQueue({ defaultTtl: 100 });
  queue.send([message('1', { ttl: 60_000 })]);
  vi.advanceTimersByTime(100);
  expect(queue.counts()).toMatchObject({ total: 0, deadLetter: 0 });
});

test('an unknown sequence number takes none of the deferred messages', () => {
  const queue = createQueue();
  const [sequence = 0] = queue.send([message('1')]);
  queue.defer(takeToken(queue));
  expect(() => queue.takeDeferred([sequence, 99])).toThrow(/no deferred message 99/);
  expect(queue.counts()).toMatchObject({ deferred: 1, locked: 0 });
});

test('a deferred message stays deferred when its lock runs out', () => {
  const queue = createQueue({ lockDuration: 100 });
  const [sequence = 0] = queue.send([message('1')]);
  queue.defer(takeToken(queue));
  queue.takeDeferred([sequence]);
  vi.advanceTimersByTime(100);
  expect(queue.counts()).toMatchObject({ deferred: 1, active: 0, locked: 0 });
});

test('the next session is the free one whose message has waited longest', () => {
  const queue = createQueue({ requiresSession: true });
  queue.send(['b', 'a', 'c'].map((sessionId) => message(sessionId, { sessionId })));
  const holder = { sessionLost: () => {} };
  queue.sessions.accept('b', holder);
  expect(queue.nextSession()).toBe('a');
  queue.sessions.release('b', holder);
  expect(queue.nextSession()).toBe('b');
});

test('a former holder cannot release a session that now belongs to another', () => {
  const queue = createQueue({ requiresSession: true, lockDuration: 100 });
  const lost = vi.fn();
  const former = { sessionLost: lost };
  queue.sessions.accept('s', former);
  vi.advanceTimersByTime(100);
  expect(lost).toHaveBeenCalledOnce();
  queue.sessions.accept('s', { sessionLost: () => {} });
  queue.sessions.release('s', former);
  expect(queue.sessions.isHeld('s')).toBe(true);
});

test('a closed queue leaves no timer behind', () => {
  const queue = createQueue();
  queue.send([message('1', { ttl: 100 }), message('2', { scheduledFor: Date.now() + 100 })]);
  takeToken(queue);
  queue.close();
  expect(vi.getTimerCount()).toBe(0);
});

test('a lock token travels as a Guid: the first three groups byte-swapped', () => {
  const token = '00112233-4455-6677-8899-aabbccddeeff';
  expect(deliveryTag(token).toString('hex')).toBe('33221100554477668899aabbccddeeff');
  expect(lockToken(deliveryTag(token))).toBe(token);
});
