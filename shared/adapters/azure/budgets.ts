import type { TableClient } from '@azure/data-tables';
import { z } from 'zod';
import { type Reserved, takePlace } from '../../domain/budget.ts';
import { Fault, toFault } from '../../domain/fault.ts';
import type { BudgetRequest, Budgets, Sleep } from '../../ports.ts';
import { reservationsOf, reservationsText, shortKeyOf } from '../budget-row.ts';
import { keyOf } from '../keys.ts';
import { firstUse } from './first-use.ts';
import { storageCall } from './storage-call.ts';
import { nullOn } from './storage-fault.ts';
import { checkedRow } from './table-rows.ts';

/** How often a place is tried for while others are faster. */
const attempts = 40;

/** Pauses between tries grow to this, in milliseconds. */
const longestPauseMs = 100;

const rowSchema = z.object({ reservations: z.string() });

/**
 * Budgets in a table: one row for each system and class, replaced only by whoever read it as it stands. So of any number
 * at once exactly one goes on, and the others look again.
 */
export function azureBudgets(table: TableClient, sleep: Sleep): Budgets {
  const ready = firstUse(() => storageCall('Creating the budgets', (options) => table.createTable(options)));
  return {
    reserve: async (request) => {
      await ready();
      for (let attempt = 1; attempt <= attempts; attempt += 1) {
        const reserved = await reserveOnce(table, request);
        if (reserved) return reserved;
        await sleep(Math.min(5 * attempt, longestPauseMs));
      }
      throw new Fault('retry', 'budget-contended', 'Too many take from the same budget at the same time.');
    },
  };
}

/** One look and one try; null where somebody was faster. */
async function reserveOnce(table: TableClient, request: BudgetRequest): Promise<Reserved | null> {
  const keys = { partitionKey: keyOf(request.system), rowKey: request.class };
  const row = await storageCall('Reading a budget', (options) =>
    table.getEntity(keys.partitionKey, keys.rowKey, options).catch(nullOn('ResourceNotFound')),
  );
  const standing = row ? reservationsOf(checkedRow(rowSchema, row, 'budget').reservations) : [];
  const { reserved, kept } = takePlace(standing, { ...request, key: shortKeyOf(request.key) });
  if (!reserved.granted) return reserved;
  const replacement = { ...keys, reservations: reservationsText(kept) };
  try {
    await storageCall('Taking from a budget', (options) =>
      row
        ? table.updateEntity(replacement, 'Replace', { ...options, etag: row.etag })
        : table.createEntity(replacement, options),
    );
    return reserved;
  } catch (error) {
    // Also where our own write arrived and its answer did not: the next look finds the place taken by this key.
    if (toFault(error).disposition === 'conflict') return null;
    throw error;
  }
}
