import { describe, expect, test } from 'vitest';
import type { Seals } from '../../shared/ports-custody.ts';
import { expectFault } from './adapters-storage.ts';
import { historyOf } from './sealed-ledger.ts';

const { seals: made, key } = historyOf({ journals: 2, entries: 12, perSeal: 1 });
const others = historyOf({ journals: 1, entries: 3, perSeal: 1 }, key).seals;

/** What every place for seals does. @param make an empty one */
export function describeSeals(name: string, make: () => Seals): void {
  describe(`${name} seals`, () => {
    test('none, at first', async () => {
      const seals = make();
      expect([await seals.latest(), await seals.read(1), await seals.count()]).toEqual([null, null, 0]);
    });

    test('every one is read as it was kept, and the newest is the one with the highest number', async () => {
      const seals = make();
      for (const seal of made) await seals.put(seal);
      expect(await seals.count()).toBe(12);
      expect(await seals.latest()).toEqual(made.at(-1));
      for (const seal of made) expect(await seals.read(seal.statement.number)).toEqual(seal);
      expect(await seals.read(13)).toBeNull();
    });

    test('the same again is quiet, another of the number is refused, and what is kept stays', async () => {
      const seals = make();
      const [one, other] = [made[1], others[1]];
      if (!one || !other) throw new Error('there are seals');
      await seals.put(one);
      await seals.put(one);
      await expectFault(seals.put(other), 'conflict', 'seal-taken');
      expect(await seals.read(2)).toEqual(one);
    });

    test('of many at once that are different one is kept', async () => {
      const seals = make();
      const competing = [made[0], others[0]].flatMap((seal) => seal ?? []);
      const outcomes = await Promise.allSettled(competing.map((seal) => seals.put(seal)));
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    });
  });
}
