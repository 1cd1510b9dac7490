import { odata, type TableClient } from '@azure/data-tables';
import { z } from 'zod';
import { Fault, toFault } from '../../domain/fault.ts';
import { canonical, type JsonObject } from '../../domain/json.ts';
import { beginning, type Entry, entriesAfter, entryAfter } from '../../domain/ledger.ts';
import type { Ledger, Vault } from '../../ports.ts';
import type { Journals } from '../../ports-custody.ts';
import { checkAppend, checkAppendAll, isJournalName, rowKeyOf } from '../keys.ts';
import { firstUse } from './first-use.ts';
import { storageCall } from './storage-call.ts';
import { nullOn } from './storage-fault.ts';
import { rowsOf } from './table-rows.ts';

/** The ledger in a table: one journal is one partition, one entry one row, and no row is ever written twice. */
export function azureLedger(table: TableClient, vault: Vault): Ledger & Journals {
  const ready = firstUse(() => storageCall('Creating the ledger', (options) => table.createTable(options)), table);
  const read = async (journal: string) => {
    if (!isJournalName(journal)) return [];
    await ready();
    const rows = await rowsOf(table, odata`PartitionKey eq ${journal}`);
    return Promise.all(rows.map((row) => entryOf(journal, row, vault)));
  };
  return {
    read,
    after: async (journal, limit) => {
      await ready();
      const rows = (await rowsOf(table, odata`PartitionKey gt ${journal ?? ''}`, limit)).map((row) => ({
        row,
        name: partitionSchema.parse(row).partitionKey,
      }));
      const last = rows.at(-1)?.name;
      // The last journal may go on behind the limit: it comes next, unless it is the only one.
      const whole = rows.length < limit ? rows : rows.filter(({ name }) => name !== last);
      const only = whole.length === 0 && last !== undefined ? await rowsOf(table, odata`PartitionKey eq ${last}`) : [];
      if (last !== undefined && only.length > 0)
        return Promise.all(only.map((row) => entryOrRemains(last, row, vault)));
      return Promise.all(whole.map(({ row, name }) => entryOrRemains(name, row, vault)));
    },
    append: async (journal, previous, body) => {
      checkAppend(journal, previous, body);
      const entry = entryAfter(journal, previous, body);
      const data = await dataTextOf(entry.data, vault);
      await ready();
      await insert(table, entry, data);
      return entry;
    },
    appendAll: async (journal, previous, bodies) => {
      checkAppendAll(journal, previous, bodies);
      const entries = entriesAfter(journal, previous, bodies);
      const rows = await Promise.all(entries.map(async (entry) => rowOf(entry, await dataTextOf(entry.data, vault))));
      await ready();
      await insertAll(table, entries, rows);
      return entries;
    },
  };
}

function rowOf({ journal, sequence, time, type, actor, previous, hash }: Entry, data: string) {
  return { partitionKey: journal, rowKey: rowKeyOf(sequence), time, type, actor, previous, hash, data };
}

const exists = nullOn('EntityAlreadyExists');

async function insert(table: TableClient, entry: Entry, data: string): Promise<void> {
  const name = `Entry ${entry.sequence} of ${entry.journal}`;
  const row = rowOf(entry, data);
  if (await storageCall(name, (options) => table.createEntity(row, options).catch(exists))) return;
  await ourOwn(table, entry);
}

/** One entity group transaction: one request, all rows or none. */
async function insertAll(table: TableClient, entries: readonly Entry[], rows: readonly ReturnType<typeof rowOf>[]) {
  const [first, last] = [entries.at(0), entries.at(-1)];
  const [row] = rows;
  if (!first || !last || !row) return;
  if (rows.length === 1) return insert(table, first, row.data);
  const name = `Entries ${first.sequence} to ${last.sequence} of ${first.journal}`;
  const actions = rows.map((one): ['create', typeof one] => ['create', one]);
  if (await storageCall(name, (options) => table.submitTransaction(actions, options).catch(exists))) return;
  // All or none: where the last row is ours, the others are.
  await ourOwn(table, last);
}

/** @throws Fault `conflict` where the row with this number is another */
async function ourOwn(table: TableClient, { journal, sequence, hash }: Entry): Promise<void> {
  const name = `Entry ${sequence} of ${journal}`;
  // The row may be our own: written by an earlier attempt, the client's or the engine's, whose answer got lost.
  const standing = await storageCall(name, (options) =>
    table.getEntity<{ hash?: unknown }>(journal, rowKeyOf(sequence), options).catch(nullOn('ResourceNotFound')),
  );
  if (standing?.hash !== hash) throw new Fault('conflict', 'ledger-conflict', `${name} is somebody else's.`);
}

/** A string property holds 32 Ki characters of UTF-16 (Understanding the Table service data model). */
const longestData = 32 * 1024;
const elsewhere = '$vault';

/** What stands in the row: the data, or where in the vault it is. Data that looks like the latter goes there too. */
async function dataTextOf(data: JsonObject, vault: Vault): Promise<string> {
  const text = canonical(data);
  const ascii = asciiOf(text);
  if (ascii.length <= longestData && !(elsewhere in data)) return ascii;
  const { sha256 } = await vault.put(Buffer.from(text), 'application/json');
  return canonical({ [elsewhere]: sha256 });
}

/**
 * The same JSON with `\uXXXX` for everything beyond ASCII: Azurite 3.37 decodes a request chunk by chunk and garbles a
 * character that lies across two chunks, from 64 KiB on.
 */
function asciiOf(json: string): string {
  return json.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const hashSchema = z.string().regex(/^[0-9a-f]{64}$/);
const rowSchema = z.object({
  rowKey: z.string().regex(/^\d{10}$/),
  time: z.string(),
  type: z.string(),
  actor: z.string(),
  previous: hashSchema,
  hash: hashSchema,
  data: z.string(),
});
const keySchema = z.object({ rowKey: z.string() });
const partitionSchema = z.object({ partitionKey: z.string() });

async function entryOf(journal: string, row: object, vault: Vault): Promise<Entry> {
  const parsed = rowSchema.safeParse(row);
  const standing = objectOf(parsed.data?.data ?? '');
  const data = standing && elsewhere in standing ? await fetchData(standing, vault) : standing;
  if (!parsed.success || !data) throw notAnEntry(journal, row);
  const { rowKey, ...rest } = parsed.data;
  return { ...rest, journal, sequence: Number(rowKey), data };
}

/** For whoever looks at everything: a row that is no entry any more is there, and is not what was sealed. */
async function entryOrRemains(journal: string, row: object, vault: Vault): Promise<Entry> {
  try {
    return await entryOf(journal, row, vault);
  } catch (error) {
    if (toFault(error).disposition !== 'halt') throw error;
    const sequence = Math.max(1, Math.trunc(Number(keySchema.parse(row).rowKey)) || 1);
    const nothing = { time: '', type: 'unreadable', actor: '', data: {}, previous: beginning, hash: beginning };
    return { journal, sequence, ...nothing };
  }
}

async function fetchData(pointer: JsonObject, vault: Vault): Promise<JsonObject | null> {
  const name = hashSchema.safeParse(pointer[elsewhere]);
  return name.success ? objectOf(Buffer.from(await vault.get(name.data)).toString()) : null;
}

/** Not by schema: zod drops a member called `__proto__`, and the hash would no longer be that of what was written. */
function objectOf(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function notAnEntry(journal: string, row: object): Fault {
  const sequence = keySchema.parse(row).rowKey;
  return new Fault('halt', 'ledger-row', `Row ${sequence} of journal ${journal} is no ledger entry.`, {
    detail: { journal, sequence },
  });
}
