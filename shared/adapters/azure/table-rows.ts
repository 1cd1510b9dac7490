import type { TableClient } from '@azure/data-tables';
import { z } from 'zod';
import { Fault } from '../../domain/fault.ts';
import { storageCall } from './storage-call.ts';

/** Rows come in pages; the service never puts more than this into one. */
const largestPage = 1_000;

/** The first rows a filter lets through, in key order; all of them where no limit is given. */
export async function rowsOf(table: TableClient, filter: string, limit = Number.POSITIVE_INFINITY): Promise<object[]> {
  if (limit <= 0) return [];
  return storageCall(`Reading table ${table.tableName}`, async (options) => {
    const rows: object[] = [];
    const pages = table
      .listEntities({ ...options, queryOptions: { filter } })
      .byPage({ maxPageSize: Math.min(limit, largestPage) });
    for await (const page of pages) {
      rows.push(...page);
      if (rows.length >= limit) break;
    }
    return rows.slice(0, limit);
  });
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
