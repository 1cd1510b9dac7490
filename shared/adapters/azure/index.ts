import { odata, type TableClient, type TransactionAction } from '@azure/data-tables';
import { z } from 'zod';
import { sha256 } from '../../domain/digest.ts';
import type { ListedRun, ListPlace, OpenItem, RunQuery } from '../../ports.ts';
import type { RebuildableIndex } from '../../ports-custody.ts';
import { instantOf, keyOf } from '../keys.ts';
import { dueAgain, sameItem, yieldsTo } from '../open-item.ts';
import { firstUse } from './first-use.ts';
import { changeOpen, openItemOf, openKey, openRow, partition } from './open-rows.ts';
import { storageCall } from './storage-call.ts';
import { nullOn } from './storage-fault.ts';
import { checkedRow, noExcuse, removeRows, rowsOf } from './table-rows.ts';

/*
 * One partition has a row `open|…` per open journal and two rows per run, `run|…` and `who|identity|…`, so that a run is
 * entered in both lists, noted as open and its alert forgotten in one transaction. Keys of runs go on with a time that
 * counts down, so the newest come first and a list of n reads n rows. One partition takes 2,000 rows a second (Scalability
 * targets for Table storage): far more than runs are opened, so none per day is needed.
 */
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
      if (item.knows !== undefined) return putOff(table, item);
      await storageCall('Noting an open journal', (options) => table.upsertEntity(row, 'Replace', options));
    },
    looked: async (found, due) => {
      const next = dueAgain(found, due);
      await ready();
      await changeOpen(table, found.journal, (standing) => (standing && sameItem(standing, found) ? next : 'keep'));
    },
    close: async (journal, knows) => {
      const { partitionKey, rowKey } = openKey(journal);
      await ready();
      if (knows !== undefined)
        return changeOpen(table, journal, (standing) =>
          standing && yieldsTo(standing, { knows }) ? 'forget' : 'keep',
        );
      await storageCall('Closing a journal', (options) =>
        table.deleteEntity(partitionKey, rowKey, options).catch(nullOn('ResourceNotFound')),
      );
    },
    due: async (now, limit) => {
      const rows = odata`PartitionKey eq ${partition} and RowKey ge 'open|' and RowKey lt 'open}'`;
      const filter = rows + odata` and due le ${instantOf(now)}`;
      await ready();
      const items = (await rowsOf(table, filter)).map(openItemOf);
      // Rows come by journal and the sort is stable, so of the same time the first journal comes first.
      return items.sort((one, other) => Date.parse(one.due) - Date.parse(other.due)).slice(0, limit);
    },
    list: async (run, { open, close } = {}) => {
      const upserts = [...listedRows(run), ...(open && open.knows === undefined ? [openRow(open)] : [])].map(
        (row): TransactionAction => ['upsert', row, 'Replace'],
      );
      const together = (actions: TransactionAction[], excuse: (error: unknown) => null) =>
        storageCall('Listing a run', (options) => table.submitTransaction(actions, options).catch(excuse));
      await ready();
      // Before its alert is forgotten: one of the two stands at any time.
      if (open?.knows !== undefined) await putOff(table, open);
      if (close === undefined) await together(upserts, noExcuse);
      // Where what is to be forgotten is gone already, nothing of the transaction is done.
      else if (!(await together([...upserts, ['delete', openKey(close)]], nullOn('ResourceNotFound'))))
        await together(upserts, noExcuse);
    },
    runs: async (query) => {
      const filter = runFilter(query);
      await ready();
      const rows = await rowsOf(table, filter, query.limit);
      return rows.map((row) => checkedRow(listedSchema, row, 'index'));
    },
    clear: async (limit) => {
      await ready();
      return removeRows(
        table,
        odata`(RowKey ge 'run|' and RowKey lt 'run}') or (RowKey ge 'who|' and RowKey lt 'who}')`,
        limit,
      );
    },
  };
}

/** Notes it, unless what stands was noted by somebody who knew more, or is firm. */
function putOff(table: TableClient, item: OpenItem): Promise<void> {
  return changeOpen(table, item.journal, (standing) => (!standing || yieldsTo(standing, item) ? item : 'keep'));
}

/** The list a run is in besides the one of all: a digest, since a key has no room for two names. */
function listOf(identity: string | undefined): string {
  if (identity === undefined) return '';
  return `who|${sha256(keyOf(identity)).slice(0, 32)}|`;
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
  const list = listOf(identity);
  const newest = before === undefined ? 'run|' : runKeyFrom(Date.parse(instantOf(before)) - 1);
  const oldest = from === undefined ? 'run}' : runKeyFrom(Date.parse(instantOf(from)) - 1);
  const rows = odata`PartitionKey eq ${partition} and RowKey ge ${list + newest} and RowKey lt ${list + oldest}`;
  return after ? rows + odata` and RowKey gt ${list + runKeyOf(after)}` : rows;
}

function listedRows(listed: ListedRun) {
  const { run, alert, identity, receivedAt } = listed;
  const row = { partitionKey: partition, run, alert, identity, receivedAt: instantOf(receivedAt) };
  return [undefined, identity].map((list) => ({ ...row, rowKey: listOf(list) + runKeyOf(listed) }));
}
