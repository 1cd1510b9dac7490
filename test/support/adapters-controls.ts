import { describe, expect, test } from 'vitest';
import type { Control } from '../../shared/domain/control.ts';
import type { Controls } from '../../shared/ports.ts';
import { expectFault, oddTexts } from './adapters-storage.ts';

/** A stop of this playbook, or of everything. */
export function stopOf(name: string | null, differs: Partial<Control> = {}): Control {
  const scope = name === null ? 'all' : 'playbook';
  const who = { by: 'p-1', byName: 'Sam', at: '2026-11-27T10:00:00.000Z' };
  return { kind: 'stop', scope, name, ...who, reason: 'wrong people: größer als gedacht', ...differs };
}

/** What every store of controls does. @param make an empty one */
export function describeControls(name: string, make: () => Controls): void {
  describe(`${name} controls`, () => {
    test('are listed until they are removed, with who, when and why', async () => {
      const controls = make();
      expect(await controls.list()).toEqual([]);
      const all = [stopOf(null), stopOf('delete'), stopOf('delete-user', { scope: 'action' })];
      for (const one of all) await controls.put(one);
      const listed = await controls.list();
      expect(listed).toHaveLength(3);
      expect(listed).toEqual(expect.arrayContaining(all));
      for (const one of all) await controls.remove(one);
      for (const one of all) await controls.remove(one);
      expect(await controls.list()).toEqual([]);
    });

    test('a stop and a quarantine of one playbook stand side by side, one of a kind is replaced', async () => {
      const controls = make();
      const quarantine = stopOf('delete', { kind: 'quarantine', byName: 'Quell' });
      await controls.put(stopOf('delete'));
      await controls.put(quarantine);
      await controls.put(stopOf('delete', { byName: 'Ria' }));
      expect((await controls.list()).map(({ kind, byName }) => `${kind} ${byName}`).sort()).toEqual([
        'quarantine Quell',
        'stop Ria',
      ]);
    });

    test('one that was set anew meanwhile is not removed by whoever saw the old one', async () => {
      const controls = make();
      const [old, fresh] = [stopOf('delete'), stopOf('delete', { at: '2026-11-27T10:00:01.000Z' })];
      await controls.put(old);
      await controls.put(fresh);
      await expectFault(controls.remove(old), 'conflict', 'control-replaced');
      expect(await controls.list()).toEqual([fresh]);
    });

    test('can have odd names, and a playbook is not an action', async () => {
      const controls = make();
      for (const text of oddTexts) await controls.put(stopOf(text));
      for (const text of oddTexts) await controls.put(stopOf(text, { scope: 'action' }));
      expect(await controls.list()).toHaveLength(2 * oddTexts.length);
      for (const text of oddTexts) await controls.remove(stopOf(text));
      expect((await controls.list()).map((one) => one.name).sort()).toEqual([...oddTexts].sort());
    });
  });
}
