import { expect, test } from 'vitest';
import { Fault } from '../../../shared/domain/fault.ts';
import type { Move } from '../../../shared/domain/move.ts';
import { looking } from '../../../shared/engine/looking.ts';
import { stackOf } from '../../support/engine.ts';
import { userId } from '../../support/world-state.ts';

function watched() {
  const stack = stackOf([]);
  const asked: string[] = [];
  const { directory } = stack.engine.world;
  const presence = async (id: string) => {
    asked.push(id);
    return directory.presence(id);
  };
  const world = { ...stack.engine.world, directory: { ...directory, presence } };
  const { engine, before } = looking({ ...stack.engine, world });
  const ask = (n = 1) => engine.world.directory.presence(userId(n));
  return { stack, asked, engine, before, ask };
}

const moves = async ({ before, ask }: ReturnType<typeof watched>, ...all: readonly Move['move'][]) => {
  for (const move of all) {
    before(move);
    await ask();
  }
};

test('the same is asked once for one look, also side by side; another is another question', async () => {
  const { asked, before, ask } = watched();
  before('act');
  const [one, same, other] = await Promise.all([ask(1), ask(1), ask(2)]);
  expect(one).toEqual(same);
  expect(one).not.toEqual(other);
  await ask(1);
  expect(asked).toEqual([userId(1), userId(2)]);
});

test('proof, plan, guards and what people are told are one look; so are a proof and the step it is for', async () => {
  const planning = watched();
  await moves(planning, 'prove', 'plan', 'guard', 'ask');
  expect(planning.asked).toHaveLength(1);
  const acting = watched();
  await moves(acting, 'prove', 'act');
  expect(acting.asked).toHaveLength(1);
});

test.each<readonly Move['move'][]>([
  ['prove', 'plan', 'guard', 'choose', 'prove'],
  ['guard', 'act'],
  ['act', 'verify'],
  ['verify', 'act'],
  ['act', 'act'],
  ['act', 'prove'],
  ['prove', 'prove'],
  ['prove', 'guard'],
  ['undo-end', 'undo-end'],
])('after %s … it is asked anew', async (...all) => {
  const world = watched();
  await moves(world, ...all);
  const last = all.at(-1);
  expect(last && world.asked.length).toBeGreaterThan(1);
});

test('what was asked is forgotten after a call, after a pause, and where it could not be answered', async () => {
  const { stack, asked, engine, before, ask } = watched();
  before('verify');
  await ask();
  await engine.sleep(0);
  await ask();
  const { effects } = engine;
  await effects.send(
    { to: 'graph', method: 'POST', path: `/users/${userId(1)}/revokeSignInSessions`, body: {} },
    'k:1:0',
    'reversible',
  );
  await ask();
  expect(asked).toHaveLength(3);
  let fails = true;
  const directory = {
    ...stack.engine.world.directory,
    presence: async (id: string) => {
      if (fails) throw new Fault('retry', 'busy', 'not now');
      return stack.engine.world.directory.presence(id);
    },
  };
  const again = looking({ ...stack.engine, world: { ...stack.engine.world, directory } });
  again.before('act');
  await expect(again.engine.world.directory.presence(userId(1))).rejects.toThrow('not now');
  fails = false;
  expect(await again.engine.world.directory.presence(userId(1))).toMatchObject({ state: 'live' });
});

test('whoever slept between two moves, or whose clock went back, looks anew', async () => {
  for (const ms of [2_001, 3_600_000, -1]) {
    const { stack, asked, before, ask } = watched();
    before('prove');
    await ask();
    stack.clock.move(ms);
    before('act');
    await ask();
    expect(asked).toHaveLength(2);
  }
});
