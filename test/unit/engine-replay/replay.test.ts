import { beforeAll, describe, expect, test } from 'vitest';
import { Fault } from '../../../shared/domain/fault.ts';
import { type ReplayRequest, replay } from '../../../shared/engine/replay.ts';
import { select } from '../../../shared/engine/select.ts';
import type { Caller } from '../../../shared/ports.ts';
import { expectFault } from '../../support/adapters-storage.ts';
import { approver, claims, playbook, quiet, raise, runs, type Stack, stackOf, untilEnd } from '../../support/engine.ts';
import { countSockets } from '../../support/sockets.ts';
import { day } from '../../support/world-clock.ts';
import { userId } from '../../support/world-state.ts';

const responder: Caller = { id: userId(903), name: 'Rae', roles: ['Quell.Responder'] };
const ask: ReplayRequest = { kind: 'explain', journal: null, select: {}, after: null, reason: null, preview: false };

let stack: Stack;
beforeAll(async () => {
  stack = stackOf([playbook('inactive-user-review'), playbook('inactive-user-delete')], 'observe');
  for (let n = 0; n < 130; n += 1) {
    const nominations = [{ kind: 'user', by: 'id', value: userId(1 + (n % 3)) }] as const;
    const received = { ...claims(), nominations: [...nominations], dedupeKey: `alert ${n}` };
    await raise(stack.engine, received);
    await quiet(stack);
    stack.clock.move(day / 10);
  }
  await untilEnd(stack);
});

describe('a selection of runs', () => {
  test('comes in pages that can be gone on from, each run once, newest first', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page = await select(stack.engine, {}, after, 40);
      seen.push(...page.runs.map(({ run }) => run.id));
      after = page.next;
    } while (after !== null);
    expect(new Set(seen).size).toBe(130);
    expect(seen).toHaveLength(130);
  });

  test.each([
    ['outcome', { outcome: 'observed' }, 130],
    ['another outcome', { outcome: 'failed' }, 0],
    ['rule', { rule: 'inactive-users' }, 130],
    ['source', { source: 'plain' }, 130],
    ['another source', { source: 'generic' }, 0],
    ['playbook', { playbook: 'inactive-user-delete' }, 130],
    ['object id', { identity: userId(1) }, 44],
    ['name', { identity: 'USER2@example.com' }, 43],
  ])('narrows by %s', async (_what, selection, count) => {
    let [found, after]: [number, string | null] = [0, null];
    do {
      const page = await select(stack.engine, selection, after, 50);
      found += page.runs.length;
      after = page.next;
    } while (after !== null);
    expect(found).toBe(count);
  });

  test('narrows by time, both ends belonging to it', async () => {
    const asked: object[] = [];
    const runsOf = async (query: object) => {
      asked.push(query);
      return [];
    };
    const index = { runs: runsOf };
    const [since, until] = ['2026-03-01T12:00:00.000Z', '2026-03-02T12:00:00.000Z'];
    await select({ ...stack.engine, index }, { since, until }, null, 7);
    await select({ ...stack.engine, index }, {}, null, 7);
    expect(asked).toEqual([{ limit: 7, from: since, before: '2026-03-02T12:00:00.001Z' }, { limit: 7 }]);
  });

  test('a cursor that is none is refused', async () => {
    await expectFault(select(stack.engine, {}, 'nonsense'), 'reject', 'wrong-cursor');
  });
});

describe('replaying', () => {
  test('explains page after page, and changes nothing', async () => {
    const sockets = countSockets();
    const [before, sent] = [stack.trace.length, stack.far.sent.length];
    let [count, after]: [number, string | null] = [0, null];
    do {
      const page = await replay(stack.engine, { ...ask, after }, responder);
      count += page.results.filter(({ verdict }) => verdict === 'same').length;
      after = page.next;
    } while (after !== null);
    sockets.stop();
    expect([count, stack.trace.length, stack.far.sent.length, sockets.opened()]).toEqual([130, before, sent, 0]);
  });

  test('asks about an alert once, however many runs', async () => {
    const { results } = await replay(stack.engine, { ...ask, kind: 'what-if' }, responder);
    expect(results).toHaveLength(5);
    expect(new Set(results.map(({ journal }) => journal)).size).toBe(5);
  });

  test('redriving what is finished does nothing, in pages or by name', async () => {
    const before = stack.trace.length;
    const wanted = { ...ask, kind: 'redrive', reason: 'again' } as const;
    expect((await replay(stack.engine, wanted, responder)).results).toEqual([]);
    const [run] = await runs(stack);
    await expectFault(replay(stack.engine, { ...wanted, journal: run?.id ?? '' }, responder), 'conflict', 'not-failed');
    expect(stack.trace.length).toBe(before);
  });

  test('needs the right for its kind, and redriving a reason', async () => {
    const author: Caller = { ...responder, roles: ['Quell.Author'] };
    await replay(stack.engine, ask, author);
    await expectFault(replay(stack.engine, { ...ask, kind: 'redrive', reason: 'x' }, author), 'refuse', 'role-missing');
    await expectFault(replay(stack.engine, ask, approver), 'refuse', 'role-missing');
    await expectFault(replay(stack.engine, { ...ask, kind: 'redrive' }, responder), 'reject', 'reason-missing');
  });

  test('one that fails does not keep the others from being told; what is down is asked again later', async () => {
    const { alert } = (await runs(stack))[0]?.opened ?? { alert: '' };
    const wanted = { ...ask, select: {}, kind: 'what-if' } as const;
    const blind = (fault: Fault) => ({
      ...stack.engine,
      ledger: {
        ...stack.engine.ledger,
        read: async (journal: string) => {
          if (journal === alert) throw fault;
          return stack.engine.ledger.read(journal);
        },
      },
    });
    const toldWith = async (fault: Fault) => {
      let [results, next]: [object[], string | null] = [[], null];
      do {
        const page = await replay(blind(fault), { ...wanted, after: next }, responder);
        results = [...results, ...page.results];
        next = page.next;
      } while (next !== null && !results.some((one) => 'failed' in one));
      return results;
    };
    const told = await toldWith(new Fault('halt', 'ledger-broken', 'it is broken'));
    expect(told).toContainEqual({ journal: alert, failed: { code: 'ledger-broken', message: 'it is broken' } });
    await expect(toldWith(new Fault('retry', 'storage-down', 'x'))).rejects.toMatchObject({ code: 'storage-down' });
  });

  test('a preview says what would be redriven, and does not', async () => {
    const failed = stackOf([playbook('inactive-user-delete')], 'enforce');
    failed.far.trouble = () => ({ when: 'before', fault: new Fault('refuse', 'forbidden', 'no') });
    await raise(failed.engine);
    await untilEnd(failed);
    const [run] = await runs(failed);
    expect(run?.ended?.outcome).toBe('failed');
    const before = failed.trace.length;
    const wanted = { ...ask, kind: 'redrive', preview: true } as const;
    expect((await replay(failed.engine, wanted, responder)).results).toEqual([{ journal: run?.id, redriven: false }]);
    expect(failed.trace.length).toBe(before);
    const done = await replay(failed.engine, { ...wanted, preview: false, reason: 'again' }, responder);
    expect(done.results).toEqual([{ journal: run?.id, redriven: true }]);
    const last = (await failed.engine.ledger.read(run?.id ?? '')).at(-1);
    expect(last).toMatchObject({ type: 'redriven', data: { reason: 'again' } });
  });
});
