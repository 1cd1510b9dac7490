import type { TableClient, TransactionAction } from '@azure/data-tables';
import { rowKeyOf } from '../../shared/adapters/keys.ts';
import { entriesAfter } from '../../shared/domain/ledger.ts';
import { loadAll } from './load.ts';

/** A transaction has a hundred rows of one partition at most. */
const perBatch = 100;
const inFlight = 8;
const endOfTime = 8.64e15;

async function fill(table: TableClient, from: number, to: number, rowsOf: (from: number, to: number) => object[]) {
  await loadAll(Math.ceil((to - from) / perBatch), inFlight, async (batch) => {
    const first = from + batch * perBatch;
    const rows = rowsOf(first, Math.min(first + perBatch, to));
    await table.submitTransaction(rows.map((row) => ['create', row] as TransactionAction));
  });
}

/** Rows as the index writes them for runs that have ended. */
export function fillIndex(table: TableClient, from: number, to: number): Promise<void> {
  return fill(table, from, to, (first, last) =>
    Array.from({ length: last - first }, (_, n) => {
      const run = `run-${first + n}`;
      const rowKey = `run|${String(endOfTime - first - n).padStart(16, '0')}|${run}`;
      const receivedAt = '2026-01-01T00:00:00.000Z';
      return { partitionKey: 'all', rowKey, run, alert: 'alert-1', identity: 'id', receivedAt };
    }),
  );
}

/** Entries as the ledger writes them: other journals, a hundred entries each, chained. */
export function fillLedger(table: TableClient, from: number, to: number): Promise<void> {
  const body = { time: '2026-01-01T00:00:00.000Z', type: 'noted', actor: 'bench', data: { text: 'x'.repeat(500) } };
  return fill(table, from, to, (first, last) => {
    const bodies = Array.from({ length: last - first }, () => body);
    return entriesAfter(`other-${first}`, null, bodies).map(({ journal, sequence, data, ...entry }) => ({
      partitionKey: journal,
      rowKey: rowKeyOf(sequence),
      ...entry,
      data: JSON.stringify(data),
    }));
  });
}
