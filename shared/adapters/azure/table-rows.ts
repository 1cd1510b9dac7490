import type { TableClient } from '@azure/data-tables';
import { z } from 'zod';
import { Fault } from '../../domain/fault.ts';
import { storageCall } from './storage-call.ts';
import { nullOn } from './storage-fault.ts';

/** Rows come in pages; the service never puts more than this into one. */
const largestPage = 1_000;

/** What a failure means that may be no failure: null where it is none, else the same error thrown again. */
type Excuse = (error: unknown) => null;

/** Every failure is one. */
export const noExcuse: Excuse = (error) => {
  throw error;
};

/**
 * The first rows a filter lets through, in key order; all of them where no limit is given, and none where the failure is
 * excused.
 */
export async function rowsOf(
  table: TableClient,
  filter: string,
  limit = Number.POSITIVE_INFINITY,
  excuse = noExcuse,
): Promise<object[]> {
  if (limit <= 0) return [];
  return storageCall(`Reading table ${table.tableName}`, async (options) => {
    const pages = table
      .listEntities({ ...options, queryOptions: { filter } })
      .byPage({ maxPageSize: Math.min(limit, largestPage) });
    const rows = await gathered(pages, limit).catch(excuse);
    return rows?.slice(0, limit) ?? [];
  });
}

async function gathered(pages: AsyncIterable<object[]>, limit: number): Promise<object[]> {
  const rows: object[] = [];
  for await (const page of pages) {
    rows.push(...page);
    if (rows.length >= limit) break;
  }
  return rows;
}

/** Rows of one partition that a transaction can hold (Performing entity group transactions). */
const largestTransaction = 100;

/** Writes rows, those of a partition together, over whatever is there. */
export async function writeRows<T extends KeyedRow & Record<string, unknown>>(
  table: TableClient,
  rows: readonly T[],
): Promise<void> {
  for (const batch of batchesOf(rows))
    await storageCall(`Writing table ${table.tableName}`, (options) =>
      table.submitTransaction(
        batch.map((row) => ['upsert', { ...row }, 'Replace']),
        options,
      ),
    );
}

/** Removes the first rows a filter lets through, at most `limit`. @returns how many */
export async function removeRows(table: TableClient, filter: string, limit: number): Promise<number> {
  const rows = (await rowsOf(table, filter, limit)).map((row) => keySchema.parse(row));
  for (const batch of batchesOf(rows)) await removeBatch(table, batch);
  return rows.length;
}

/** Removes rows by their keys; quiet where they are gone. */
export async function removeKeys(table: TableClient, keys: readonly KeyedRow[]): Promise<void> {
  for (const batch of batchesOf(keys)) await removeBatch(table, batch);
}

export interface KeyedRow {
  readonly partitionKey: string;
  readonly rowKey: string;
}

async function removeBatch(table: TableClient, batch: readonly KeyedRow[]): Promise<void> {
  const name = `Removing rows of ${table.tableName}`;
  const together = await storageCall(name, (options) =>
    table
      .submitTransaction(
        batch.map(({ partitionKey, rowKey }) => ['delete', { partitionKey, rowKey }]),
        options,
      )
      .catch(nullOn('ResourceNotFound')),
  );
  if (together) return;
  // One of them was gone, and then none is removed: one by one.
  for (const { partitionKey, rowKey } of batch)
    await storageCall(name, (options) =>
      table.deleteEntity(partitionKey, rowKey, options).catch(nullOn('ResourceNotFound')),
    );
}

function batchesOf<T extends KeyedRow>(rows: readonly T[]): readonly T[][] {
  const batches: T[][] = [];
  for (const [, partition] of Map.groupBy(rows, ({ partitionKey }) => partitionKey))
    for (let start = 0; start < partition.length; start += largestTransaction)
      batches.push(partition.slice(start, start + largestTransaction));
  return batches;
}

/** A row that somebody else may have written, checked. @throws Fault `halt` which names it */
export function checkedRow<T>(schema: z.ZodType<T>, row: object, table: string): T {
  const parsed = schema.safeParse(row);
  if (parsed.success) return parsed.data;
  const key = keySchema.parse(row);
  throw new Fault('halt', `${table}-row`, `A row of table ${table} is not what we write there.`, {
    detail: { ...key, problem: z.prettifyError(parsed.error) },
  });
}

const keySchema = z.object({ partitionKey: z.string(), rowKey: z.string() });
