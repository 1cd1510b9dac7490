import { describe, expect, test } from 'vitest';
import type { Backlog, BacklogItem } from '../../shared/ports-custody.ts';
import { oddTexts } from './adapters-storage.ts';

const at = '2026-03-01T12:00:00.000Z';
const itemOf = (journal: string, sequence = 1): BacklogItem => ({ journal, sequence, at });
const leafOf = (journal: string, sequence: number) => ({ journal, sequence, hash: 'a'.repeat(64) });

/** What every backlog does. @param make an empty one */
export function describeBacklog(name: string, make: () => Backlog): void {
  describe(`${name} backlog`, () => {
    test('what is noted is open for both readers, each for itself, in order', async () => {
      const backlog = make();
      for (const item of [itemOf('b', 2), itemOf('a', 3), itemOf('b', 11), itemOf('a', 3)]) await backlog.add(item);
      const all = [itemOf('a', 3), itemOf('b', 2), itemOf('b', 11)];
      expect(await backlog.open('trail', 10)).toEqual(all);
      expect(await backlog.open('seals', 2)).toEqual(all.slice(0, 2));
      await backlog.done('trail', all.slice(1));
      expect(await backlog.open('trail', 10)).toEqual([itemOf('a', 3)]);
      expect(await backlog.open('seals', 10)).toEqual(all);
    });

    test('what is done twice, or was never noted, is quiet', async () => {
      const backlog = make();
      await backlog.add(itemOf('a'));
      await backlog.add(itemOf('c'));
      await backlog.done('seals', [itemOf('b'), itemOf('a')]);
      await backlog.done('seals', [itemOf('a')]);
      await backlog.done('seals', []);
      expect(await backlog.open('seals', 10)).toEqual([itemOf('c')]);
    });

    test('more than one transaction holds', async () => {
      const backlog = make();
      const many = Array.from({ length: 130 }, (_, n) => itemOf(`run-${String(n).padStart(3, '0')}`));
      for (const item of many) await backlog.add(item);
      expect(await backlog.open('seals', 1000)).toEqual(many);
      await backlog.done('seals', many);
      expect(await backlog.open('seals', 1000)).toEqual([]);
    });

    test('knows how far a journal is sealed, and up to which seal it knows', async () => {
      const backlog = make();
      expect([await backlog.sealedUpTo('a'), await backlog.sealNoted()]).toEqual([0, 0]);
      await backlog.noteSeal(1, [leafOf('a', 1), leafOf('a', 2), leafOf('b', 1)]);
      await backlog.noteSeal(2, [leafOf('a', 3)]);
      await backlog.noteSeal(2, [leafOf('a', 3)]);
      expect([await backlog.sealedUpTo('a'), await backlog.sealedUpTo('b'), await backlog.sealNoted()]).toEqual([
        3, 1, 2,
      ]);
      await backlog.noteSeal(3, []);
      expect(await backlog.sealNoted()).toBe(3);
    });

    test('journals can have odd names', async () => {
      const backlog = make();
      for (const text of oddTexts) {
        await backlog.add(itemOf(text));
        await backlog.noteSeal(1, [leafOf(text, 7)]);
        expect(await backlog.sealedUpTo(text)).toBe(7);
      }
      const open = await backlog.open('trail', 100);
      expect(open.map(({ journal }) => journal).sort()).toEqual([...oddTexts].sort());
    });

    test('remembers where each walk stands', async () => {
      const backlog = make();
      expect(await backlog.walkedTo('patrol')).toBeNull();
      await backlog.setWalkedTo('patrol', 'run-7');
      await backlog.setWalkedTo('rebuild', ' ');
      expect([await backlog.walkedTo('patrol'), await backlog.walkedTo('rebuild')]).toEqual(['run-7', ' ']);
      await backlog.setWalkedTo('patrol', null);
      await backlog.setWalkedTo('patrol', null);
      expect([await backlog.walkedTo('patrol'), await backlog.walkedTo('rebuild')]).toEqual([null, ' ']);
    });
  });
}
