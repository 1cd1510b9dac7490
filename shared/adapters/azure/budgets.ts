import type { TableClient } from '@azure/data-tables';
import { z } from 'zod';
import { type Reserved, roomLeft, takePlace } from '../../domain/budget.ts';
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

/** A row as this process knows it: null where there is none. */
type Known = { readonly etag: string; readonly reservations: string } | null;

/**
 * Budgets in a table: one row for each system and class, replaced only by whoever knows it as it stands. So of any number
 * at once exactly one goes on, and the others look again. What this process wrote last it knows without reading; whether
 * that still stands, the table says.
 */
export function azureBudgets(table: TableClient, sleep: Sleep): Budgets {
  const ready = firstUse(() => storageCall('Creating the budgets', (options) => table.createTable(options)));
  const written = new Map<string, Known>();
  return {
    reserve: async (request) => {
      await ready();
      const name = `${keyOf(request.system)} ${request.class}`;
      for (let attempt = 1; attempt <= attempts; attempt += 1) {
        const known = written.get(name);
        written.delete(name);
        const taken = await reserveOnce(table, request, known ?? null);
        if (taken) {
          if (taken.row) written.set(name, taken.row);
          return taken.reserved;
        }
        if (known) continue;
        await sleep(Math.min(5 * attempt, longestPauseMs));
      }
      throw new Fault('retry', 'budget-contended', 'Too many take from the same budget at the same time.');
    },
    left: async (request) => {
      const keys = { partitionKey: keyOf(request.system), rowKey: request.class };
      await ready();
      const row = await readRow(table, keys);
      return roomLeft(row ? reservationsOf(row.reservations) : [], request);
    },
  };
}

interface Taken {
  readonly reserved: Reserved;
  /** The row as it stands now; null where nothing was written. */
  readonly row: Known;
}

/** One look, where the row is not known, and one try; null where somebody was faster, or what is known may be out of date. */
async function reserveOnce(table: TableClient, request: BudgetRequest, known: Known): Promise<Taken | null> {
  const keys = { partitionKey: keyOf(request.system), rowKey: request.class };
  const row = known ?? (await readRow(table, keys));
  const { reserved, kept } = takePlace(row ? reservationsOf(row.reservations) : [], {
    ...request,
    key: shortKeyOf(request.key),
  });
  if (!reserved.granted) return known ? null : { reserved, row: null };
  const replacement = { ...keys, reservations: reservationsText(kept) };
  try {
    const { etag } = await storageCall('Taking from a budget', (options) =>
      row
        ? table.updateEntity(replacement, 'Replace', { ...options, etag: row.etag })
        : table.createEntity(replacement, options),
    );
    return { reserved, row: etag === undefined ? null : { etag, reservations: replacement.reservations } };
  } catch (error) {
    // Also where our own write arrived and its answer did not: the next look finds the place taken by this key.
    const { disposition, code } = toFault(error);
    if (disposition === 'conflict') return null;
    // A known row may be gone because somebody emptied the table; where the table is gone, reading says so.
    if (known && code === 'storage-missing') return null;
    throw error;
  }
}

async function readRow(table: TableClient, keys: { partitionKey: string; rowKey: string }): Promise<Known> {
  const row = await storageCall('Reading a budget', (options) =>
    table.getEntity(keys.partitionKey, keys.rowKey, options).catch(nullOn('ResourceNotFound')),
  );
  return row && { etag: row.etag, reservations: checkedRow(rowSchema, row, 'budget').reservations };
}
