import { describe, expect, test } from 'vitest';
import { Fault } from '../../../shared/domain/fault.ts';
import { entryAfter } from '../../../shared/domain/ledger.ts';
import { advance } from '../../../shared/engine/advance.ts';
import type { Engine } from '../../../shared/engine/engine.ts';
import { beginOnly, onlyRun, playbook, raise, type Stack, stackOf, untilEnd } from '../../support/engine.ts';

const steps = [{ action: 'disable-user', with: {} }];
const stack = () =>
  stackOf([playbook('inactive-user-delete', { choices: { only: { label: 'Only', steps } } })], 'enforce');

async function opened(running: Stack): Promise<string> {
  await raise(running.engine);
  await beginOnly(running);
  return (await onlyRun(running)).id;
}

test('a playbook that may act by itself says so where a person would give a reason', async () => {
  const running = stack();
  const { decision } = await advance(running.engine, await opened(running));
  expect(decision).toMatchObject({
    ...{ by: 'playbook:inactive-user-delete@1', byName: 'inactive-user-delete' },
    reason: 'the playbook may act without asking',
  });
});

/** When the timer looks at the run. */
const dueOf = async ({ engine }: Stack) => (await engine.index.due('9999', 10)).find(({ kind }) => kind === 'run')?.due;

describe('a run that rests', () => {
  async function resting(retryAfterMs: number, change: Partial<Engine> = {}) {
    const running = stack();
    const id = await opened(running);
    const hints: object[] = [];
    running.far.trouble = () => ({ when: 'before', fault: new Fault('retry', 'odd', 'x', { retryAfterMs }) });
    const bus: Engine['bus'] = { ...running.engine.bus, run: async (_run, _session, hint) => void hints.push(hint) };
    await advance({ ...running.engine, bus, ...change }, id);
    const until = new Date(Date.parse(running.clock.now()) + retryAfterMs).toISOString();
    return { running, hints, until };
  }

  test('for a quarter of an hour leaves itself a message; the timer knows of it as well', async () => {
    const { running, hints, until } = await resting(15 * 60_000);
    expect(hints).toEqual([{ reason: `until ${until}`, notBefore: until }]);
    expect(await dueOf(running)).toBe(until);
  });

  test('for longer is left to the timer', async () => {
    const { running, hints, until } = await resting(15 * 60_000 + 1);
    expect(hints).toEqual([]);
    expect(await dueOf(running)).toBe(until);
  });

  test('because it is stopped is left to the timer, which looks in a minute', async () => {
    const control = { kind: 'stop', scope: 'all', name: null, by: 'x', byName: 'X', reason: 'x' } as const;
    const running = stack();
    const id = await opened(running);
    const hints: object[] = [];
    const bus: Engine['bus'] = { ...running.engine.bus, run: async (_run, _session, hint) => void hints.push(hint) };
    await running.engine.controls.put({ ...control, at: running.clock.now() });
    await advance({ ...running.engine, bus }, id);
    expect(hints).toEqual([]);
    expect(Date.parse((await dueOf(running)) ?? '') - Date.parse(running.clock.now())).toBe(60_000);
  });
});

test('a run that never comes to rest is a broken invariant after 200 moves', async () => {
  const running = stack();
  const id = await opened(running);
  await untilEnd(running);
  const entries = await running.engine.ledger.read(id);
  const held = { time: running.clock.now(), type: 'held', actor: 'quell', data: { reason: 'x' } };
  const more = [...entries, entryAfter(id, entries.at(-1) ?? null, held)];
  let [reads, closed] = [0, 0];
  const restless: Engine = {
    ...running.engine,
    ledger: { ...running.engine.ledger, read: async () => (reads++ % 2 === 0 ? entries : more) },
    index: {
      ...running.engine.index,
      close: async () => {
        closed += 1;
      },
    },
  };
  await expect(advance(restless, id)).rejects.toMatchObject({
    ...{ disposition: 'halt', code: 'run-without-end' },
    message: `${id} made 200 moves and did not come to rest.`,
  });
  expect(closed).toBe(200);
});

test('what was noted before a fault is written down all the same', async () => {
  const running = stack();
  const id = await opened(running);
  const controls = { ...running.engine.controls, list: () => Promise.reject(new Fault('retry', 'down', 'x')) };
  await expect(advance({ ...running.engine, controls }, id)).rejects.toMatchObject({ code: 'controls-unreadable' });
  expect((await onlyRun(running)).proof?.verdict).toBe('true');
});
