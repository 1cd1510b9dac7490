import type { TableClient } from '@azure/data-tables';
import { exclusionSchema } from '../../domain/exclusion.ts';
import { Fault } from '../../domain/fault.ts';
import type { Exclusions } from '../../ports.ts';
import { keyOf } from '../keys.ts';
import { firstUse } from './first-use.ts';
import { storageCall } from './storage-call.ts';
import { nullOn } from './storage-fault.ts';
import { checkedRow } from './table-rows.ts';

/** Other columns a row has (its keys, etag, timestamp) are none of ours. */
const rowSchema = exclusionSchema.strip();

/** Exclusions in a table: the system is the partition, the identity the row. */
export function azureExclusions(table: TableClient): Exclusions {
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
      const row = { partitionKey: keyOf(exclusion.system), rowKey: keyOf(exclusion.identity), ...exclusion };
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
  };
}
