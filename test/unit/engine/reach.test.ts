import { expect, test } from 'vitest';
import { reachOf } from '../../../shared/engine/reach.ts';
import { breakGlass, stackOf } from '../../support/engine.ts';
import { day } from '../../support/world-clock.ts';
import { someUser, userId } from '../../support/world-state.ts';

/** Three users quiet for 200 days, two of today, and whoever is named here. */
function directory(...quietDays: readonly number[]) {
  const stack = stackOf([]);
  stack.far.change(({ live }) => {
    for (const [index, days] of quietDays.entries())
      live[userId(50 + index)] = someUser(50 + index, stack.clock.now(), days);
  });
  return stack;
}
const inactive = { claim: 'inactive', days: 90 } as const;

test('counts those whom the claim is true of, whatever access they have', async () => {
  const { engine, clock } = directory();
  expect(await reachOf(engine, inactive)).toEqual({ ...inactive, at: clock.now(), proved: 3, unprotected: 3 });
});

test('a day less is not enough, and late reports are allowed for', async () => {
  expect((await reachOf(directory(91).engine, inactive)).proved).toBe(3);
  expect((await reachOf(directory(93).engine, inactive)).proved).toBe(4);
});

test('does not count whom nobody can be sure of', async () => {
  const stack = directory(200);
  stack.far.change(({ live }) => {
    const user = live[userId(50)];
    if (user?.signIns) user.signIns = { ...user.signIns, successful: new Date(Date.now() + day).toISOString() };
  });
  expect((await reachOf(stack.engine, inactive)).proved).toBe(3);
});

test('tells apart whom a guard protects by the account alone', async () => {
  const stack = directory();
  stack.far.change(({ live }) => {
    live[breakGlass] = { ...someUser(911, stack.clock.now()), id: breakGlass };
  });
  expect(await reachOf(stack.engine, inactive)).toMatchObject({ proved: 4, unprotected: 3 });
});

test('another claim cannot be counted', async () => {
  const { engine, clock } = directory();
  const about = { claim: 'super', days: 90 } as const;
  expect(await reachOf(engine, about)).toEqual({ ...about, at: clock.now(), proved: null, unprotected: null });
});
