import type { TableClient } from '@azure/data-tables';
import { afterAll, beforeAll, expect } from 'vitest';
import { connectStorage, type Storage } from '../../shared/adapters/azure/connect.ts';
import type { Disposition } from '../../shared/domain/fault.ts';
import { type Azurite, startAzurite } from './azurite.ts';

/** Azurite while the tests of a file run. @returns its clients, to be asked for inside of tests */
export function useStorage(): () => Storage {
  let azurite: Azurite | null = null;
  beforeAll(async () => {
    azurite = await startAzurite();
  });
  afterAll(() => azurite?.[Symbol.asyncDispose]());
  return () => connectStorage({ connectionString: azurite?.connectionString ?? '' });
}

let names = 0;

/** A name nobody has used yet in this file: for a table, a container, a journal. */
export function freshName(prefix: string): string {
  names += 1;
  return `${prefix}${names}`;
}

/** Writes rows without the adapter, a hundred in a transaction. All have one partition. */
export async function insertRows(table: TableClient, rows: { partitionKey: string; rowKey: string }[]): Promise<void> {
  for (let start = 0; start < rows.length; start += 100)
    await table.submitTransaction(rows.slice(start, start + 100).map((row) => ['create', row]));
}

/** Expects a Fault with this disposition and code. */
export async function expectFault(work: Promise<unknown>, disposition: Disposition, code: string): Promise<void> {
  await expect(work).rejects.toMatchObject({ name: 'Fault', disposition, code });
}

/** Text that breaks keys, filters, headers or encodings somewhere. */
export const oddTexts = [
  "o'brien@example.com",
  'a/b\\c#d?e',
  '100%25 = =25',
  'Zoë 😀 \u0000\u007f\u0085',
  'arn:aws:iam::123456789012:user/Division A/x',
  ' leading and trailing ',
  '__proto__',
];
