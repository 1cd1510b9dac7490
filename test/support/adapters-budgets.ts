import { describe, expect, test } from 'vitest';
import type { Budget } from '../../shared/domain/budget.ts';
import type { BudgetRequest, Budgets } from '../../shared/ports.ts';
import { expectFault, oddTexts } from './adapters-storage.ts';

export const noon = '2026-11-27T12:00:00.000Z';
export const budgetOf = (differs: Partial<Budget> = {}): Budget => ({
  ...{ hour: 2, day: 3, week: 4, month: 5 },
  ...differs,
});
export const requestOf = (key: string, differs: Partial<BudgetRequest> = {}): BudgetRequest => ({
  ...{ class: 'destructive', system: 'the directory', key, now: noon, budget: budgetOf() },
  ...differs,
});

const hoursLater = (hours: number) => new Date(Date.parse(noon) + hours * 3_600_000).toISOString();

/** What every store of budgets does. @param make an empty one */
export function describeBudgets(name: string, make: () => Budgets): void {
  describe(`${name} budgets`, () => {
    test('grant until a window is full, and say which', async () => {
      const budgets = make();
      expect(await budgets.reserve(requestOf('run-1:1.1'))).toEqual({ granted: true });
      expect(await budgets.reserve(requestOf('run-2:1.1'))).toEqual({ granted: true });
      const full = { granted: false, window: 'hour', used: 2, limit: 2 };
      expect(await budgets.reserve(requestOf('run-3:1.1'))).toEqual(full);
    });

    test('say how much is left, which takes nothing', async () => {
      const budgets = make();
      const { key: _key, ...asked } = requestOf('');
      expect(await budgets.left(asked)).toBe(2);
      await budgets.reserve(requestOf('a'));
      for (let times = 0; times < 3; times += 1) expect(await budgets.left(asked)).toBe(1);
      await budgets.reserve(requestOf('b'));
      expect(await budgets.left(asked)).toBe(0);
      expect(await budgets.left({ ...asked, now: hoursLater(2) })).toBe(1);
      expect(await budgets.left({ ...asked, budget: budgetOf({ hour: 1 }) })).toBe(0);
    });

    test('a retry takes no second place, even when all are taken', async () => {
      const budgets = make();
      for (const key of ['a', 'b', 'a', 'b', 'a'])
        expect(await budgets.reserve(requestOf(key))).toMatchObject({ granted: true });
      expect(await budgets.reserve(requestOf('c'))).toMatchObject({ granted: false, used: 2 });
    });

    test('a place that was refused takes nothing', async () => {
      const budgets = make();
      for (const key of ['a', 'b', 'c', 'c', 'd']) await budgets.reserve(requestOf(key));
      expect(await budgets.reserve(requestOf('e', { now: hoursLater(1) }))).toEqual({ granted: true });
    });

    test('classes and systems have budgets of their own', async () => {
      const budgets = make();
      for (const key of ['a', 'b', 'c']) await budgets.reserve(requestOf(key));
      expect(await budgets.reserve(requestOf('d', { class: 'reversible' }))).toEqual({ granted: true });
      expect(await budgets.reserve(requestOf('d', { system: 'azure 1' }))).toEqual({ granted: true });
      expect(await budgets.reserve(requestOf('d'))).toMatchObject({ granted: false });
    });

    test('slow drip is caught by the long windows', async () => {
      const budgets = make();
      const granted = [];
      for (let index = 0; index < 31 * 12; index += 1) {
        const reserved = await budgets.reserve(requestOf(`key ${index}`, { now: hoursLater(2 * index) }));
        if (reserved.granted) granted.push(index);
      }
      // Three in the first day, the fourth a day later; after that the month is full until the first has left it.
      expect(granted).toEqual([0, 1, 2, 12, 84, 360, 361, 362]);
    });

    test('systems and keys can have odd names', async () => {
      const budgets = make();
      for (const text of oddTexts) {
        expect(await budgets.reserve(requestOf(text, { system: text, budget: budgetOf({ hour: 1 }) }))).toEqual({
          granted: true,
        });
        expect(
          await budgets.reserve(requestOf('other', { system: text, budget: budgetOf({ hour: 1 }) })),
        ).toMatchObject({ granted: false });
      }
      await expectFault(budgets.reserve(requestOf('a', { system: '' })), 'halt', 'storage-key');
    });

    test('many at the same time: as many as there is room for', async () => {
      const budgets = make();
      const budget = budgetOf({ hour: 7, day: 9, week: 9, month: 9 });
      const all = Array.from({ length: 40 }, (_, index) => budgets.reserve(requestOf(`k${index}`, { budget })));
      expect((await Promise.all(all)).filter(({ granted }) => granted)).toHaveLength(7);
    });
  });
}
