import { describe, expect, test } from 'vitest';
import { advance } from '../../shared/engine/advance.ts';
import {
  approve,
  nextDue,
  onlyRun,
  playbook,
  quiet,
  raise,
  type Stack,
  stackOf,
  types,
  untilEnd,
} from '../support/engine.ts';
import { day } from '../support/world-clock.ts';
import { userId } from '../support/world-state.ts';

/* A month lies between disabling and deleting: whatever happened in it counts, and not what was planned before it. */

const id = userId(1);
const deleted = ({ far }: Stack) => far.sent.some(({ call }) => call.method === 'DELETE');

/** Disabled, and the month is over but for a day. */
async function waiting(mode: 'approve' | 'enforce'): Promise<Stack> {
  const stack = stackOf([playbook('inactive-user-delete')], mode);
  await raise(stack.engine);
  await quiet(stack);
  if (mode === 'approve') {
    await approve(stack, 'remove');
    await quiet(stack);
  }
  expect(stack.far.state.live[id]?.enabled).toBe(false);
  stack.clock.move(29 * day);
  return stack;
}

const afterwards = async (stack: Stack) => {
  await nextDue(stack);
  return onlyRun(stack);
};

describe.each(['approve', 'enforce'] as const)('after the wait, where the playbook may %s', (mode) => {
  test('nothing happened: deleted, with a proof of today', async () => {
    const stack = await waiting(mode);
    await untilEnd(stack);
    const run = await onlyRun(stack);
    expect(run.ended?.outcome).toBe('done');
    expect(deleted(stack)).toBe(true);
    expect(Date.parse(stack.clock.now()) - Date.parse(run.proof?.at ?? '')).toBeLessThan(day);
  });

  test('somebody allowed sign-in again: the plan is void, and a person is asked, not the mode', async () => {
    const stack = await waiting(mode);
    stack.far.change((state) => Object.assign(state.live[id] ?? {}, { enabled: true }));
    const run = await afterwards(stack);
    expect(run.voided).toEqual(['disable-user no longer stands: somebody put it back']);
    expect(run.asked?.choices).toEqual(['remove']);
    expect(run.decision).toBeNull();
    expect(run.planNumber).toBe(2);
    await untilEnd(stack);
    expect((await onlyRun(stack)).ended?.outcome).toBe('expired');
    expect(deleted(stack)).toBe(false);
    expect(stack.far.state.live[id]?.enabled).toBe(true);
  });

  test('somebody allowed sign-in again, and a person approves anew: the wait begins anew as well', async () => {
    const stack = await waiting(mode);
    stack.far.change((state) => Object.assign(state.live[id] ?? {}, { enabled: true }));
    await afterwards(stack);
    await approve(stack, 'remove');
    await quiet(stack);
    expect(stack.far.state.live[id]?.enabled).toBe(false);
    expect(deleted(stack)).toBe(false);
    const { due } = (await stack.engine.index.due('9999-01-01T00:00:00.000Z', 1))[0] ?? { due: '' };
    expect(Date.parse(due) - Date.parse(stack.clock.now())).toBeGreaterThan(29 * day);
    await untilEnd(stack);
    expect(deleted(stack)).toBe(true);
  });

  test('the user was here: not deleted', async () => {
    const stack = await waiting(mode);
    stack.far.change((state) => {
      const user = state.live[id];
      if (user) user.signIns = { successful: null, interactive: stack.clock.now(), nonInteractive: null };
    });
    await untilEnd(stack);
    expect((await onlyRun(stack)).ended?.outcome).toBe('not-confirmed');
    expect(deleted(stack)).toBe(false);
  });

  test.each([
    [
      'holds a role now',
      (stack: Stack) =>
        stack.far.change((state) => {
          state.privileges[id] = [
            { role: 'User Administrator', scope: 'directory', held: 'eligible', through: 'direct' },
          ];
        }),
    ],
    [
      'is excluded now',
      (stack: Stack) =>
        stack.far.change((state) => {
          const user = state.live[id];
          if (user) user.excludeMark = 'on leave';
        }),
    ],
  ] as const)('the user %s: not deleted', async (_what, change) => {
    const stack = await waiting(mode);
    change(stack);
    await untilEnd(stack);
    expect((await onlyRun(stack)).ended?.outcome).toBe('refused');
    expect(deleted(stack)).toBe(false);
  });

  test('the proof is taken again however often the run is woken, and once is enough', async () => {
    const stack = await waiting(mode);
    await nextDue(stack);
    const run = await onlyRun(stack);
    const proofs = async () => (await types(stack, run.id)).filter((type) => type === 'proved').length;
    const before = await proofs();
    await advance(stack.engine, run.id);
    expect(await proofs()).toBe(before);
    expect(before).toBeGreaterThan(1);
  });
});
