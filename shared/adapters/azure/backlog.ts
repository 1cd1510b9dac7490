import { createHash } from 'node:crypto';
import { odata, type TableClient } from '@azure/data-tables';
import { z } from 'zod';
import type { Leaf } from '../../domain/seal.ts';
import type { Backlog, BacklogItem, BacklogReader } from '../../ports-custody.ts';
import { keyOf, rowKeyOf } from '../keys.ts';
import { firstUse } from './first-use.ts';
import { storageCall } from './storage-call.ts';
import { nullOn } from './storage-fault.ts';
import { checkedRow, removeKeys, rowsOf, writeRows } from './table-rows.ts';

/*
 * Two tables: what is open, which is short, and how far every journal is sealed, which is as long as there are journals.
 * The lists of both readers are one partition, so that an item is on both with one transaction.
 */
const openPartition = 'open';
const states = 'state';
const readers: readonly BacklogReader[] = ['trail', 'seals'];

const itemSchema = z.object({ journal: z.string(), sequence: z.int().positive(), at: z.string() });
const sealedSchema = z.object({ sequence: z.int().positive() });
const notedSchema = z.object({ number: z.int().positive() });
const walkSchema = z.object({ journal: z.string() });

/** The backlog in two tables. */
export function azureBacklog(open: TableClient, sealed: TableClient): Backlog {
  const openReady = firstUse(() => storageCall('Creating the backlog', (options) => open.createTable(options)), open);
  const sealedReady = firstUse(() => storageCall('Creating the backlog', (options) => sealed.createTable(options)));
  const stateOf = async (rowKey: string) => {
    await sealedReady();
    return storageCall('Reading the backlog', (options) =>
      sealed.getEntity<object>(states, rowKey, options).catch(nullOn('ResourceNotFound')),
    );
  };
  return {
    add: async (item) => {
      await openReady();
      await writeRows(
        open,
        readers.map((reader) => ({ ...itemKey(reader, item), ...item })),
      );
    },
    open: async (reader, limit) => {
      await openReady();
      const filter = odata`PartitionKey eq ${openPartition} and RowKey ge ${`${reader}|`} and RowKey lt ${`${reader}}`}`;
      return (await rowsOf(open, filter, limit)).map((row) => checkedRow(itemSchema, row, 'backlog'));
    },
    done: async (reader, items) => {
      await openReady();
      await removeKeys(
        open,
        items.map((item) => itemKey(reader, item)),
      );
    },
    sealedUpTo: async (journal) => {
      await sealedReady();
      const { partitionKey, rowKey } = sealedKey(journal);
      const row = await storageCall('Reading the backlog', (options) =>
        sealed.getEntity<object>(partitionKey, rowKey, options).catch(nullOn('ResourceNotFound')),
      );
      return row ? checkedRow(sealedSchema, row, 'sealed').sequence : 0;
    },
    sealNoted: async () => {
      const row = await stateOf('noted');
      return row ? checkedRow(notedSchema, row, 'sealed').number : 0;
    },
    noteSeal: async (number, leaves) => {
      await sealedReady();
      await writeRows(sealed, lastOf(leaves));
      await writeRows(sealed, [{ partitionKey: states, rowKey: 'noted', number }]);
    },
    walkedTo: async (walk) => {
      const row = await stateOf(walk);
      return row ? checkedRow(walkSchema, row, 'sealed').journal : null;
    },
    setWalkedTo: async (walk, journal) => {
      await sealedReady();
      if (journal === null) await removeKeys(sealed, [{ partitionKey: states, rowKey: walk }]);
      else await writeRows(sealed, [{ partitionKey: states, rowKey: walk, journal }]);
    },
  };
}

function itemKey(reader: BacklogReader, { journal, sequence }: BacklogItem) {
  return { partitionKey: openPartition, rowKey: `${reader}|${keyOf(journal)}|${rowKeyOf(sequence)}` };
}

/** Sixteen partitions, so that a hundred journals are few transactions. */
function sealedKey(journal: string) {
  const shard = createHash('sha256').update(journal).digest('hex').slice(0, 1);
  return { partitionKey: `sealed-${shard}`, rowKey: keyOf(journal) };
}

/** One row for each journal: a transaction takes no row twice. */
function lastOf(leaves: readonly Leaf[]) {
  const last = new Map(leaves.map(({ journal, sequence }) => [journal, sequence]));
  return [...last].map(([journal, sequence]) => ({ ...sealedKey(journal), sequence }));
}
