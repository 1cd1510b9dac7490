import { expect, test } from 'vitest';
import { Fault } from '../../../shared/domain/fault.ts';
import type { Mode } from '../../../shared/domain/mode.ts';
import { advance } from '../../../shared/engine/advance.ts';
import type { Engine } from '../../../shared/engine/engine.ts';
import { explainRun } from '../../../shared/engine/explain.ts';
import { undo } from '../../../shared/engine/undo.ts';
import {
  approver,
  claims,
  deliver,
  nextDue,
  playbook,
  quiet,
  raise,
  runs,
  type Stack,
  stackOf,
  types,
} from '../../support/engine.ts';
import { day, hour, minute } from '../../support/world-clock.ts';
import { assigned, pathOf, someUser, userId } from '../../support/world-state.ts';

/** An alert about so many, and a playbook that may act without asking. */
async function alertAbout(count: number, { soakMs = 5 * minute, before = (_stack: Stack) => {} } = {}) {
  const stack = stackOf([playbook('inactive-user-delete')], 'enforce');
  const engine: Engine = {
    ...stack.engine,
    limits: { ...stack.engine.limits, runsPerAlert: 25, canarySoakMs: soakMs },
  };
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  stack.far.change((state) => {
    for (const n of numbers.slice(3)) {
      state.live[userId(n)] = someUser(n, stack.clock.now());
      state.assignments[pathOf(assigned(userId(n)))] = assigned(userId(n));
    }
  });
  before(stack);
  const nominations = numbers.map((n) => ({ kind: 'user', by: 'id', value: userId(n) }) as const);
  await raise(engine, claims({ nominations, identityCount: count }));
  await quiet(stack, engine);
  return { stack, engine };
}

const disabled = ({ far }: Stack) => Object.values(far.state.live).filter(({ enabled }) => !enabled).length;

async function look({ stack, engine }: { stack: Stack; engine: Engine }, ms = 6 * minute): Promise<void> {
  const until = new Date(Date.parse(stack.clock.now()) + ms).toISOString();
  while (await nextDue(stack, engine, until));
  stack.clock.moveTo(until);
}

const standing = async (stack: Stack) =>
  (await runs(stack)).map(({ mode, asked, held }) => [mode, asked !== null, held !== null]);

test('one, then five, then the rest', async () => {
  const world = await alertAbout(9);
  expect(disabled(world.stack)).toBe(1);
  await look(world);
  expect(disabled(world.stack)).toBe(6);
  await look(world);
  expect(disabled(world.stack)).toBe(9);
  for (const { id } of await runs(world.stack)) {
    const { entries } = await explainRun(world.engine, id);
    expect(entries.filter(({ verdict }) => verdict === 'different')).toEqual([]);
  }
});

test('what was done to those before has to stand for as long as asked for', async () => {
  const world = await alertAbout(7, { soakMs: day });
  await look(world, 23 * hour);
  expect(disabled(world.stack)).toBe(1);
  await look(world, 2 * hour);
  expect(disabled(world.stack)).toBe(6);
  await look(world, 20 * hour);
  expect(disabled(world.stack)).toBe(6);
  await look(world, 5 * hour);
  expect(disabled(world.stack)).toBe(7);
});

test('why it waits is said once, however often it looks', async () => {
  const { stack, engine } = await alertAbout(2, { soakMs: day });
  await look({ stack, engine }, hour);
  const [, second] = await runs(stack);
  expect(second?.canary).toMatchObject({
    passed: false,
    reason: 'waits whether what was done to 1 of the same alert stands',
  });
  expect((await types(stack, second?.id ?? '')).filter((type) => type === 'canary-waiting')).toHaveLength(1);
});

test('somebody takes the first back: the others ask a person, and none is touched', async () => {
  const world = await alertAbout(4, { soakMs: day });
  const [first] = await runs(world.stack);
  await undo(world.engine, first?.id ?? '', 'wrong people', approver);
  await look(world, day);
  expect((await standing(world.stack)).slice(1)).toEqual([1, 2, 3].map(() => ['approve', true, false]));
  expect(disabled(world.stack)).toBe(0);
  const [, second] = await runs(world.stack);
  expect(await types(world.stack, second?.id ?? '')).toContain('mode-lowered');
});

test('the first tries to sign in: the others ask a person', async () => {
  const world = await alertAbout(3, { soakMs: day });
  world.stack.clock.move(hour);
  world.stack.far.change((state) => {
    const user = state.live[userId(1)];
    if (user?.signIns) user.signIns = { ...user.signIns, interactive: world.stack.clock.now() };
  });
  await look(world, day);
  expect((await standing(world.stack)).slice(1)).toEqual([1, 2].map(() => ['approve', true, false]));
  expect(disabled(world.stack)).toBe(1);
  const [, second] = await runs(world.stack);
  const entries = await world.engine.ledger.read(second?.id ?? '');
  expect(entries.find(({ type }) => type === 'mode-lowered')?.data.reason).toMatch(
    /^asks although it might act: User 1, of the same alert, tried to sign in at 2026-/,
  );
});

/** An alert about two who are disabled already; the playbook deletes after a wait. */
async function aboutDisabled() {
  const steps = [
    { action: 'disable-user', with: {} },
    { wait: 'P30D' },
    { prove: 'again' as const },
    { action: 'delete-user', with: {} },
  ];
  const stack = stackOf([playbook('inactive-user-delete', { choices: { go: { label: 'Go', steps } } })], 'enforce');
  const engine: Engine = { ...stack.engine, limits: { ...stack.engine.limits, canarySoakMs: day } };
  stack.far.change(({ live }) => {
    for (const n of [1, 2]) Object.assign(live[userId(n)] ?? {}, { enabled: false });
  });
  const nominations = [1, 2].map((n) => ({ kind: 'user', by: 'id', value: userId(n) }) as const);
  await raise(engine, claims({ nominations, identityCount: 2 }));
  await quiet(stack, engine);
  return { stack, engine, deleted: () => Object.keys(stack.far.state.deleted) };
}

test('where all was so already, one is deleted first after the wait, and the other when that has stood', async () => {
  const world = await aboutDisabled();
  await look(world, 30 * day + hour);
  expect(world.deleted()).toHaveLength(1);
  await look(world, 22 * hour);
  expect(world.deleted()).toHaveLength(1);
  await look(world, 3 * hour);
  expect(world.deleted()).toHaveLength(2);
});

test('where all was so already, and the first is taken back after the wait, a person decides anew on the other', async () => {
  const world = await aboutDisabled();
  await look(world, 30 * day + hour);
  const [first, second] = await runs(world.stack);
  await undo(world.engine, first?.id ?? '', 'wrong people', approver);
  await look(world, day);
  expect(world.deleted()).toHaveLength(0);
  expect((await standing(world.stack))[1]).toEqual(['approve', true, false]);
  expect(await types(world.stack, second?.id ?? '')).toEqual(
    expect.arrayContaining(['plan-voided', 'mode-lowered', 'asked']),
  );
  for (const { id } of await runs(world.stack)) {
    const { entries } = await explainRun(world.engine, id);
    expect(entries.filter(({ verdict }) => verdict === 'different')).toEqual([]);
  }
});

test('on a trial the shorter wait of the trial counts', async () => {
  const stack = stackOf([playbook('inactive-user-delete')], 'enforce');
  const limits = { ...stack.engine.limits, canarySoakMs: day, localWaitMs: 1000 };
  const nominations = [1, 2].map((n) => ({ kind: 'user', by: 'id', value: userId(n) }) as const);
  await raise(stack.engine, claims({ nominations, identityCount: 2 }));
  await quiet(stack, { ...stack.engine, limits });
  const [, second] = await runs(stack);
  const entries = await stack.engine.ledger.read(second?.id ?? '');
  const waiting = entries.find(({ type }) => type === 'canary-waiting');
  expect(Date.parse(String(waiting?.data.until)) - Date.parse(waiting?.time ?? '')).toBeLessThanOrEqual(1000);
});

test('the first fails: the others ask a person', async () => {
  const world = await alertAbout(3, {
    before: ({ far }) => {
      far.trouble = () => ({ when: 'before', fault: new Fault('refuse', 'forbidden', 'no') });
    },
  });
  world.stack.far.trouble = () => null;
  await look(world);
  expect((await standing(world.stack)).slice(1)).toEqual([1, 2].map(() => ['approve', true, false]));
  expect(disabled(world.stack)).toBe(0);
});

test('who is left alone proves nothing: the next is the first that is touched, and is alone', async () => {
  const world = await alertAbout(9, {
    before: ({ far }) =>
      far.change((state) => {
        const user = state.live[userId(1)];
        if (user) user.excludeMark = 'on leave';
      }),
  });
  expect(disabled(world.stack)).toBe(1);
  await look(world);
  expect(disabled(world.stack)).toBe(6);
  await look(world);
  expect(disabled(world.stack)).toBe(8);
});

test('those before cannot be read: nobody is touched', async () => {
  const { stack, engine } = await alertAbout(2, { soakMs: day });
  const [first, second] = await runs(stack);
  stack.clock.move(2 * day);
  const down = async (journal: string) => {
    if (journal === first?.id) throw new Fault('retry', 'storage-down', 'no');
    return stack.engine.ledger.read(journal);
  };
  const blind: Engine = { ...engine, ledger: { ...engine.ledger, read: down } };
  await expect(advance(blind, second?.id ?? '')).rejects.toMatchObject({ disposition: 'retry' });
  expect(disabled(stack)).toBe(1);
});

test('a version that may not act alone any more asks, and says what it may', async () => {
  const { stack, engine } = await alertAbout(3, { soakMs: day });
  const version = [...engine.limits.modes.keys()][0] ?? '';
  const lowered = (modes: ReadonlyMap<string, Mode>): Engine => ({ ...engine, limits: { ...engine.limits, modes } });
  const [, second] = await runs(stack);
  stack.clock.move(2 * day);
  await advance(lowered(new Map([[version, 'approve']])), second?.id ?? '');
  const entries = await stack.engine.ledger.read(second?.id ?? '');
  expect(entries.find(({ type }) => type === 'mode-lowered')?.data).toMatchObject({
    ...{ to: 'approve', reason: expect.stringMatching(/^asks although it might act: approve by the settings; /) },
  });
  expect(disabled(stack)).toBe(1);
  const [, , third] = await runs(stack);
  await advance(lowered(new Map()), third?.id ?? '');
  const told = await stack.engine.ledger.read(third?.id ?? '');
  const { mode } = playbook('inactive-user-delete');
  expect(told.find(({ type }) => type === 'mode-lowered')?.data).toMatchObject({
    ...{ reason: `asks although it might act: the mode is ${mode} now` },
  });
});

test('by a clock that is behind, those before are not opened yet: it is looked again later', async () => {
  const stack = stackOf([playbook('inactive-user-delete')], 'enforce');
  const nominations = [1, 2].map((n) => ({ kind: 'user', by: 'id', value: userId(n) }) as const);
  await raise(stack.engine, claims({ nominations, identityCount: 2 }));
  await deliver(stack);
  const [first, second] = await runs(stack);
  const clock = () => new Date(Date.parse(first?.openedAt ?? '') - 1).toISOString();
  await expect(advance({ ...stack.engine, clock }, second?.id ?? '')).rejects.toMatchObject({
    ...{ disposition: 'retry', code: 'clock-behind' },
    ...{ message: `By the clock here ${first?.id}, of the same alert, is not opened yet.`, retryAfterMs: 1 },
  });
  const farBehind = () => new Date(Date.parse(first?.openedAt ?? '') - 600_000).toISOString();
  await expect(advance({ ...stack.engine, clock: farBehind }, second?.id ?? '')).rejects.toMatchObject({
    retryAfterMs: 60_000,
  });
});
