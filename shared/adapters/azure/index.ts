import { odata, type TableClient } from '@azure/data-tables';
import { z } from 'zod';
import type { ListedRun, ListPlace, OpenItem, RunQuery } from '../../ports.ts';
import type { RebuildableIndex } from '../../ports-custody.ts';
import { instantOf, keyOf } from '../keys.ts';
import { firstUse } from './first-use.ts';
import { storageCall } from './storage-call.ts';
import { nullOn } from './storage-fault.ts';
import { checkedRow, removeRows, rowsOf } from './table-rows.ts';

/*
 * Partition `all` has a row `open|…` per open journal and a row `run|…` per run, so that a run is entered and noted as open
 * in one transaction. A run has another row in `identity|…`. Their keys go on with a time that counts down, so the newest
 * come first and a list of n reads n rows. One partition takes 2,000 rows a second (Scalability targets for Table
 * storage): far more than runs are opened, so none per day is needed.
 */
const partition = 'all';

const openSchema = z.object({
  journal: z.string(),
  kind: z.enum(['alert', 'run']),
  session: z.string(),
  due: z.iso.datetime(),
});
const listedSchema = z.object({
  run: z.string(),
  alert: z.string(),
  identity: z.string(),
  receivedAt: z.iso.datetime(),
});

/** The index in a table. */
export function azureIndex(table: TableClient): RebuildableIndex {
  const ready = firstUse(() => storageCall('Creating the index', (options) => table.createTable(options)), table);
  return {
    open: async (item) => {
      const row = openRow(item);
      await ready();
      await storageCall('Noting an open journal', (options) => table.upsertEntity(row, 'Replace', options));
    },
    close: async (journal) => {
      const { partitionKey, rowKey } = openKey(journal);
      await ready();
      await storageCall('Closing a journal', (options) =>
        table.deleteEntity(partitionKey, rowKey, options).catch(nullOn('ResourceNotFound')),
      );
    },
    due: async (now, limit) => {
      const rows = odata`PartitionKey eq ${partition} and RowKey ge 'open|' and RowKey lt 'open}'`;
      const filter = rows + odata` and due le ${instantOf(now)}`;
      await ready();
      const items = (await rowsOf(table, filter)).map((row) => checkedRow(openSchema, row, 'index'));
      // Rows come by journal and the sort is stable, so of the same time the first journal comes first.
      return items.sort((one, other) => Date.parse(one.due) - Date.parse(other.due)).slice(0, limit);
    },
    list: async (run, item) => {
      const [general, own] = listedRows(run);
      const together = [...(item ? [openRow(item)] : []), general];
      await ready();
      await storageCall('Listing a run', (options) =>
        Promise.all([
          table.submitTransaction(
            together.map((row) => ['upsert', row, 'Replace']),
            options,
          ),
          table.upsertEntity(own, 'Replace', options),
        ]),
      );
    },
    runs: async (query) => {
      const filter = runFilter(query);
      await ready();
      const rows = await rowsOf(table, filter, query.limit);
      return rows.map((row) => checkedRow(listedSchema, row, 'index'));
    },
    clear: async (limit) => {
      await ready();
      return removeRows(table, odata`RowKey ge 'run|' and RowKey lt 'run}'`, limit);
    },
  };
}

function openKey(journal: string) {
  return { partitionKey: partition, rowKey: `open|${keyOf(journal)}` };
}

function openRow({ journal, kind, session, due }: OpenItem) {
  return { ...openKey(journal), journal, kind, session, due: instantOf(due) };
}

function partitionOf(identity: string | undefined): string {
  return identity === undefined ? partition : `identity|${keyOf(identity)}`;
}

/** The last millisecond a Date can hold. */
const endOfTime = 8.64e15;

/** Beginning of the keys of everything received at that many milliseconds or earlier. */
function runKeyFrom(ms: number): string {
  return `run|${String(endOfTime - ms).padStart(16, '0')}`;
}

function runKeyOf({ run, receivedAt }: ListPlace): string {
  return `${runKeyFrom(Date.parse(instantOf(receivedAt)))}|${keyOf(run)}`;
}

function runFilter({ identity, from, before, after }: RunQuery): string {
  const newest = before === undefined ? 'run|' : runKeyFrom(Date.parse(instantOf(before)) - 1);
  const oldest = from === undefined ? 'run}' : runKeyFrom(Date.parse(instantOf(from)) - 1);
  const rows = odata`PartitionKey eq ${partitionOf(identity)} and RowKey ge ${newest} and RowKey lt ${oldest}`;
  return after ? rows + odata` and RowKey gt ${runKeyOf(after)}` : rows;
}

function listedRows(listed: ListedRun) {
  const { run, alert, identity, receivedAt } = listed;
  const row = { rowKey: runKeyOf(listed), run, alert, identity, receivedAt: instantOf(receivedAt) };
  return [
    { partitionKey: partition, ...row },
    { partitionKey: partitionOf(identity), ...row },
  ] as const;
}
