import { odata, type TableClient } from '@azure/data-tables';
import { auditRecordSchema } from '../../domain/audit-record.ts';
import type { Trail } from '../../ports-custody.ts';
import { instantOf } from '../keys.ts';
import { placeOf, placesOf, trailKey, trailPrefix } from '../trail-row.ts';
import type { Storage } from './connect.ts';
import { firstUse } from './first-use.ts';
import { storageCall } from './storage-call.ts';
import { nullOn } from './storage-fault.ts';
import { checkedRow, removeRows, rowsOf, writeRows } from './table-rows.ts';

/** The trail in tables whose names begin with `trail`. */
export function azureTrail(storage: Storage): Trail {
  const known = new Map<string, { client: TableClient; ready: () => Promise<void> }>();
  const tableOf = (name: string) => {
    const client = storage.table(name);
    const table = known.get(name) ?? {
      client,
      ready: firstUse(() => storageCall('Creating the trail', (options) => client.createTable(options))),
    };
    known.set(name, table);
    return table;
  };
  return {
    put: async (records) => {
      const rows = records.flatMap((record) =>
        placesOf(record).map(({ table, partitionKey }) => ({
          table,
          row: { partitionKey, rowKey: trailKey(record), ...record },
        })),
      );
      for (const [name, of] of Map.groupBy(rows, ({ table }) => table)) {
        const { client, ready } = tableOf(name);
        await ready();
        await writeRows(
          client,
          of.map(({ row }) => row),
        );
      }
    },
    page: async ({ by, from, to }, after, limit) => {
      const { table, partitionKey } = placeOf(by);
      const first = odata`PartitionKey eq ${partitionKey} and RowKey ge ${instantOf(from)} and RowKey lt ${instantOf(to)}`;
      const filter = after === null ? first : `${first}${odata` and RowKey gt ${after}`}`;
      // A day on which nothing happened has no table, and asking does not make one.
      const rows = await rowsOf(tableOf(table).client, filter, limit, nullOn('TableNotFound'));
      const records = rows.map((row) => checkedRow(auditRecordSchema, row, 'trail'));
      const last = records.at(-1);
      return { records, next: last && records.length === limit ? trailKey(last) : null };
    },
    clear: async (limit) => {
      let removed = 0;
      for (const name of await storage.tables(trailPrefix)) {
        if (removed >= limit) break;
        removed += await removeRows(storage.table(name), odata`PartitionKey gt ${''}`, limit - removed);
      }
      return removed;
    },
  };
}
