import { describe, expect, test } from 'vitest';
import { Fault } from '../../../shared/domain/fault.ts';
import { maxAttempts } from '../../../shared/domain/move.ts';
import type { Step } from '../../../shared/domain/playbook.ts';
import { backoffMs } from '../../../shared/engine/act.ts';
import { advance } from '../../../shared/engine/advance.ts';
import { decide } from '../../../shared/engine/decide.ts';
import type { Engine } from '../../../shared/engine/engine.ts';
import { undo } from '../../../shared/engine/undo.ts';
import type { Ledger } from '../../../shared/ports.ts';
import {
  approver,
  leaseMs,
  onlyRun,
  playbook,
  quiet,
  raise,
  type Stack,
  stackOf,
  untilEnd,
} from '../../support/engine.ts';
import { minute } from '../../support/world-clock.ts';
import { assigned, pathOf, userId } from '../../support/world-state.ts';

const id = userId(1);
const steps = [{ action: 'disable-user', with: {} }];
const stack = () =>
  stackOf([playbook('inactive-user-delete', { choices: { only: { label: 'Only', steps } } })], 'enforce');
const entriesOf = async (running: Stack, type: string) => {
  const { id: run } = await onlyRun(running);
  return (await running.engine.ledger.read(run)).filter((entry) => entry.type === type).map(({ data }) => data);
};

/** A run that asks somebody whether to do this. */
async function asked(wanted: readonly Step[]): Promise<Stack> {
  const choices = { only: { label: 'Only', steps: wanted } };
  const running = stackOf([playbook('inactive-user-delete', { choices })], 'approve');
  await raise(running.engine);
  await quiet(running);
  return running;
}

async function allow(running: Stack): Promise<void> {
  const { id: run, plans } = await onlyRun(running);
  await decide(running.engine, run, { choice: 'only', digest: plans?.[0]?.digest ?? null, reason: null }, approver);
  await quiet(running);
}

/** A ledger that nothing can be written to any more once a call was sent. */
function diesAfterSending({ engine: { ledger }, far }: Stack): Ledger {
  const alive = () => {
    if (far.sent.length > 0) throw new Error('killed');
  };
  return {
    ...ledger,
    append: async (...entry) => {
      alive();
      return ledger.append(...entry);
    },
    appendAll: async (...entries) => {
      alive();
      return ledger.appendAll(...entries);
    },
  };
}

/** Runs until the calls of the first step are sent, and dies before that is written down. */
async function diedAfterSending(): Promise<Stack> {
  const running = stack();
  await raise(running.engine);
  const dying: Engine = { ...running.engine, ledger: diesAfterSending(running) };
  await quiet(running, dying).catch(() => undefined);
  return running;
}

describe('a step that is as it should be', () => {
  test('before anything was tried, was already so: nothing is sent, and nothing undone', async () => {
    const running = await asked(steps);
    running.far.change(({ live }) => Object.assign(live[id] ?? {}, { enabled: false }));
    await allow(running);
    expect(await entriesOf(running, 'step-verified')).toMatchObject([{ step: '1.1', by: 'already so' }]);
    expect(running.far.sent).toEqual([]);
    const { id: run } = await onlyRun(running);
    await expect(undo(running.engine, run, 'x', approver)).rejects.toMatchObject({ code: 'nothing-to-undo' });
  });

  test('after somebody tried and died, was done by them: nothing is sent again, and it can be undone', async () => {
    const running = await diedAfterSending();
    expect(await entriesOf(running, 'step-applied')).toEqual([]);
    running.clock.move(leaseMs + minute);
    await untilEnd(running);
    expect(await entriesOf(running, 'step-verified')).toMatchObject([{ by: 'recovered' }]);
    expect(running.far.sent).toHaveLength(1);
  });
});

test('a step of several calls is gone on with after a crash between them, and its plan stands', async () => {
  const choices = { only: { label: 'Only', steps: [{ action: 'assign-read-only', with: {} }] } };
  const running = stackOf([playbook('inactive-user-delete', { choices })], 'enforce');
  await raise(running.engine);
  const dying: Engine = {
    ...running.engine,
    ledger: diesAfterSending(running),
    effects: {
      send: async (...call) => {
        if (running.far.sent.length > 0) throw new Error('killed');
        return running.engine.effects.send(...call);
      },
    },
  };
  await quiet(running, dying).catch(() => undefined);
  expect(running.far.sent).toHaveLength(1);
  running.clock.move(leaseMs + minute);
  await untilEnd(running);
  expect((await onlyRun(running)).ended?.outcome).toBe('done');
  expect(await entriesOf(running, 'plan-voided')).toEqual([]);
  expect(running.far.sent.length).toBeGreaterThan(1);
});

test('what the calls of a step answered is kept with it, call by call', async () => {
  const running = stack();
  await raise(running.engine);
  await untilEnd(running);
  expect(await entriesOf(running, 'step-applied')).toMatchObject([{ step: '1.1', answers: [null] }]);
});

describe('a call that does not succeed', () => {
  const failing = (fault: Fault, times = Number.POSITIVE_INFINITY) => {
    const running = stack();
    let left = times;
    running.far.trouble = () => {
      left -= 1;
      return left >= 0 ? { when: 'before', fault } : null;
    };
    return running;
  };
  const begun = async (running: Stack) => {
    await raise(running.engine);
    await quiet(running);
    return running;
  };

  test.each([
    [1, 1000],
    [2, 2000],
    [5, 16_000],
    [9, 256_000],
    [10, 300_000],
    [30, 300_000],
  ])('waits after attempt %i for %i ms', (attempt, ms) => {
    expect(backoffMs(attempt)).toBe(ms);
  });

  test.each(['retry', 'conflict', 'uncertain'] as const)('with %s is tried again later', async (disposition) => {
    const running = failing(new Fault(disposition, 'odd', 'The far side says so.'), 1);
    await begun(running);
    await untilEnd(running);
    expect(await entriesOf(running, 'step-deferred')).toMatchObject([
      { step: '1.1', reason: 'The far side says so.', attempt: 1 },
    ]);
    expect((await onlyRun(running)).ended?.outcome).toBe('done');
  });

  test.each(['refuse', 'reject', 'halt'] as const)('with %s is for a person', async (disposition) => {
    const running = await begun(failing(new Fault(disposition, 'odd', 'The far side says so.')));
    expect(await entriesOf(running, 'step-failed')).toMatchObject([
      { step: '1.1', code: 'odd', reason: 'The far side says so.' },
    ]);
    expect((await onlyRun(running)).ended?.outcome).toBe('failed');
  });

  const untilOf = async (running: Stack) => {
    const [deferred] = await entriesOf(running, 'step-deferred');
    return Date.parse(String(deferred?.until)) - Date.parse(running.clock.now());
  };
  const looking = async (fault: Fault) => {
    const running = failing(fault, 1);
    running.engine.bus.run = async () => {};
    await raise(running.engine);
    await quiet(running);
    const { id: run } = await onlyRun(running);
    await advance(running.engine, run);
    return untilOf(running);
  };

  test('waits as long as the far side asks, and a moment where it asks nothing', async () => {
    expect(await looking(new Fault('retry', 'odd', 'x', { retryAfterMs: 90_000 }))).toBe(90_000);
    expect(await looking(new Fault('retry', 'odd', 'x'))).toBe(1000);
  });

  test('and may have arrived, is looked for when it can arrive no longer', async () => {
    expect(await looking(new Fault('uncertain', 'odd', 'x'))).toBe(leaseMs);
    expect(await looking(new Fault('uncertain', 'odd', 'x', { retryAfterMs: leaseMs + 1 }))).toBe(leaseMs + 1);
  });

  test.each(['busy', 'paused'])('because it is %s uses up no attempt; anything else does', async (code) => {
    const running = failing(new Fault('retry', code, 'x'), maxAttempts + 2);
    await begun(running);
    await untilEnd(running);
    expect((await onlyRun(running)).ended?.outcome).toBe('done');
    const other = failing(new Fault('retry', 'odd', 'x'), maxAttempts + 2);
    await begun(other);
    await untilEnd(other);
    expect((await onlyRun(other)).ended).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining(`tried ${maxAttempts} times and it did not take hold`),
    });
    expect(await entriesOf(other, 'step-failed')).toMatchObject([{ code: 'too-many-attempts' }]);
    expect(await entriesOf(other, 'step-intended')).toHaveLength(maxAttempts);
  });

  test.each([
    [14, ['step-deferred', 'step-intended']],
    [16, ['step-deferred', 'proved', 'step-intended']],
  ])('put off for %i minutes, goes on with a proof that is younger than 15', async (minutes, types) => {
    const running = failing(new Fault('retry', 'odd', 'x', { retryAfterMs: minutes * minute }), 1);
    await begun(running);
    await untilEnd(running);
    const { id: run, ended } = await onlyRun(running);
    const all = (await running.engine.ledger.read(run)).map(({ type }) => type);
    expect(all.slice(all.indexOf('step-deferred')).slice(0, types.length)).toEqual(types);
    expect(ended?.outcome).toBe('done');
  });

  test('put off for long, is not tried again on somebody who has signed in meanwhile', async () => {
    const running = failing(new Fault('retry', 'odd', 'x', { retryAfterMs: 16 * minute }), 1);
    await begun(running);
    running.far.change(({ live }) => {
      const now = running.clock.now();
      Object.assign(live[id] ?? {}, { signIns: { interactive: now, nonInteractive: now, successful: now } });
    });
    const before = running.far.sent.length;
    await untilEnd(running);
    expect((await onlyRun(running)).ended?.outcome).toBe('not-confirmed');
    expect(running.far.sent).toHaveLength(before);
    expect(running.far.state.live[id]?.enabled).toBe(true);
  });
});

test('what changed after the plan voids it, and is named; a new one is made', async () => {
  const running = await asked([{ action: 'assign-read-only', with: {} }]);
  const more = assigned(id, { name: 'bbbbbbbb-0000-4000-8000-0000000000aa' });
  running.far.change(({ assignments }) => {
    assignments[pathOf(more)] = more;
  });
  await allow(running);
  expect(await entriesOf(running, 'plan-voided')).toMatchObject([
    { reason: 'assign-read-only: what it is about changed after the plan' },
  ]);
  expect((await onlyRun(running)).planNumber).toBe(2);
  expect(running.far.sent).toEqual([]);
});
