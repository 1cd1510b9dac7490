import type { TableClient } from '@azure/data-tables';
import { z } from 'zod';
import { Fault } from '../../domain/fault.ts';
import type { OpenItem } from '../../ports.ts';
import { keyOf } from '../keys.ts';
import { whole } from '../open-item.ts';
import { storageCall } from './storage-call.ts';
import { nullOn } from './storage-fault.ts';
import { checkedRow } from './table-rows.ts';

/** The partition of everything in the index. */
export const partition = 'all';

const openSchema = z.object({
  journal: z.string(),
  kind: z.enum(['alert', 'run']),
  session: z.string(),
  due: z.iso.datetime(),
  knows: z.int().optional(),
  firm: z.iso.datetime().optional(),
});

export function openKey(journal: string) {
  return { partitionKey: partition, rowKey: `open|${keyOf(journal)}` };
}

export function openRow(item: OpenItem) {
  const { journal, kind, session, due, knows, firm } = whole(item);
  return {
    ...openKey(journal),
    ...{ journal, kind, session, due },
    ...(knows === undefined ? {} : { knows }),
    ...(firm === undefined ? {} : { firm }),
  };
}

export function openItemOf(row: object): OpenItem {
  return checkedRow(openSchema, row, 'index');
}

/** How often a row is read and written again where another was faster. */
const attempts = 5;

/** What becomes of what stands (null where nothing does). */
export type Change = (standing: OpenItem | null) => OpenItem | 'forget' | 'keep';

/** Reads what is noted of a journal and changes it, as nobody else changes it in between. */
export async function changeOpen(table: TableClient, journal: string, change: Change): Promise<void> {
  const { partitionKey, rowKey } = openKey(journal);
  for (let count = 1; count <= attempts; count += 1) {
    const row = await storageCall('Reading an open journal', (options) =>
      table.getEntity<object>(partitionKey, rowKey, options).catch(nullOn('ResourceNotFound')),
    );
    const wanted = change(row && openItemOf(row));
    if (wanted === 'keep') return;
    const changed = await storageCall('Noting an open journal', (options) => {
      const seen = { ...options, etag: row?.etag ?? '*' };
      if (wanted === 'forget') return table.deleteEntity(partitionKey, rowKey, seen).catch(excused);
      return (
        row ? table.updateEntity(openRow(wanted), 'Replace', seen) : table.createEntity(openRow(wanted), options)
      ).catch(excused);
    });
    if (changed) return;
  }
  throw new Fault('conflict', 'index-moved', `${journal} is noted by others all the time.`);
}

/** Another was faster. */
const excused = nullOn('UpdateConditionNotSatisfied', 'EntityAlreadyExists', 'ResourceNotFound');
