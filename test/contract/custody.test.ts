import { describe, expect, test } from 'vitest';
import { azureBacklog } from '../../shared/adapters/azure/backlog.ts';
import type { Storage } from '../../shared/adapters/azure/connect.ts';
import { azureLedger } from '../../shared/adapters/azure/ledger.ts';
import { azureSeals } from '../../shared/adapters/azure/seals.ts';
import { azureTrail } from '../../shared/adapters/azure/trail.ts';
import { azureVault } from '../../shared/adapters/azure/vault.ts';
import { memoryBacklog } from '../../shared/adapters/memory/backlog.ts';
import { memoryLedger } from '../../shared/adapters/memory/ledger.ts';
import { memorySeals } from '../../shared/adapters/memory/seals.ts';
import { memoryTrail } from '../../shared/adapters/memory/trail.ts';
import { describeBacklog } from '../support/adapters-backlog.ts';
import { describeJournals } from '../support/adapters-journals.ts';
import { describeSeals } from '../support/adapters-seals.ts';
import { expectFault, freshName, useStorage } from '../support/adapters-storage.ts';
import { describeTrail, recordOf } from '../support/adapters-trail.ts';

describeBacklog('memory', memoryBacklog);
describeTrail('memory', memoryTrail);
describeSeals('memory', memorySeals);
describeJournals('memory', memoryLedger);

describe('with a storage account', () => {
  const storage = useStorage();
  describeBacklog('azure', () =>
    azureBacklog(storage().table(freshName('backlog')), storage().table(freshName('sealed'))),
  );
  describeTrail('azure', () => azureTrail(apart(storage())));
  describeSeals('azure', () => azureSeals(storage().container(freshName('seals'))));
  describeJournals('azure', () =>
    azureLedger(storage().table(freshName('ledger')), azureVault(storage().container('vault'))),
  );

  test('a seal that somebody changed is unreadable, and still counted', async () => {
    const container = storage().container(freshName('seals'));
    const seals = azureSeals(container);
    expect(await seals.count()).toBe(0);
    await container.getBlockBlobClient('999999999992.json').upload('{"statement":1}', 15);
    expect(await seals.count()).toBe(7);
    await expectFault(seals.read(7), 'halt', 'seal-unreadable');
    await expectFault(seals.latest(), 'halt', 'seal-unreadable');
  });

  test('a row of the ledger that is no entry is handed out as what remains of it', async () => {
    const table = storage().table(freshName('ledger'));
    const ledger = azureLedger(table, azureVault(storage().container('vault')));
    const body = { time: '2026-03-01T08:00:00.000Z', type: 'noted', actor: 'quell', data: {} };
    await ledger.append('run-1', null, body);
    await table.createEntity({ partitionKey: 'run-1', rowKey: '0000000002', data: 'nonsense' });
    expect(await ledger.after(null, 10)).toMatchObject([
      { sequence: 1, type: 'noted' },
      { journal: 'run-1', sequence: 2, type: 'unreadable', data: {} },
    ]);
    await expectFault(ledger.read('run-1'), 'halt', 'ledger-row');
  });

  test('a look into the trail is the same requests, whatever else there is', async () => {
    const tables = apart(storage());
    const asked: string[] = [];
    const trail = azureTrail({ ...tables, table: (name) => listening(tables.table(name), asked) });
    const range = { by: { identity: 'id-1' }, from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z' };
    await trail.put([recordOf('a', 1, '01T08:00')]);
    asked.length = 0;
    await trail.page(range, null, 100);
    const few = asked.splice(0).length;
    for (let n = 0; n < 40; n += 1) await trail.put([recordOf('b', n + 1, '02T08:00', { identity: `other-${n}` })]);
    asked.length = 0;
    expect((await trail.page(range, null, 100)).records).toHaveLength(1);
    expect([asked.length, few]).toEqual([1, 1]);
  });
});

/** Tables of its own for each test: the trail's names are fixed. */
function apart(storage: Storage): Storage {
  const prefix = freshName('t');
  return {
    ...storage,
    table: (name) => storage.table(`${prefix}x${name}`),
    tables: async (wanted) =>
      (await storage.tables(`${prefix}x${wanted}`)).map((name) => name.slice(prefix.length + 1)),
  };
}

function listening(table: ReturnType<Storage['table']>, asked: string[]): ReturnType<Storage['table']> {
  table.pipeline.addPolicy({
    name: 'listen',
    sendRequest: (request, next) => {
      asked.push(request.method);
      return next(request);
    },
  });
  return table;
}
