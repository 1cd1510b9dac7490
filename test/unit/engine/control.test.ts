import { describe, expect, test } from 'vitest';
import { Fault } from '../../../shared/domain/fault.ts';
import { controlsNow, quarantine, readControls, setControl } from '../../../shared/engine/control.ts';
import type { Engine } from '../../../shared/engine/engine.ts';
import type { Caller } from '../../../shared/ports.ts';
import { approver, playbook, stackOf } from '../../support/engine.ts';

const head: Caller = { ...approver, roles: ['Quell.Administrator'] };
const all = { scope: 'all', name: null, stopped: true, reason: 'wrong people' } as const;
const engineOf = () => stackOf([playbook('inactive-user-review'), playbook('inactive-user-delete')]).engine;
const journal = (engine: Engine) => engine.ledger.read('controls');

describe('stopping', () => {
  test("is in force, is written down as the person's, and says that something changed", async () => {
    const engine = engineOf();
    expect(await setControl(engine, all, head)).toEqual({ changed: true, note: null });
    const control = {
      ...{ kind: 'stop', scope: 'all', name: null, by: head.id, byName: 'Ada' },
      ...{ at: engine.clock(), reason: 'wrong people' },
    };
    expect(await engine.controls.list()).toEqual([control]);
    expect(await journal(engine)).toMatchObject([
      { type: 'control-set', actor: `person:${head.id}`, data: { control } },
    ]);
  });

  test('of a playbook among several that are deployed is no slip of the pen; an action is never one', async () => {
    const engine = engineOf();
    const note = async (wanted: { scope: 'playbook' | 'action'; name: string }) =>
      (await setControl(engine, { ...all, ...wanted }, head)).note;
    expect(await note({ scope: 'playbook', name: 'inactive-user-delete' })).toBeNull();
    expect(await note({ scope: 'action', name: 'delete-user' })).toBeNull();
    expect(await note({ scope: 'playbook', name: 'other' })).toBe(
      'no playbook other is deployed: only runs that were opened with it are meant',
    );
  });

  test('something that does not exist says what there is', async () => {
    const engine = engineOf();
    await expect(setControl(engine, { ...all, scope: 'action', name: 'delete-usr' }, head)).rejects.toMatchObject({
      ...{ disposition: 'reject', code: 'unknown-action' },
      message: `There is no action delete-usr; there are ${[...engine.actions.keys()].join(', ')}.`,
    });
    for (const wrong of [
      { ...all, name: 'x' },
      { ...all, scope: 'action' as const },
    ])
      await expect(setControl(engine, wrong, head)).rejects.toMatchObject({
        message: 'name: belongs to a playbook or an action, and only to those.',
      });
  });
});

test('releasing takes away what is named, and nothing of the same name elsewhere', async () => {
  const engine = engineOf();
  for (const scope of ['playbook', 'action'] as const)
    await setControl(engine, { ...all, scope, name: 'delete-user' }, head);
  const release = { ...all, scope: 'playbook', name: 'delete-user', stopped: false, reason: 'all is well' } as const;
  expect((await setControl(engine, release, head)).changed).toBe(true);
  expect((await engine.controls.list()).map(({ scope }) => scope)).toEqual(['action']);
  expect((await journal(engine)).at(-1)).toMatchObject({
    ...{ type: 'controls-released', actor: `person:${head.id}` },
    data: { byName: 'Ada', reason: 'all is well', controls: [{ scope: 'playbook', name: 'delete-user' }] },
  });
  expect((await setControl(engine, release, head)).changed).toBe(false);
});

describe('a quarantine', () => {
  test('is written down, and is there once for each playbook, beside what people stopped', async () => {
    const engine = engineOf();
    await setControl(engine, { ...all, scope: 'playbook', name: 'one' }, head);
    const first = await quarantine(engine, 'one', 'too many');
    expect(first).toMatchObject({
      kind: 'quarantine',
      scope: 'playbook',
      name: 'one',
      by: 'quell',
      reason: 'too many',
    });
    expect((await journal(engine)).at(-1)).toMatchObject({ actor: 'quell', data: { control: first } });
    expect(await quarantine(engine, 'one', 'more still')).toEqual(first);
    expect(await quarantine(engine, 'other', 'too many')).toMatchObject({ name: 'other' });
    expect(await engine.controls.list()).toHaveLength(3);
    expect(await journal(engine)).toHaveLength(3);
  });
});

describe('what is stopped', () => {
  test('and cannot be read keeps everything from being done', async () => {
    const engine = engineOf();
    const cause = new Fault('halt', 'odd', 'x');
    const controls = { ...engine.controls, list: () => Promise.reject(cause) };
    await expect(controlsNow({ controls })).rejects.toMatchObject({
      ...{ disposition: 'retry', code: 'controls-unreadable', retryAfterMs: 60_000, cause },
      message: 'Whether this is stopped cannot be read, so nothing is done.',
    });
  });

  test('is not told from a journal that holds something else', async () => {
    const engine = engineOf();
    await engine.ledger.append('controls', null, {
      ...{ time: engine.clock(), type: 'something', actor: 'quell', data: {} },
    });
    await expect(readControls(engine)).rejects.toMatchObject({ disposition: 'halt' });
  });
});

describe('a change that somebody else was faster than', () => {
  const losing = (times: number, fault = new Fault('conflict', 'entry-exists', 'x')) => {
    const engine = engineOf();
    let tries = 0;
    const append: Engine['ledger']['append'] = async (...entry) => {
      tries += 1;
      if (tries <= times) throw fault;
      return engine.ledger.append(...entry);
    };
    return { engine: { ...engine, ledger: { ...engine.ledger, append } }, tries: () => tries };
  };

  test('is written down ten times at the most', async () => {
    const nine = losing(9);
    await setControl(nine.engine, all, head);
    expect(nine.tries()).toBe(10);
    const ever = losing(100);
    await expect(setControl(ever.engine, all, head)).rejects.toMatchObject({ code: 'entry-exists' });
    expect(ever.tries()).toBe(10);
  });

  test('is not one where storage is down', async () => {
    const down = losing(100, new Fault('retry', 'storage-down', 'x'));
    await expect(setControl(down.engine, all, head)).rejects.toMatchObject({ code: 'storage-down' });
    expect(down.tries()).toBe(1);
  });
});
