import { describe, expect, test } from 'vitest';
import { memoryControls } from '../../../shared/adapters/memory/controls.ts';
import { Fault } from '../../../shared/domain/fault.ts';
import { runTimeline } from '../../../shared/domain/timeline.ts';
import { readControls, setControl } from '../../../shared/engine/control.ts';
import { undo } from '../../../shared/engine/undo.ts';
import { stopOf } from '../../support/adapters-controls.ts';
import { expectFault } from '../../support/adapters-storage.ts';
import { playbookOf } from '../../support/domain-run.ts';
import { subscription } from '../../support/domain-users.ts';
import { disable, gateWorld, notify, remove, sam } from '../../support/gate-world.ts';

const everything = { scope: 'all', name: null, reason: 'wrong people' } as const;
const stop = { ...everything, stopped: true };
const go = { ...everything, stopped: false, reason: 'all is well' };

describe('a stopped run', () => {
  test.each([
    ['everything', { scope: 'all', name: null }],
    ['its playbook', { scope: 'playbook', name: 'review' }],
    ['its action', { scope: 'action', name: 'disable-user' }],
  ] as const)('is held where %s is stopped, and goes on when it is released', async (_what, on) => {
    const world = gateWorld();
    const run = await world.open(world.user(), [disable]);
    await setControl(world.engine, { ...stop, ...on }, sam);
    const held = await world.work(run);
    expect(held).toMatchObject({ state: 'held', at: null });
    expect(held.because).toMatch(/^Sam stopped .*: wrong people$/);
    expect(world.sent).toEqual([]);
    await setControl(world.engine, { ...go, ...on }, sam);
    expect(await world.work(run)).toMatchObject({ state: 'done' });
    expect(world.sent).toHaveLength(1);
  });

  test.each([
    ['another playbook', { scope: 'playbook', name: 'other' }],
    ['a playbook named like the action', { scope: 'playbook', name: 'disable-user' }],
    ['another action', { scope: 'action', name: 'delete-user' }],
  ] as const)('is one that is stopped itself, not %s', async (_what, on) => {
    const world = gateWorld();
    const run = await world.open(world.user(), [disable]);
    await setControl(world.engine, { ...stop, ...on }, sam);
    expect(await world.work(run)).toMatchObject({ state: 'done' });
  });

  test('sends no word either', async () => {
    const world = gateWorld();
    const run = await world.open(world.user(), [notify]);
    await setControl(world.engine, { ...stop, scope: 'action', name: 'notify' }, sam);
    expect(await world.work(run)).toMatchObject({ state: 'held' });
    expect(world.sent).toEqual([]);
  });

  test('says so once for each reason, and looks again after a minute', async () => {
    const world = gateWorld();
    const run = await world.open(world.user(), [disable]);
    await world.engine.controls.put(stopOf(null));
    for (let look = 0; look < 3; look += 1) await world.work(run);
    expect((await world.story(run)).filter((type) => type === 'held')).toHaveLength(1);
    expect(await world.tick(59_000)).toEqual([]);
    expect(await world.tick(1_000)).toEqual([run]);
    await world.engine.controls.put(stopOf(null, { reason: 'still wrong' }));
    for (let look = 0; look < 3; look += 1) await world.work(run);
    expect((await world.story(run)).filter((type) => type === 'held')).toHaveLength(2);
    const line = runTimeline(await world.engine.ledger.read(run)).findLast(({ stage }) => stage === 'held');
    expect(line?.text).toBe('Sam stopped everything: still wrong');
  });

  test('wakes once a minute for as long as it takes, never more often', async () => {
    const world = gateWorld();
    const run = await world.open(world.user(), [disable]);
    await world.engine.controls.put(stopOf(null));
    await world.work(run);
    const woken: number[] = [];
    for (let minute = 0; minute < 30; minute += 1) {
      const runs = await world.tick(60_000);
      woken.push(runs.length);
      for (const one of runs) await world.work(one);
    }
    expect(new Set(woken)).toEqual(new Set([1]));
  });

  test('takes no proof while it is held, and a new one when it goes on', async () => {
    const world = gateWorld();
    const run = await world.open(world.user(), [disable]);
    await world.engine.controls.put(stopOf(null));
    await world.work(run);
    const proofs = async () => (await world.story(run)).filter((type) => type === 'proved').length;
    const atFirst = await proofs();
    for (let hour = 0; hour < 5; hour += 1) {
      world.pass(3_600_000);
      await world.work(run);
    }
    expect(await proofs()).toBe(atFirst);
    await world.engine.controls.remove(stopOf(null));
    expect(await world.work(run)).toMatchObject({ state: 'done' });
    expect((await world.story(run)).slice(-6)).toEqual([
      'held',
      'proved',
      'step-intended',
      'step-applied',
      'step-verified',
      'run-ended',
    ]);
  });

  test('asks the guards again when it goes on', async () => {
    const world = gateWorld();
    const user = world.user();
    const run = await world.open(user, [disable]);
    await world.engine.controls.put(stopOf(null));
    await world.work(run);
    const about = { reason: 'on leave', expiresAt: '2027-01-01T00:00:00.000Z', run: 'run-other' };
    await world.exclusions.put({ ...about, system: subscription, identity: user.id });
    await world.engine.controls.remove(stopOf(null));
    expect(await world.work(run)).toMatchObject({ state: 'refused' });
    expect(world.sent).toEqual([]);
  });

  test('stops between two steps too', async () => {
    const world = gateWorld();
    const run = await world.open(world.user(), [disable, notify]);
    await setControl(world.engine, { ...stop, scope: 'action', name: 'notify' }, sam);
    expect(await world.work(run)).toMatchObject({ state: 'held' });
    expect(world.sent).toHaveLength(1);
  });

  test('can be taken back while everything is stopped', async () => {
    const world = gateWorld();
    const run = await world.open(world.user(), [disable, notify]);
    await setControl(world.engine, { ...stop, scope: 'action', name: 'notify' }, sam);
    await world.work(run);
    await setControl(world.engine, stop, sam);
    await undo(world.engine, run, 'was wrong', sam);
    world.pass(60_000);
    await world.work(run);
    world.pass(60_000);
    expect(await world.work(run)).toMatchObject({ state: 'undone' });
    expect(world.sent).toHaveLength(2);
  });
});

describe('a stop', () => {
  test('that comes while the guards are looking still counts', async () => {
    const controls = memoryControls();
    const world = gateWorld({ controls });
    const run = await world.open(world.user(), [disable]);
    const { directory } = world.engine.world;
    let looks = 0;
    Object.assign(directory, {
      privileges: async () => {
        looks += 1;
        // The first look is for the plan; the second is right before the intent.
        if (looks === 2) await controls.put(stopOf(null));
        return [];
      },
    });
    expect(await world.work(run)).toMatchObject({ state: 'held' });
    expect(world.sent).toEqual([]);
    expect(looks).toBe(2);
  });

  test('that cannot be read holds everything: nothing is sent, nothing ends, and it is looked at again', async () => {
    const down = async () => {
      throw new Fault('halt', 'controls-row', 'not readable');
    };
    const world = gateWorld({ controls: { ...memoryControls(), list: down } });
    const run = await world.open(world.user(), [disable]);
    await expect(world.work(run)).rejects.toMatchObject({ disposition: 'retry', code: 'controls-unreadable' });
    expect(world.sent).toEqual([]);
    expect(await world.story(run)).not.toContain('run-ended');
  });

  test('is for who has the role, names what exists, and nothing more', async () => {
    const { engine } = gateWorld();
    const { roles: _, ...nobody } = sam;
    await expectFault(setControl(engine, stop, { ...nobody, roles: ['Quell.Reader'] }), 'refuse', 'role-missing');
    const release = { ...stop, stopped: false };
    await expectFault(setControl(engine, release, { ...nobody, roles: ['Quell.Responder'] }), 'refuse', 'role-missing');
    const typo = { ...stop, scope: 'action', name: 'delete-usr' } as const;
    await expectFault(setControl(engine, typo, sam), 'reject', 'unknown-action');
    await expectFault(setControl(engine, { ...stop, name: 'delete' }, sam), 'reject', 'wrong-request');
    await expectFault(setControl(engine, { ...stop, scope: 'playbook' }, sam), 'reject', 'wrong-request');
    expect(await engine.controls.list()).toEqual([]);
  });

  test('of a playbook that is not deployed is in force, and says that it may be a slip of the pen', async () => {
    const playbooks = () => [playbookOf()];
    const invalid = () => {
      throw new Fault('retry', 'playbooks-invalid', 'not valid');
    };
    const noteOn = async (name: string, engine = gateWorld({ playbooks }).engine) => {
      const { note } = await setControl(engine, { ...stop, scope: 'playbook', name }, sam);
      expect(await engine.controls.list()).toHaveLength(1);
      return note;
    };
    expect(await noteOn('review')).toBeNull();
    expect(await noteOn('reveiw')).toMatch(/no playbook reveiw is deployed/);
    expect(await noteOn('review', gateWorld({ playbooks: invalid }).engine)).toMatch(/not valid/);
  });

  test('is in force even where it cannot be recorded; a release is not', async () => {
    const world = gateWorld();
    const { engine } = world;
    const down = async () => {
      throw new Fault('retry', 'storage-busy', 'not now');
    };
    const broken = { ...engine, ledger: { ...engine.ledger, append: down } };
    await expectFault(setControl(broken, stop, sam), 'retry', 'storage-busy');
    expect(await engine.controls.list()).toHaveLength(1);
    await expectFault(setControl(broken, go, sam), 'retry', 'storage-busy');
    expect(await engine.controls.list()).toHaveLength(1);
  });

  test('and its release are kept, whoever else is writing', async () => {
    const { engine } = gateWorld();
    const names = ['one', 'two', 'three', 'four'];
    const each = (stopped: boolean) =>
      Promise.all(
        names.map(
          async (name) => (await setControl(engine, { ...stop, scope: 'playbook', name, stopped }, sam)).changed,
        ),
      );
    expect(await each(true)).toEqual([true, true, true, true]);
    expect(await each(false)).toEqual([true, true, true, true]);
    expect(await each(false)).toEqual([false, false, false, false]);
    const { controls, entries, break: broken } = await readControls(engine);
    expect(controls).toEqual([]);
    expect(entries).toHaveLength(8);
    expect(broken).toBeNull();
  });

  test('of one thing is released alone', async () => {
    const world = gateWorld();
    const run = await world.open(world.user(), [disable]);
    await setControl(world.engine, stop, sam);
    await setControl(world.engine, { ...stop, scope: 'playbook', name: 'review' }, sam);
    await setControl(world.engine, go, sam);
    expect(await world.work(run)).toMatchObject({ state: 'held' });
    await setControl(world.engine, { ...go, scope: 'playbook', name: 'review' }, sam);
    expect(await world.work(run)).toMatchObject({ state: 'done' });
  });
});

test('deleting is held like anything else', async () => {
  const world = gateWorld();
  const run = await world.open(world.user(), [remove]);
  await setControl(world.engine, { ...stop, scope: 'action', name: 'delete-user' }, sam);
  expect(await world.work(run)).toMatchObject({ state: 'held' });
  expect(world.sent).toEqual([]);
});
