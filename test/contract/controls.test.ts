import { describe, expect, test } from 'vitest';
import { azureControls } from '../../shared/adapters/azure/controls.ts';
import { memoryControls } from '../../shared/adapters/memory/controls.ts';
import { describeControls, stopOf } from '../support/adapters-controls.ts';
import { expectFault, freshName, useStorage } from '../support/adapters-storage.ts';

describeControls('memory', memoryControls);

describe('with a storage account', () => {
  const storage = useStorage();
  const start = () => {
    const table = storage().table(freshName('controls'));
    return { table, controls: azureControls(table) };
  };
  describeControls('azure', () => start().controls);

  test('another process sees a stop with its next look: nothing is kept', async () => {
    const { table, controls } = start();
    expect(await controls.list()).toEqual([]);
    await azureControls(table).put(stopOf(null));
    expect(await controls.list()).toEqual([stopOf(null)]);
  });

  test('a row nobody can read is no leave to act', async () => {
    const { table, controls } = start();
    await controls.put(stopOf('delete'));
    for await (const row of table.listEntities())
      await table.updateEntity(
        { partitionKey: row.partitionKey ?? '', rowKey: row.rowKey ?? '', scope: 'none' },
        'Merge',
      );
    await expectFault(controls.list(), 'halt', 'controls-row');
  });

  test('a table that is gone does not mean that nothing is stopped', async () => {
    const { table, controls } = start();
    await controls.put(stopOf('delete'));
    await table.deleteTable();
    await expectFault(controls.list(), 'halt', 'storage-missing');
  });

  test('a stop set between looking and removing stays', async () => {
    const { table, controls } = start();
    const [old, fresh] = [stopOf(null), stopOf(null, { at: '2026-11-27T10:00:01.000Z' })];
    await controls.put(old);
    const remove = table.deleteEntity.bind(table);
    table.deleteEntity = async (...key) => {
      await azureControls(storage().table(table.tableName)).put(fresh);
      return remove(...key);
    };
    await expectFault(controls.remove(old), 'conflict', 'control-replaced');
    expect(await controls.list()).toEqual([fresh]);
  });
});
