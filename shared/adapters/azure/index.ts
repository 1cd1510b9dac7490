import { odata, type TableClient } from '@azure/data-tables';
import { z } from 'zod';
import type { Index, ListedRun } from '../../ports.ts';
import { instantOf, keyOf } from '../keys.ts';
import { firstUse } from './first-use.ts';
import { storageCall } from './storage-call.ts';
import { nullOn } from './storage-fault.ts';
import { checkedRow, rowsOf } from './table-rows.ts';

/*
 * Partitions: `open` has one row per open journal. A run has one row each in `runs`, `identity|…` and `alert|…`, whose
 * keys begin with a time that counts down, so the newest come first and a list of n reads n rows. One partition takes
 * 2,000 rows a second (Scalability targets for Table storage): far more than runs are opened, so none per day is needed.
 */
const openPartition = 'open';

const openSchema = z.object({
  journal: z.string(),
  kind: z.enum(['alert', 'run']),
  session: z.string(),
  due: z.iso.datetime(),
});
const listedSchema = z.object({ run: z.string(), alert: z.string(), identity: z.string(), openedAt: z.iso.datetime() });

/** The index in a table. */
export function azureIndex(table: TableClient): Index {
  const ready = firstUse(() => storageCall('Creating the index', (options) => table.createTable(options)));
  return {
    open: async ({ journal, kind, session, due }) => {
      const row = { ...openKey(journal), journal, kind, session, due: instantOf(due) };
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
      const filter = odata`PartitionKey eq ${openPartition} and due le ${instantOf(now)}`;
      await ready();
      const items = (await rowsOf(table, filter)).map((row) => checkedRow(openSchema, row, 'index'));
      // Rows come by journal and the sort is stable, so of the same time the first journal comes first.
      return items.sort((one, other) => Date.parse(one.due) - Date.parse(other.due)).slice(0, limit);
    },
    list: async (run) => {
      const rows = listedRows(run);
      await ready();
      await storageCall('Listing a run', (options) =>
        Promise.all(rows.map((row) => table.upsertEntity(row, 'Replace', options))),
      );
    },
    runs: async ({ identity, alert, limit }) => {
      const filter = odata`PartitionKey eq ${partitionOf(identity, alert)}`;
      const both = identity !== undefined && alert !== undefined ? odata` and identity eq ${identity}` : '';
      await ready();
      const rows = await rowsOf(table, filter + both, limit);
      return rows.map((row) => checkedRow(listedSchema, row, 'index'));
    },
  };
}

function openKey(journal: string) {
  return { partitionKey: openPartition, rowKey: keyOf(journal) };
}

function partitionOf(identity: string | undefined, alert: string | undefined): string {
  if (alert !== undefined) return `alert|${keyOf(alert)}`;
  return identity === undefined ? 'runs' : `identity|${keyOf(identity)}`;
}

/** The last millisecond a Date can hold. */
const endOfTime = 8.64e15;

function listedRows({ run, alert, identity, openedAt }: ListedRun) {
  const time = instantOf(openedAt);
  const rowKey = `${String(endOfTime - Date.parse(time)).padStart(16, '0')}|${keyOf(run)}`;
  const partitions = [
    partitionOf(undefined, undefined),
    partitionOf(identity, undefined),
    partitionOf(undefined, alert),
  ];
  return partitions.map((partitionKey) => ({ partitionKey, rowKey, run, alert, identity, openedAt: time }));
}
