import { odata, type TableClient } from '@azure/data-tables';
import { z } from 'zod';
import { type Control, controlSchema } from '../../domain/control.ts';
import { toFault } from '../../domain/fault.ts';
import type { Controls } from '../../ports.ts';
import { controlKeyOf, isSameControl, replacedControl } from '../control-key.ts';
import { firstUse } from './first-use.ts';
import { storageCall } from './storage-call.ts';
import { nullOn } from './storage-fault.ts';
import { checkedRow, rowsOf } from './table-rows.ts';

/** One partition, so that one request reads all there are. */
const partitionKey = 'controls';

/** A table has no null: a control on everything has the empty name. */
const rowSchema = z
  .object({ ...controlSchema.shape, name: z.string() })
  .transform((row) => controlSchema.parse({ ...row, name: row.name === '' ? null : row.name }));

/** Controls in a table. Nothing is kept in memory: what is not read now is not known. */
export function azureControls(table: TableClient): Controls {
  const ready = firstUse(() => storageCall('Creating the controls', (options) => table.createTable(options)));
  return {
    list: async () => {
      await ready();
      const rows = await rowsOf(table, odata`PartitionKey eq ${partitionKey}`);
      return rows.map((row) => checkedRow(rowSchema, row, 'controls'));
    },
    put: async (control) => {
      const row = { ...keysOf(control), ...control, name: control.name ?? '' };
      await ready();
      await storageCall('Setting a control', (options) => table.upsertEntity(row, 'Replace', options));
    },
    remove: async (control) => {
      await ready();
      await removeSame(table, control);
    },
  };
}

function keysOf(control: Control) {
  return { partitionKey, rowKey: controlKeyOf(control) };
}

async function removeSame(table: TableClient, control: Control): Promise<void> {
  const { rowKey } = keysOf(control);
  const row = await storageCall('Finding a control', (options) =>
    table.getEntity(partitionKey, rowKey, options).catch(nullOn('ResourceNotFound')),
  );
  if (!row) return;
  if (!isSameControl(checkedRow(rowSchema, row, 'controls'), control)) throw replacedControl(control);
  const { etag } = row;
  try {
    await storageCall('Removing a control', (options) =>
      table.deleteEntity(partitionKey, rowKey, { ...options, etag }).catch(nullOn('ResourceNotFound')),
    );
  } catch (error) {
    throw toFault(error).disposition === 'conflict' ? replacedControl(control) : error;
  }
}
