import { describe, expect, test } from 'vitest';
import { Fault } from '../../../shared/domain/fault.ts';
import { type Heard, limiterOf, type Quota, quotas } from '../../../shared/systems/limiter.ts';
import { clockwork } from '../../support/world-clock.ts';

const fine: Heard = { busy: false, waitMs: null };
const busy = (waitMs: number | null): Heard => ({ busy: true, waitMs });
const wide: Quota = { read: { perSecond: 1000, burst: 1000 }, write: { perSecond: 1000, burst: 1000 } };

function world(quota: Quota = wide) {
  const clock = clockwork('2026-03-01T12:00:00.000Z');
  const slept: number[] = [];
  const sleep = async (ms: number) => {
    slept.push(ms);
    clock.move(ms);
  };
  const limiter = limiterOf('the far side', quota, { clock: clock.now, sleep });
  const sent: string[] = [];
  const send = (answer: Heard | Error = fine, writes = true) =>
    limiter.send(writes, async () => {
      sent.push(clock.now());
      if (answer instanceof Error) throw answer;
      return answer;
    });
  return { clock, slept, sent, send, limiter };
}

const paused = (retryAfterMs: number) => ({ disposition: 'retry', code: 'paused', retryAfterMs });

describe('a far side that asks to be left alone', () => {
  test('is left alone by everybody until the time it named, and not a moment less', async () => {
    const { send, sent, clock } = world();
    await send(busy(30_000));
    clock.move(29_999);
    await expect(send()).rejects.toMatchObject(paused(1));
    await expect(send(fine, false)).rejects.toMatchObject(paused(1));
    clock.move(1);
    await send();
    expect(sent).toHaveLength(2);
  });

  test('and names no time: five seconds, doubling, to five minutes, and from the beginning once it answers', async () => {
    const { send, clock } = world();
    for (const pause of [5, 10, 20, 40, 80, 160, 300, 300]) {
      await send(busy(null));
      await expect(send()).rejects.toMatchObject(paused(pause * 1000));
      clock.move(pause * 1000);
    }
    await send();
    await send(busy(null));
    await expect(send()).rejects.toMatchObject(paused(5000));
  });

  test('a shorter time named later does not end the longer one', async () => {
    const { limiter, clock } = world();
    const answer = Promise.withResolvers<Heard>();
    const late = limiter.send(true, () => answer.promise);
    await limiter.send(true, async () => busy(60_000));
    answer.resolve(busy(1_000));
    await late;
    clock.move(59_999);
    await expect(limiter.send(true, async () => fine)).rejects.toMatchObject(paused(1));
  });

  test('one call tries, and the others wait for what it hears', async () => {
    const { limiter, clock, sent, send } = world();
    await send(busy(1_000));
    clock.move(1_000);
    const answer = Promise.withResolvers<Heard>();
    const first = limiter.send(true, () => answer.promise);
    const others = [send(), send(), send()];
    await Promise.resolve();
    expect(sent).toHaveLength(1);
    answer.resolve(busy(7_000));
    await first;
    for (const one of await Promise.allSettled(others)) expect(one).toMatchObject({ reason: paused(7_000) });
    clock.move(7_000);
    await send();
    await Promise.all([send(), send()]);
    expect(sent).toHaveLength(4);
  });

  test('and then does not answer at all: the next one tries', async () => {
    const { send, clock, sent } = world();
    await send(busy(1_000));
    clock.move(1_000);
    await expect(send(new Fault('uncertain', 'no-answer', 'gone'))).rejects.toMatchObject({ code: 'no-answer' });
    await send();
    expect(sent).toHaveLength(3);
  });
});

describe('a quota', () => {
  const narrow: Quota = { read: { perSecond: 100, burst: 1 }, write: { perSecond: 2, burst: 3 } };

  test('lets a few go at once, then as many a second as it says', async () => {
    const { send, slept } = world(narrow);
    for (let count = 0; count < 6; count += 1) await send();
    expect(slept).toEqual([500, 500, 500]);
  });

  test('is one for reading and one for writing', async () => {
    const { send, slept } = world(narrow);
    for (let count = 0; count < 3; count += 1) await send();
    await send(fine, false);
    expect(slept).toEqual([]);
  });

  test('lets nobody wait long: who would have to is told when to come, and takes nothing', async () => {
    const { limiter, clock, sent, send } = world(narrow);
    const still = limiterOf('x', narrow, { clock: clock.now, sleep: async () => undefined });
    for (let count = 0; count < 7; count += 1) await still.send(true, async () => fine);
    await expect(still.send(true, async () => fine)).rejects.toMatchObject({ code: 'paused' });
    await expect(still.send(true, async () => fine)).rejects.toMatchObject({ code: 'paused' });
    clock.move(5_000);
    await still.send(true, async () => fine);
    await limiter.send(true, async () => fine);
    await send();
    expect(sent).toHaveLength(1);
  });

  test('in any ten seconds stays below what is documented', async () => {
    const { send, sent } = world(quotas.graph);
    for (let count = 0; count < 400; count += 1) await send();
    const times = sent.map((time) => Date.parse(time));
    const most = Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 150_000).length));
    expect(most).toBeLessThan(0.8 * 3_000);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(((400 - 50) / 10) * 1000 - 1000);
  });

  test('a clock that is set back fills nothing', async () => {
    const { send, slept, clock } = world(narrow);
    for (let count = 0; count < 3; count += 1) await send();
    clock.move(-3_600_000);
    await send();
    expect(slept).toEqual([500]);
  });
});
