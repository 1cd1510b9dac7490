import { odata, type TableClient } from '@azure/data-tables';
import { installationSchema } from '../../domain/installation.ts';
import type { Installations } from '../../ports-channels.ts';
import { keyOf } from '../keys.ts';
import { firstUse } from './first-use.ts';
import { storageCall } from './storage-call.ts';
import { nullOn } from './storage-fault.ts';
import { checkedRow, rowsOf } from './table-rows.ts';

const partitionKey = 'installations';
const rowSchema = installationSchema.strip();

/** Installations in a table: one partition, one row for each team. */
export function azureInstallations(table: TableClient): Installations {
  const ready = firstUse(() => storageCall('Creating the installations', (options) => table.createTable(options)));
  return {
    list: async () => {
      await ready();
      const rows = await rowsOf(table, odata`PartitionKey eq ${partitionKey}`);
      return rows
        .map((row) => checkedRow(rowSchema, row, 'installations'))
        .sort((one, other) => (one.at > other.at ? -1 : 1));
    },
    put: async (installation) => {
      const row = { partitionKey, rowKey: keyOf(installation.id), ...installation };
      await ready();
      await storageCall('Keeping an installation', (options) => table.upsertEntity(row, 'Replace', options));
    },
    remove: async (id) => {
      const rowKey = keyOf(id);
      await ready();
      await storageCall('Removing an installation', (options) =>
        table.deleteEntity(partitionKey, rowKey, options).catch(nullOn('ResourceNotFound')),
      );
    },
  };
}
