import { describe, expect, test } from 'vitest';
import { memoryControls } from '../../../shared/adapters/memory/controls.ts';
import type { Budget } from '../../../shared/domain/budget.ts';
import { Fault } from '../../../shared/domain/fault.ts';
import { quarantine, setControl } from '../../../shared/engine/control.ts';
import { undo } from '../../../shared/engine/undo.ts';
import { disable, gateWorld, limits, notify, remove, sam } from '../../support/gate-world.ts';

const wide: Budget = { hour: 100, day: 100, week: 100, month: 100 };
const narrow = (hour: number): Budget => ({ ...wide, hour });
const worldWith = (budgets: { reversible?: Budget; destructive?: Budget }) =>
  gateWorld({ limits: { ...limits, budgets: { reversible: wide, destructive: wide, ...budgets } } });
const release = { scope: 'playbook', name: 'review', stopped: false, reason: 'looked at' } as const;
const hour = 3_600_000;

describe('a far side that is too busy', () => {
  const troubled = async (code: string) => {
    const world = worldWith({});
    let tries = 0;
    const { send } = world.engine.effects;
    Object.assign(world.engine.effects, {
      send: async (...call: Parameters<typeof send>) => {
        tries += 1;
        if (tries <= 30) throw new Fault('retry', code, 'not now', { retryAfterMs: 60_000 });
        return send(...call);
      },
    });
    const run = await world.open(world.user(), [disable]);
    let ended = await world.work(run);
    for (let looks = 0; ended.state === 'resting' && looks < 40; looks += 1) {
      world.pass(60_000);
      ended = await world.work(run);
    }
    return { ended, tries };
  };

  test.each(['busy', 'paused'])('does not use up the attempts (%s), however long that lasts', async (code) => {
    expect(await troubled(code)).toMatchObject({ ended: { state: 'done' }, tries: 31 });
  });

  test('unlike one that cannot be reached: eight times, and a person is needed', async () => {
    expect(await troubled('not-reached')).toMatchObject({ ended: { state: 'failed' }, tries: 8 });
  });
});

describe('a budget', () => {
  test('holds the run that would exceed it, with the numbers, and quarantines its playbook', async () => {
    const world = worldWith({ reversible: narrow(2) });
    const runs = [];
    for (let index = 0; index < 4; index += 1) runs.push(await world.open(world.user(), [disable]));
    const states = [];
    for (const run of runs) states.push((await world.work(run)).state);
    expect(states).toEqual(['done', 'done', 'held', 'held']);
    expect(world.sent).toHaveLength(2);
    const because =
      'Quell quarantined playbook review: budget of reversible changes in the directory is used up: 2 of 2 in the last hour';
    for (const run of runs.slice(2)) expect(await world.work(run)).toMatchObject({ state: 'held', because });
    const [control, ...more] = await world.engine.controls.list();
    expect(control).toMatchObject({ kind: 'quarantine', scope: 'playbook', name: 'review', by: 'quell' });
    expect(more).toEqual([]);
    expect((await world.engine.ledger.read('controls')).map(({ type }) => type)).toEqual(['control-set']);
  });

  test('that two runs exceed at once quarantines once, for the first reason', async () => {
    const { engine } = gateWorld();
    const first = await quarantine(engine, 'review', '2 of 2');
    expect(await quarantine(engine, 'review', '3 of 2')).toEqual(first);
    expect(await engine.controls.list()).toEqual([first]);
  });

  test('is not refilled for the playbook by time: a person releases it', async () => {
    const world = worldWith({ reversible: narrow(1) });
    const [first, second] = [await world.open(world.user(), [disable]), await world.open(world.user(), [disable])];
    await world.work(first);
    await world.work(second);
    world.pass(2 * hour);
    expect(await world.work(second)).toMatchObject({ state: 'held' });
    await setControl(world.engine, release, sam);
    expect(await world.work(second)).toMatchObject({ state: 'done' });
  });

  test('is not widened by a release: what is full stays full', async () => {
    const world = worldWith({ reversible: narrow(1) });
    const [first, second] = [await world.open(world.user(), [disable]), await world.open(world.user(), [disable])];
    await world.work(first);
    await world.work(second);
    await setControl(world.engine, release, sam);
    expect(await world.work(second)).toMatchObject({ state: 'held' });
    expect(await world.engine.controls.list()).toHaveLength(1);
    expect(world.sent).toHaveLength(1);
  });

  test('counts over playbooks and sources: 200 alerts naming one user each are 200 changes', async () => {
    const world = worldWith({ reversible: narrow(10) });
    for (let index = 0; index < 200; index += 1) {
      const run = await world.open(world.user(), [disable], { name: `playbook-${index % 7}` });
      await world.work(run);
    }
    expect(world.sent).toHaveLength(10);
  });

  test('counts an account in the directory, however many systems the alerts come from', async () => {
    const world = worldWith({ reversible: narrow(3) });
    for (let index = 0; index < 10; index += 1) {
      const run = await world.open(world.user(), [disable], { name: `playbook-${index}`, system: `sub-${index}` });
      await world.work(run);
    }
    expect(world.sent).toHaveLength(3);
  });

  test('counts access to a system there, each system for itself', async () => {
    const world = worldWith({ reversible: narrow(1) });
    const readOnly = { action: 'revoke-sessions', with: {} };
    const states = [];
    for (const system of ['sub-1', 'sub-2', 'sub-1']) {
      const run = await world.open(world.user(), [readOnly], { system, name: `in-${system}` });
      states.push((await world.work(run)).state);
    }
    expect(states[2]).toBe('held');
    expect(states.slice(0, 2)).not.toContain('held');
  });

  test('of destructive changes is another than that of reversible ones; word is free', async () => {
    const world = worldWith({ reversible: narrow(1), destructive: narrow(1) });
    expect(await world.work(await world.open(world.user(), [disable, remove, notify]))).toMatchObject({
      state: 'done',
    });
    const next = await world.open(world.user(), [notify, remove], { name: 'other' });
    expect(await world.work(next)).toMatchObject({ state: 'held' });
    expect(world.sent.filter((one) => one.includes('POST /'))).toHaveLength(2);
    expect(world.sent.filter((one) => one.includes('DELETE'))).toHaveLength(1);
  });

  test('is taken once however often a step is tried', async () => {
    const world = worldWith({ reversible: narrow(2) });
    let tries = 0;
    const { send } = world.engine.effects;
    Object.assign(world.engine.effects, {
      send: async (...call: Parameters<typeof send>) => {
        tries += 1;
        if (tries < 5) throw new Fault('retry', 'busy', 'not now');
        return send(...call);
      },
    });
    const run = await world.open(world.user(), [disable]);
    for (let index = 0; index < 5; index += 1) {
      await world.work(run);
      world.pass(60_000);
    }
    expect(tries).toBe(5);
    expect(await world.work(await world.open(world.user(), [disable]))).toMatchObject({ state: 'done' });
    expect(await world.work(await world.open(world.user(), [disable]))).toMatchObject({ state: 'held' });
  });

  test('is taken before the intent: where it cannot be, there is none', async () => {
    const down = async () => {
      throw new Fault('retry', 'budget-contended', 'not now');
    };
    const world = gateWorld({ budgets: { reserve: down, left: down } });
    const run = await world.open(world.user(), [disable]);
    await expect(world.work(run)).rejects.toMatchObject({ code: 'budget-contended' });
    expect(await world.story(run)).not.toContain('step-intended');
    expect(world.sent).toEqual([]);
  });

  test('does not count what is so already', async () => {
    const world = worldWith({ reversible: narrow(1) });
    const [one, other] = [world.user(), world.user()];
    const runs = [
      await world.open(one, [disable, notify]),
      await world.open(one, [disable, notify], { name: 'again' }),
    ];
    for (const run of runs) expect(await world.work(run)).toMatchObject({ state: 'done' });
    expect(await world.work(await world.open(other, [disable]))).toMatchObject({ state: 'held' });
  });

  test('in percent: of 40 users 3 % are one, however many are asked for', async () => {
    const world = worldWith({ reversible: { ...wide, percent: { day: 3 } } });
    const users = Array.from({ length: 40 }, () => world.user());
    const states = [];
    for (const user of users.slice(0, 3)) states.push((await world.work(await world.open(user, [disable]))).state);
    expect(states).toEqual(['done', 'held', 'held']);
    expect((await world.engine.controls.list())[0]?.reason).toContain('1 of 1 in the last day');
  });

  test.each([
    ['throws', async (): Promise<number> => Promise.reject(new Fault('halt', 'permission-missing', 'no'))],
    ['says none', async () => 0],
    ['says nonsense', async () => Number.NaN],
  ])('in percent of users nobody can count (%s): nothing is done, and nothing ends', async (_what, userCount) => {
    const world = worldWith({ reversible: { ...wide, percent: { day: 50 } } });
    Object.assign(world.engine.world.directory, { userCount });
    const run = await world.open(world.user(), [disable]);
    await expect(world.work(run)).rejects.toMatchObject({ disposition: 'retry', code: 'users-uncounted' });
    expect(await world.story(run)).not.toContain('step-intended');
    expect(world.sent).toEqual([]);
    expect(await world.engine.controls.list()).toEqual([]);
  });

  test('does not stand in the way of taking back', async () => {
    const world = worldWith({ reversible: narrow(1) });
    const run = await world.open(world.user(), [disable]);
    await world.work(run);
    await undo(world.engine, run, 'was wrong', sam);
    world.pass(60_000);
    await world.work(run);
    world.pass(60_000);
    expect(await world.work(run)).toMatchObject({ state: 'undone' });
  });

  test('that is exceeded while the quarantine cannot be kept still sends nothing', async () => {
    const controls = memoryControls();
    const put = async () => {
      throw new Fault('retry', 'storage-busy', 'not now');
    };
    const world = gateWorld({
      controls: { ...controls, put },
      limits: { ...limits, budgets: { reversible: narrow(0), destructive: wide } },
    });
    const run = await world.open(world.user(), [disable]);
    await expect(world.work(run)).rejects.toMatchObject({ code: 'storage-busy' });
    expect(world.sent).toEqual([]);
  });
});
