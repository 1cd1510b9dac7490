import { setTimeout as sleep } from 'node:timers/promises';
import type { TableClient } from '@azure/data-tables';
import { describe, expect, test } from 'vitest';
import { azureBudgets } from '../../shared/adapters/azure/budgets.ts';
import { memoryBudgets } from '../../shared/adapters/memory/budgets.ts';
import { mostReservations } from '../../shared/domain/budget.ts';
import type { Budgets } from '../../shared/ports.ts';
import { budgetOf, describeBudgets, noon, requestOf } from '../support/adapters-budgets.ts';
import { expectFault, freshName, useStorage } from '../support/adapters-storage.ts';

describeBudgets('memory', memoryBudgets);

const patient = (ms: number) => sleep(ms);
const row = { partitionKey: 'the=20directory', rowKey: 'destructive' };

/** Does something between the read and the write of a reservation, the first so many times. */
function between(table: TableClient, times: number, work: () => Promise<unknown>): void {
  let left = times;
  const meanwhile = async () => {
    left -= 1;
    if (left >= 0) await work();
  };
  const [create, update] = [table.createEntity.bind(table), table.updateEntity.bind(table)];
  table.createEntity = async (...row) => {
    await meanwhile();
    return create(...row);
  };
  table.updateEntity = async (...row) => {
    await meanwhile();
    return update(...row);
  };
}

describe('with a storage account', () => {
  const storage = useStorage();
  const start = () => {
    const table = storage().table(freshName('budget'));
    return { table, budgets: azureBudgets(table, patient) };
  };
  /** The same budgets as another process sees them. */
  const another = (table: TableClient): Budgets => azureBudgets(storage().table(table.tableName), patient);
  describeBudgets('azure', () => start().budgets);

  test.each([0, 1])('of two that read the same row with %i taken, the last place goes to one', async (taken) => {
    const { table, budgets } = start();
    const budget = budgetOf({ hour: taken + 1 });
    for (let index = 0; index < taken; index += 1) await budgets.reserve(requestOf(`t${index}`, { budget }));
    const other: unknown[] = [];
    between(table, 1, async () => other.push(await another(table).reserve(requestOf('b', { budget }))));
    const mine = await budgets.reserve(requestOf('a', { budget }));
    expect(other).toEqual([{ granted: true }]);
    expect(mine).toEqual({ granted: false, window: 'hour', used: taken + 1, limit: taken + 1 });
  });

  test('somebody faster again and again: every place is counted, none twice', async () => {
    const { table, budgets } = start();
    const budget = budgetOf({ hour: 10, day: 10, week: 10, month: 10 });
    let other = 0;
    between(table, 9, () => another(table).reserve(requestOf(`other ${other++}`, { budget })));
    expect(await budgets.reserve(requestOf('mine', { budget }))).toEqual({ granted: true });
    expect(await budgets.reserve(requestOf('late', { budget }))).toMatchObject({ granted: false, used: 10 });
  });

  test('somebody faster for ever: not now, and nothing is taken', async () => {
    const { table } = start();
    const pauses: number[] = [];
    const budgets = azureBudgets(table, async (ms) => void pauses.push(ms));
    const budget = budgetOf({ hour: 500, day: 500, week: 500, month: 500 });
    let other = 0;
    between(table, 1_000, () => another(table).reserve(requestOf(`other ${other++}`, { budget })));
    await expectFault(budgets.reserve(requestOf('mine', { budget })), 'retry', 'budget-contended');
    expect(other).toBe(pauses.length);
    const room = budgetOf({ hour: other + 1, day: 500, week: 500, month: 500 });
    expect(await another(table).reserve(requestOf('next', { budget: room }))).toEqual({ granted: true });
  });

  test('a write whose answer got lost is found again, not taken twice', async () => {
    const { table, budgets } = start();
    await budgets.reserve(requestOf('first'));
    const update = table.updateEntity.bind(table);
    table.updateEntity = async (...row) => {
      table.updateEntity = update;
      await update(...row);
      throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
    };
    expect(await budgets.reserve(requestOf('second'))).toEqual({ granted: true });
    expect(await budgets.reserve(requestOf('third'))).toMatchObject({ granted: false, used: 2 });
  });

  test('a row nobody can read, or a table that is gone, grants nothing', async () => {
    const { table, budgets } = start();
    await budgets.reserve(requestOf('a'));
    for (const reservations of ['x', 'A'.repeat(24), 7])
      await table
        .updateEntity({ ...row, reservations }, 'Replace')
        .then(() => expectFault(budgets.reserve(requestOf('b')), 'halt', 'budget-row'));
    await table.deleteTable();
    await expectFault(budgets.reserve(requestOf('b')), 'halt', 'storage-missing');
  });

  test(`a full row of ${mostReservations} can be written and read`, async () => {
    const { table, budgets } = start();
    const budget = budgetOf({ hour: mostReservations, day: 5_000, week: 5_000, month: 5_000 });
    await budgets.reserve(requestOf('a', { budget }));
    const time = Date.parse(noon).toString(36);
    const reservations = Array.from(
      { length: mostReservations - 1 },
      (_, i) => String(i).padStart(16, '0') + time,
    ).join('');
    await table.updateEntity({ ...row, reservations }, 'Replace');
    expect(await budgets.reserve(requestOf('last', { budget }))).toEqual({ granted: true });
    const full = { granted: false, used: mostReservations };
    expect(await budgets.reserve(requestOf('more', { budget }))).toMatchObject(full);
  });

  test.each([1, 2, 3, 4, 5])('200 in parallel against a budget of 25, time %i: exactly 25', async () => {
    const { table } = start();
    const budget = budgetOf({ hour: 25, day: 25, week: 25, month: 25 });
    const workers = Array.from({ length: 8 }, () => another(table));
    const all = Array.from({ length: 200 }, (_, index) =>
      (workers[index % workers.length] ?? another(table)).reserve(requestOf(`run-${index}:1.1`, { budget })),
    );
    const answers = await Promise.all(all);
    const granted = answers.filter((one) => one.granted).length;
    process.stdout.write(`budget of 25, 200 at once on Azurite: ${granted} granted, ${granted - 25} overshoot\n`);
    expect(granted).toBe(25);
    expect(answers.filter((one) => !one.granted && one.used === 25)).toHaveLength(175);
  });
});
