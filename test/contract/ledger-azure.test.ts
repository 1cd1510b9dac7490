import { RestError, type TableClient } from '@azure/data-tables';
import { describe, expect, test } from 'vitest';
import { azureLedger } from '../../shared/adapters/azure/ledger.ts';
import { azureVault } from '../../shared/adapters/azure/vault.ts';
import { memoryVault } from '../../shared/adapters/memory/vault.ts';
import { canonical } from '../../shared/domain/json.ts';
import { type Entry, entryAfter, firstBreak } from '../../shared/domain/ledger.ts';
import { bodyOf } from '../support/adapters-ledger.ts';
import { expectFault, freshName, insertRows, useStorage } from '../support/adapters-storage.ts';

const storage = useStorage();

type Policy = Parameters<TableClient['pipeline']['addPolicy']>[0];

function start() {
  const table = storage().table(freshName('ledger'));
  return { table, journal: freshName('run-'), ledger: azureLedger(table, memoryVault()) };
}

/** Lets the service do its work and then loses its next answers to inserts. */
function loseAnswers(table: TableClient, { count }: { count: number }): void {
  let left = count;
  const policy: Policy = {
    name: 'lose-answers',
    sendRequest: async (request, next) => {
      const response = await next(request);
      const isInsert = request.method === 'POST' && !request.url.includes('/Tables');
      if (!isInsert || left === 0) return response;
      left -= 1;
      throw new RestError('socket hang up', { code: 'ECONNRESET', request });
    },
  };
  table.pipeline.addPolicy(policy, { afterPhase: 'Retry' });
}

describe('an answer that got lost', () => {
  test('once, is made good within the call', async () => {
    const { table, journal, ledger } = start();
    const first = await ledger.append(journal, null, bodyOf(1));
    loseAnswers(table, { count: 1 });
    const second = await ledger.append(journal, first, bodyOf(2));
    expect(await ledger.read(journal)).toEqual([first, second]);
  });

  test('each time, is a retry, and the next call finds its own entry', async () => {
    const { table, journal, ledger } = start();
    const first = await ledger.append(journal, null, bodyOf(1));
    // The repetitions within the call are answered with 409, so their answers have to get lost too.
    loseAnswers(table, { count: 3 });
    await expectFault(ledger.append(journal, first, bodyOf(2)), 'retry', 'storage-unreachable');
    const second = await ledger.append(journal, first, bodyOf(2));
    expect(await ledger.read(journal)).toEqual([first, second]);
  });

  test('and somebody else was faster: a conflict all the same', async () => {
    const { table, journal, ledger } = start();
    const first = await ledger.append(journal, null, bodyOf(1));
    await ledger.append(journal, first, bodyOf(3));
    loseAnswers(table, { count: 1 });
    await expectFault(ledger.append(journal, first, bodyOf(2)), 'conflict', 'ledger-conflict');
  });
});

describe('a log that somebody touched', () => {
  async function withThree() {
    const { table, journal, ledger } = start();
    let previous: Entry | null = null;
    for (const n of [1, 2, 3]) previous = await ledger.append(journal, previous, bodyOf(n));
    const touch = (change: object) =>
      table.updateEntity({ partitionKey: journal, rowKey: '0000000002', ...change }, 'Merge');
    return { table, journal, ledger, touch };
  }

  test('breaks at the entry that was changed', async () => {
    for (const change of [{ data: '{"n":9}' }, { actor: 'person:x' }, { time: '2026-03-01T08:00:00.000Z' }]) {
      const { journal, ledger, touch } = await withThree();
      await touch(change);
      const found = { sequence: 2, reason: 'was changed after it was written' };
      expect(firstBreak(await ledger.read(journal))).toEqual(found);
    }
  });

  test('breaks where an entry was taken out', async () => {
    const { table, journal, ledger } = await withThree();
    await table.deleteEntity(journal, '0000000002');
    expect(firstBreak(await ledger.read(journal))).toEqual({ sequence: 2, reason: 'entry 2 is missing' });
  });

  test('is not read where a row is no entry at all; the fault says which', async () => {
    const changes = [{ data: 'garbage' }, { data: '[1]' }, { hash: 'x' }, { data: 7 }, { data: '{"$vault":"../x"}' }];
    for (const change of changes) {
      const { journal, ledger, touch } = await withThree();
      await touch(change);
      const detail = { journal, sequence: '0000000002' };
      await expect(ledger.read(journal)).rejects.toMatchObject({ disposition: 'halt', code: 'ledger-row', detail });
    }
  });

  test('is not read where a row has a key of its own kind', async () => {
    const { table, journal, ledger } = await withThree();
    await table.createEntity({ partitionKey: journal, rowKey: 'zzz' });
    await expectFault(ledger.read(journal), 'halt', 'ledger-row');
  });

  test('is not read where its table is gone: that is no empty log', async () => {
    const { table, journal, ledger } = await withThree();
    await table.deleteTable();
    await expectFault(ledger.read(journal), 'halt', 'storage-missing');
  });
});

describe('data too large for a column', () => {
  test('stands in the vault, and the row has only its digest', async () => {
    const table = storage().table(freshName('ledger'));
    const container = storage().container(freshName('vault'));
    const [journal, ledger] = [freshName('run-'), azureLedger(table, azureVault(container))];
    const data = { text: 'x'.repeat(200_000) };
    const entry = await ledger.append(journal, null, bodyOf(1, data));
    const row = await table.getEntity<{ data: string }>(journal, '0000000001');
    expect(row.data).toMatch(/^\{"\$vault":"[0-9a-f]{64}"\}$/);
    expect(await ledger.read(journal)).toEqual([entry]);

    const { $vault } = JSON.parse(row.data);
    const blob = container.getBlockBlobClient(`sha256/${$vault.slice(0, 2)}/${$vault}`);
    await blob.upload('other', 5);
    await expectFault(ledger.read(journal), 'halt', 'vault-changed');
    await blob.delete();
    await expectFault(ledger.read(journal), 'halt', 'vault-missing');
  });
});

test('a journal longer than a page comes whole', async () => {
  const { table, journal, ledger } = start();
  await ledger.append(journal, null, bodyOf(1));
  const entries = await ledger.read(journal);
  const rows = [];
  for (let n = 2; n <= 1_005; n += 1) {
    const { sequence, data, ...rest } = entryAfter(journal, rows.at(-1)?.entry ?? entries[0] ?? null, bodyOf(n));
    const row = { partitionKey: journal, rowKey: `${sequence}`.padStart(10, '0'), ...rest, data: canonical(data) };
    rows.push({ row, entry: { sequence, data, ...rest } });
  }
  await insertRows(
    table,
    rows.map(({ row }) => row),
  );
  const all = await ledger.read(journal);
  expect(all).toHaveLength(1_005);
  expect(firstBreak(all)).toBeNull();
});
