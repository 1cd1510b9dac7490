import { odata, type TableClient } from '@azure/data-tables';
import { exclusionSchema } from '../../domain/exclusion.ts';
import { Fault } from '../../domain/fault.ts';
import type { ExclusionList } from '../../ports-reports.ts';
import { soonestFirst } from '../exclusion-order.ts';
import { instantOf, keyOf } from '../keys.ts';
import { firstUse } from './first-use.ts';
import { storageCall } from './storage-call.ts';
import { nullOn } from './storage-fault.ts';
import { checkedRow, rowsOf } from './table-rows.ts';

/** Other columns a row has (its keys, etag, timestamp) are none of ours. */
const rowSchema = exclusionSchema.strip();

/** Exclusions in a table: the system is the partition, the identity the row. */
export function azureExclusions(table: TableClient): ExclusionList {
  const ready = firstUse(() => storageCall('Creating the exclusions', (options) => table.createTable(options)));
  return {
    find: async (system, identity) => {
      const [partitionKey, rowKey] = [keyOf(system), keyOf(identity)];
      await ready();
      // Only a missing row means "not excluded"; a missing table is a fault, or every identity would be fair game.
      const row = await storageCall('Finding an exclusion', (options) =>
        table.getEntity(partitionKey, rowKey, options).catch(nullOn('ResourceNotFound')),
      );
      if (!row) return null;
      const exclusion = checkedRow(rowSchema, row, 'exclusions');
      if (exclusion.system !== system || exclusion.identity !== identity)
        throw new Fault('halt', 'exclusions-row', 'An exclusion stands under the name of another.', {
          detail: { system, identity },
        });
      return exclusion;
    },
    put: async (exclusion) => {
      const keys = { partitionKey: keyOf(exclusion.system), rowKey: keyOf(exclusion.identity) };
      const row = { ...keys, ...exclusion, expiresAt: instantOf(exclusion.expiresAt) };
      await ready();
      await storageCall('Keeping an exclusion', (options) => table.upsertEntity(row, 'Replace', options));
    },
    remove: async (system, identity) => {
      const [partitionKey, rowKey] = [keyOf(system), keyOf(identity)];
      await ready();
      await storageCall('Removing an exclusion', (options) =>
        table.deleteEntity(partitionKey, rowKey, options).catch(nullOn('ResourceNotFound')),
      );
    },
    ending: async ({ from, before, limit }) => {
      await ready();
      // Times as text, to be compared as text: every one was written by `instantOf`. All rows are read, of which there are few.
      const rows = await rowsOf(table, odata`expiresAt ge ${instantOf(from)} and expiresAt lt ${instantOf(before)}`);
      return soonestFirst(rows.map((row) => checkedRow(rowSchema, row, 'exclusions'))).slice(0, limit);
    },
  };
}
