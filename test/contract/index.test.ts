import { describe, expect, test } from 'vitest';
import { azureIndex } from '../../shared/adapters/azure/index.ts';
import { memoryIndex } from '../../shared/adapters/memory/index.ts';
import { describeIndex, itemOf, runOf } from '../support/adapters-index.ts';
import { expectFault, freshName, insertRows, useStorage } from '../support/adapters-storage.ts';

describeIndex('memory', memoryIndex);

describe('with a storage account', () => {
  const storage = useStorage();
  const start = () => {
    const table = storage().table(freshName('index'));
    return { table, index: azureIndex(table) };
  };
  describeIndex('azure', () => start().index);

  test('the oldest of more open journals than a page holds is found', async () => {
    const { table, index } = start();
    await index.open(itemOf('zz', '01:00:00'));
    const rows = Array.from({ length: 1_005 }, (_, n) => {
      const item = itemOf(`run-${n}`, '02:00:00');
      return { partitionKey: 'all', rowKey: `open|${item.journal}`, ...item };
    });
    await insertRows(table, rows);
    const due = await index.due('2026-03-01T12:00:00.000Z', 2_000);
    expect([due.length, due[0]]).toEqual([1_006, itemOf('zz', '01:00:00')]);
  });

  test('the newest runs are one request for as many rows, however many runs there are', async () => {
    const { table, index } = start();
    for (const day of ['01', '02', '03', '04', '05']) await index.list(runOf(`run-${day}`, day));
    const asked: string[] = [];
    table.pipeline.addPolicy({
      name: 'listen',
      sendRequest: (request, next) => {
        asked.push(new URL(request.url).searchParams.get('$top') ?? '');
        return next(request);
      },
    });
    expect((await index.runs({ limit: 3 })).map(({ run }) => run)).toEqual(['run-05', 'run-04', 'run-03']);
    expect(asked).toEqual(['3']);
  });

  test('a row that is not ours is a fault which names it', async () => {
    const { table, index } = start();
    await index.open(itemOf('a', '01:00:00'));
    const key = { partitionKey: 'all', rowKey: 'open|b' };
    await table.createEntity({ ...key, due: '2026-03-01T01:00:00.000Z', kind: 'other' });
    const wanted = { disposition: 'halt', code: 'index-row', detail: key };
    await expect(index.due('2026-03-01T12:00:00.000Z', 10)).rejects.toMatchObject(wanted);
  });

  test('a table that is gone is no empty index', async () => {
    const { table, index } = start();
    await index.open(itemOf('a', '01:00:00'));
    await table.deleteTable();
    await expectFault(index.due('2026-03-01T12:00:00.000Z', 10), 'halt', 'storage-missing');
    await expectFault(index.close('a'), 'halt', 'storage-missing');
  });
});
