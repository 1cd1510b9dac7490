import { beforeEach, describe, expect, test } from 'vitest';
import { memoryCards } from '../../../shared/adapters/memory/cards.ts';
import { memoryLedger } from '../../../shared/adapters/memory/ledger.ts';
import { later } from '../../../shared/domain/duration.ts';
import { Fault } from '../../../shared/domain/fault.ts';
import { type JsonObject, toJson } from '../../../shared/domain/json.ts';
import { standingOf } from '../../../shared/domain/standing.ts';
import { type Presenting, presentDue, presentRun } from '../../../shared/engine/present.ts';
import type { Channel } from '../../../shared/ports-channels.ts';
import type { Told } from '../../support/domain-run.ts';
import { type Story, stories } from '../../support/teams-runs.ts';
import { clockwork } from '../../support/world-clock.ts';

const start = '2026-03-01T12:00:00.000Z';

/** A channel that notes what it was sent; `trouble` is asked before each sending. */
function board(name = 'board', replaces = true) {
  const sent: { verb: 'post' | 'replace'; at: string; content: JsonObject }[] = [];
  let ids = 0;
  const self = {
    sent,
    trouble: (): Fault | null => null,
    lost: (): Fault | null => null,
    during: async (): Promise<void> => {},
    channel: {
      name,
      replaces,
      contentOf: (run) => ({ run: run.id, standing: standingOf(run) }),
      digestOf: (runs) => ({ runs: runs.map((run) => `${run.id} ${standingOf(run)}`) }),
      post: async (content) => {
        const trouble = self.trouble();
        if (trouble) throw trouble;
        ids += 1;
        sent.push({ verb: 'post', at: `at-${ids}`, content });
        await self.during();
        const lost = self.lost();
        if (lost) throw lost;
        return `at-${ids}`;
      },
      replace: async (at, content) => {
        const trouble = self.trouble();
        if (trouble) throw trouble;
        sent.push({ verb: 'replace', at, content });
        await self.during();
      },
    } satisfies Channel,
  };
  return self;
}

let to: ReturnType<typeof board>;
let parts: Presenting & { ledger: ReturnType<typeof memoryLedger> };
let clock: ReturnType<typeof clockwork>;

beforeEach(() => {
  clock = clockwork(start);
  to = board();
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  parts = { ledger: memoryLedger(), cards: memoryCards(), channels: [to.channel], clock: clock.now, log };
});

/** Writes what is not yet written of a story. */
async function tell(story: Story, run = 'run-1'): Promise<void> {
  const entries = [...(await parts.ledger.read(run))];
  const told: readonly Told[] = stories[story];
  for (const { time, type, data } of told.slice(entries.length))
    entries.push(
      await parts.ledger.append(run, entries.at(-1) ?? null, { time, type, actor: 'quell', data: toJson(data) }),
    );
}
const shown = () => to.sent.map(({ verb, at, content }) => `${verb} ${at} ${content.standing ?? content.runs}`);
const busy = (ms?: number) => new Fault('retry', 'busy', 'busy', ms === undefined ? {} : { retryAfterMs: ms });

describe('presenting', () => {
  test('posts once, replaces on every change, and is quiet where nothing moved', async () => {
    await tell('pending');
    for (let times = 0; times < 3; times += 1) await presentRun(parts, 'run-1');
    await tell('decided');
    for (let times = 0; times < 3; times += 1) await presentRun(parts, 'run-1');
    await tell('executed');
    await presentRun(parts, 'run-1');
    expect(shown()).toEqual(['post at-1 asking', 'replace at-1 decided', 'replace at-1 done']);
    expect(await parts.cards.due('9999-01-01T00:00:00.000Z', 10)).toEqual([]);
  });

  test('what is shown right after a click is shown once more, since the answer to the click may cover it', async () => {
    const clicked = stories.executed.find(({ type }) => type === 'decided')?.time ?? '';
    clock = clockwork(later(clicked, -1000));
    parts = { ...parts, clock: clock.now };
    await tell('pending');
    await presentRun(parts, 'run-1');
    clock.move(2000);
    await tell('executed');
    for (let times = 0; times < 3; times += 1) await presentRun(parts, 'run-1');
    clock.move(13_000);
    expect(await presentDue(parts)).toBe(0);
    clock.move(1000);
    expect(await presentDue(parts)).toBe(1);
    expect(shown()).toEqual(['post at-1 asking', 'replace at-1 done', 'replace at-1 done']);
    expect(await parts.cards.due('9999-01-01T00:00:00.000Z', 10)).toEqual([]);
  });

  test('shows nothing of a run that asked nobody, and nothing new of one that is over', async () => {
    await parts.ledger.append('run-1', null, {
      time: start,
      type: 'run-opened',
      actor: 'quell',
      data: toJson(stories.pending[0]?.data ?? {}),
    });
    await presentRun(parts, 'run-1');
    await tell('expired', 'run-2');
    await presentRun(parts, 'run-2');
    expect(to.sent).toEqual([]);
  });

  test('what is not over is compared again by the timer', async () => {
    await tell('pending');
    await presentRun(parts, 'run-1');
    await tell('expired');
    expect(await presentDue(parts)).toBe(0);
    clock.move(16 * 60_000);
    expect(await presentDue(parts)).toBe(1);
    expect(shown()).toEqual(['post at-1 asking', 'replace at-1 expired']);
  });

  test('a channel that is down keeps nobody: it is shown later, at the time the channel named', async () => {
    await tell('pending');
    to.trouble = () => busy(90_000);
    await presentRun(parts, 'run-1');
    clock.move(89_000);
    await presentDue(parts);
    expect(to.sent).toEqual([]);
    await tell('decided');
    to.trouble = () => null;
    clock.move(1000);
    await presentDue(parts);
    expect(shown()).toEqual(['post at-1 decided']);
  });

  test('tries less and less often, at most every hour', async () => {
    await tell('pending');
    let tries = 0;
    to.trouble = () => {
      tries += 1;
      return busy();
    };
    await presentRun(parts, 'run-1');
    for (let minutes = 0; minutes < 24 * 60; minutes += 1) {
      clock.move(60_000);
      await presentDue(parts);
    }
    expect(tries).toBeGreaterThan(24);
    expect(tries).toBeLessThan(40);
  });

  test('a card that is gone is posted anew, also with the result', async () => {
    await tell('pending');
    await presentRun(parts, 'run-1');
    await tell('executed');
    let gone = true;
    to.trouble = () => {
      const fault = gone ? new Fault('reject', 'card-gone', 'gone') : null;
      gone = false;
      return fault;
    };
    await presentRun(parts, 'run-1');
    expect(shown()).toEqual(['post at-1 asking', 'post at-2 done']);
  });

  test('two workers at once post one card; what moved meanwhile is shown by the one who is at it', async () => {
    await tell('pending');
    to.during = async () => {
      to.during = async () => {};
      await tell('decided');
      await presentRun(parts, 'run-1');
    };
    await presentRun(parts, 'run-1');
    expect(shown()).toEqual(['post at-1 asking', 'replace at-1 decided']);
    await tell('pending', 'run-2');
    await Promise.all([presentRun(parts, 'run-2'), presentRun(parts, 'run-2')]);
    expect(shown().filter((line) => line.startsWith('post'))).toHaveLength(2);
  });

  test('killed while posting: nobody posts for 30 s, then it is posted again rather than not at all', async () => {
    await tell('pending');
    to.during = () => Promise.reject(new Error('killed'));
    const cards = parts.cards;
    const dying = {
      ...parts,
      cards: {
        ...cards,
        put: (card, seen) => (card.failures > 0 ? Promise.reject(new Error('killed')) : cards.put(card, seen)),
      },
    } satisfies Presenting;
    await expect(presentRun(dying, 'run-1')).rejects.toThrow('killed');
    to.during = async () => {};
    await presentRun(parts, 'run-1');
    clock.move(29_000);
    await presentDue(parts);
    expect(to.sent).toHaveLength(1);
    clock.move(1000);
    await presentDue(parts);
    expect(shown()).toEqual(['post at-1 asking', 'post at-2 asking']);
  });

  test('where the answer to a posting is lost, it is posted again later and not at once', async () => {
    await tell('pending');
    to.lost = () => new Fault('uncertain', 'no-answer', 'no answer');
    await presentRun(parts, 'run-1');
    to.lost = () => null;
    await presentRun(parts, 'run-1');
    expect(to.sent).toHaveLength(1);
    clock.move(15_000);
    await presentDue(parts);
    expect(to.sent).toHaveLength(2);
  });
});

describe('a storm', () => {
  const storm = async (count: number) => {
    for (let index = 0; index < count; index += 1) {
      await tell('pending', `run-${index}`);
      await presentRun(parts, `run-${index}`);
    }
  };

  test('of 25 is six cards and one digest, replaced at most every five seconds', async () => {
    await storm(25);
    const posts = to.sent.filter(({ verb }) => verb === 'post');
    expect(posts).toHaveLength(7);
    expect(to.sent).toHaveLength(7);
    clock.move(5000);
    await presentDue(parts);
    expect(to.sent).toHaveLength(8);
    expect(to.sent.at(-1)?.content.runs).toHaveLength(19);
    for (let index = 6; index < 25; index += 1) {
      await tell('decided', `run-${index}`);
      await presentRun(parts, `run-${index}`);
    }
    expect(to.sent).toHaveLength(8);
    clock.move(5000);
    await presentDue(parts);
    expect(to.sent).toHaveLength(9);
    expect(to.sent.at(-1)?.at).toBe('at-7');
    expect(to.sent.at(-1)?.content.runs).toEqual(
      Array.from({ length: 19 }, () => expect.stringMatching(/^run-\d+ decided$/)),
    );
  });

  test('stays within what Teams takes: 60 in 30 s, 7 in 1 s', async () => {
    const times: number[] = [];
    to.during = async () => void times.push(Date.parse(clock.now()));
    let opened = 0;
    for (let second = 0; second < 90; second += 1) {
      for (let index = 0; index < 3; index += 1, opened += 1) {
        await tell('pending', `run-${opened}`);
        await presentRun(parts, `run-${opened}`);
      }
      if (second % 10 === 0) await presentDue(parts);
      clock.move(1000);
    }
    expect(opened).toBe(270);
    const most = (ms: number) =>
      Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + ms).length));
    expect(most(1000)).toBeLessThanOrEqual(7);
    expect(most(30_000)).toBeLessThan(60);
    expect(times.length).toBeLessThan(60);
  });
});

describe('a channel where nothing can be replaced', () => {
  beforeEach(() => {
    to = board('mail', false);
    parts = { ...parts, channels: [to.channel] };
  });

  test('is told once that somebody is asked', async () => {
    await tell('pending');
    await presentRun(parts, 'run-1');
    await tell('executed');
    await presentRun(parts, 'run-1');
    clock.move(3600_000);
    await presentDue(parts);
    expect(shown()).toEqual(['post at-1 asking']);
  });

  test('gets a storm as one message, a minute later', async () => {
    for (let index = 0; index < 25; index += 1) {
      await tell('pending', `run-${index}`);
      await presentRun(parts, `run-${index}`);
    }
    expect(to.sent).toHaveLength(6);
    clock.move(60_000);
    await presentDue(parts);
    await presentDue(parts);
    expect(to.sent).toHaveLength(7);
    expect(to.sent.at(-1)?.content.runs).toHaveLength(19);
  });
});
