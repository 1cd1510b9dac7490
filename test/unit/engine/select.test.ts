import { describe, expect, test } from 'vitest';
import { select } from '../../../shared/engine/select.ts';
import { claims, onlyRun, playbook, quiet, raise, stackOf, start } from '../../support/engine.ts';
import { userId } from '../../support/world-state.ts';

/** Three runs that were observed. */
async function three() {
  const stack = stackOf([playbook('inactive-user-delete')], 'observe');
  const nominations = [1, 2, 3].map((n) => ({ kind: 'user', by: 'id', value: userId(n) }) as const);
  await raise(stack.engine, claims({ nominations }));
  await quiet(stack);
  return stack;
}

describe('a page of runs', () => {
  test('says where to go on where it is full, and ends where it is not', async () => {
    const { engine } = await three();
    const first = await select(engine, {}, null, 2);
    expect([first.runs.length, first.looked, typeof first.next]).toEqual([2, 2, 'string']);
    const second = await select(engine, {}, first.next, 2);
    expect([second.runs.length, second.looked, second.next]).toEqual([1, 1, null]);
    const ids = [...first.runs, ...second.runs].map(({ run }) => run.id);
    expect(new Set(ids).size).toBe(3);
  });

  test('has no run that was listed and never opened, and none that is not meant', async () => {
    const { engine } = await three();
    await engine.index.list({ run: 'run-never', alert: 'alert-1', identity: userId(1), receivedAt: start });
    const all = await select(engine, {}, null, 10);
    expect([all.runs.length, all.looked]).toEqual([3, 4]);
    const none = await select(engine, { outcome: 'failed' }, null, 10);
    expect([none.runs.length, none.looked]).toEqual([0, 4]);
  });

  test('of an object id is asked of the list of that identity; a name is looked for among all', async () => {
    const { engine } = await three();
    const asked: object[] = [];
    const runs: typeof engine.index.runs = async (query) => {
      asked.push(query);
      return engine.index.runs(query);
    };
    const parts = { ...engine, index: { runs } };
    const counts = [];
    for (const identity of [userId(2), 'USER2@example.com', `${userId(2)}0`, `x${userId(2)}`])
      counts.push((await select(parts, { identity }, null, 10)).runs.length);
    expect(counts).toEqual([1, 1, 0, 0]);
    expect(asked).toEqual([{ limit: 10, identity: userId(2) }, { limit: 10 }, { limit: 10 }, { limit: 10 }]);
  });

  test('begins at no place that was made up', async () => {
    const { engine } = stackOf([]);
    const made = 'x'.repeat(300);
    await expect(select(engine, {}, made)).rejects.toMatchObject({
      ...{ disposition: 'reject', code: 'wrong-cursor' },
      message: `${'x'.repeat(100)} is no place to go on from.`,
    });
  });
});

test('a run that is selected comes with how it stands', async () => {
  const stack = stackOf([playbook('inactive-user-delete')], 'observe');
  await raise(stack.engine);
  await quiet(stack);
  const { runs } = await select(stack.engine, { playbook: 'inactive-user-delete' }, null);
  expect(runs).toMatchObject([{ run: { id: (await onlyRun(stack)).id }, summary: { state: 'observed' } }]);
});
