import { describe, expect, test } from 'vitest';
import { azureExclusions } from '../../shared/adapters/azure/exclusions.ts';
import { memoryExclusions } from '../../shared/adapters/memory/exclusions.ts';
import { describeExclusions, exclusionOf } from '../support/adapters-exclusions.ts';
import { expectFault, freshName, useStorage } from '../support/adapters-storage.ts';

describeExclusions('memory', memoryExclusions);

describe('with a storage account', () => {
  const storage = useStorage();
  const start = () => {
    const table = storage().table(freshName('exclusions'));
    return { table, exclusions: azureExclusions(table) };
  };
  describeExclusions('azure', () => start().exclusions);

  test('a row nobody can read is no leave to act', async () => {
    const { table, exclusions } = start();
    await exclusions.put(exclusionOf('s', 'a'));
    await table.updateEntity({ partitionKey: 's', rowKey: 'a', expiresAt: 'never' }, 'Merge');
    const wanted = { disposition: 'halt', code: 'exclusions-row', detail: { partitionKey: 's', rowKey: 'a' } };
    await expect(exclusions.find('s', 'a')).rejects.toMatchObject(wanted);
  });

  test('a row of somebody else under this name is none either', async () => {
    const { table, exclusions } = start();
    await exclusions.put(exclusionOf('s', 'a'));
    await table.createEntity({ partitionKey: 's', rowKey: 'b', ...exclusionOf('s', 'a') });
    await expectFault(exclusions.find('s', 'b'), 'halt', 'exclusions-row');
  });

  test('a table that is gone does not mean that nobody is excluded', async () => {
    const { table, exclusions } = start();
    await exclusions.put(exclusionOf('s', 'a'));
    await table.deleteTable();
    await expectFault(exclusions.find('s', 'a'), 'halt', 'storage-missing');
  });
});
