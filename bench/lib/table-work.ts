import { odata, type TableClient } from '@azure/data-tables';
import { azureIndex } from '../../shared/adapters/azure/index.ts';
import { azureLedger } from '../../shared/adapters/azure/ledger.ts';
import { memoryVault } from '../../shared/adapters/memory/vault.ts';

/** What is done with a table in one turn; its name is new each time. */
export type Work = (name: string) => Promise<unknown>;

/** One alert's part of the index: its run listed and open, looked at among the newest, closed. */
export function indexWork(table: TableClient): Work {
  const index = azureIndex(table);
  return async (run) => {
    const open = { journal: run, kind: 'run', session: 'id', due: '2099-01-01T00:00:00.000Z' } as const;
    await index.list(
      { run, alert: 'alert-1', identity: `id-${run}`, receivedAt: '2030-01-01T00:00:00.000Z' },
      { open },
    );
    await index.runs({ limit: 20 });
    await index.close(run);
  };
}

/** The same calls without the index. */
export function bareIndexWork(table: TableClient): Work {
  // As the index would read it: both are in the same table.
  const listed = { run: 'run-bare', alert: 'alert-1', identity: 'id', receivedAt: '2026-01-01T00:00:00.000Z' };
  const row = (partitionKey: string, rowKey: string) => ({ partitionKey, rowKey, ...listed });
  const filter = odata`PartitionKey eq ${'all'} and RowKey ge ${'run|'} and RowKey lt ${'run}'}`;
  return async (name) => {
    await table.submitTransaction([
      ['upsert', row('all', `bare|${name}`), 'Replace'],
      ['upsert', row('all', `run|9|${name}`), 'Replace'],
      ['upsert', row('all', `who|bare|${name}`), 'Replace'],
    ]);
    await table.listEntities({ queryOptions: { filter } }).byPage({ maxPageSize: 20 }).next();
    await table.deleteEntity('all', `bare|${name}`);
  };
}

/** One run's part of the ledger: two entries written, and read. */
export function ledgerWork(table: TableClient): Work {
  const ledger = azureLedger(table, memoryVault());
  const body = { time: '2026-01-01T00:00:00.000Z', type: 'noted', actor: 'bench', data: { text: 'x'.repeat(500) } };
  return async (run) => {
    const first = await ledger.append(run, null, body);
    await ledger.append(run, first, body);
    await ledger.read(run);
  };
}

/** The same calls without the ledger. */
export function bareLedgerWork(table: TableClient): Work {
  return async (name) => {
    const partitionKey = `bare-${name}`;
    const data = 'x'.repeat(700);
    await table.createEntity({ partitionKey, rowKey: '1', data });
    await table.createEntity({ partitionKey, rowKey: '2', data });
    const queryOptions = { filter: odata`PartitionKey eq ${partitionKey}` };
    await table.listEntities({ queryOptions }).byPage().next();
  };
}

/** Counts what a table is asked. @returns how often so far */
export function countRequests(table: TableClient): () => number {
  let requests = 0;
  table.pipeline.addPolicy({
    name: 'count',
    sendRequest: (request, next) => {
      requests += 1;
      return next(request);
    },
  });
  return () => requests;
}
