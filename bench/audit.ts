/*
 * What a query over a large trail costs: node bench/audit.ts [RECORDS …]   (10,000 and 1,000,000 where none is given)
 * A year of records in Azurite, written in transactions; then one day with 2,000 records and one identity with 200, three times
 * each, in every size the same ones. Counted are the requests to storage, which have to be the same however much there is.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAzurite } from '../local/stack/azurite.ts';
import { azureBacklog } from '../shared/adapters/azure/backlog.ts';
import { connectStorage, type Storage } from '../shared/adapters/azure/connect.ts';
import { writeRows } from '../shared/adapters/azure/table-rows.ts';
import { azureTrail } from '../shared/adapters/azure/trail.ts';
import { placeOf, trailKey } from '../shared/adapters/trail-row.ts';
import { readCondition } from '../shared/domain/audit-condition.ts';
import type { AuditRange } from '../shared/domain/audit-range.ts';
import type { AuditRecord } from '../shared/domain/audit-record.ts';
import type { Custody } from '../shared/engine/custody.ts';
import { search } from '../shared/engine/search.ts';
import { recordOf } from '../test/support/adapters-trail.ts';
import { custodyOf } from '../test/support/custody.ts';

const days = 365;
const perIdentity = 200;
/** A day before the others, with as many records in every size. */
const askedDay = '2025-12-31';
const onAskedDay = 2000;

/** Record `n` of so many: identities take turns, and time goes on evenly. */
function record(n: number, of: number): AuditRecord {
  const identity = `id-${n % (of / perIdentity)}`;
  const time = new Date(Date.UTC(2026, 0, 1) + (n / of) * days * 86_400_000).toISOString();
  return { ...recordOf(`run-${n}`, 1 + (n % 20), '01T08:00', { identity }), time };
}

/** Writes the rows of one place, in the transactions that the adapter would use for so many at once. */
async function fill(storage: Storage, by: AuditRange['by'], records: readonly AuditRecord[]): Promise<void> {
  const { table, partitionKey } = placeOf(by);
  const client = storage.table(table);
  await client.createTable();
  const rows = records.map((one) => ({ partitionKey, rowKey: trailKey(one), ...one }));
  // A machine that has other things to do may let a transaction wait longer than a call may take.
  for (let tries = 1; ; tries += 1)
    try {
      return await writeRows(client, rows);
    } catch (error) {
      if (tries === 10) throw error;
    }
}

async function generate(storage: Storage, size: number): Promise<void> {
  const asked = Array.from({ length: onAskedDay }, (_, n) => ({
    ...record(n, size),
    identity: '',
    time: `${askedDay}T12:00:00.000Z`,
  }));
  await fill(storage, { day: askedDay }, asked);
  const byDay = Map.groupBy(
    Array.from({ length: size }, (_, n) => n),
    (n) => Math.floor((n / size) * days),
  );
  for (const [, numbers] of byDay) {
    const records = numbers.map((n) => record(n, size));
    for (const [day, of] of Map.groupBy(records, ({ time }) => time.slice(0, 10))) await fill(storage, { day }, of);
  }
  const identities = size / perIdentity;
  for (let one = 0; one < identities; one += 1) {
    const records = Array.from({ length: perIdentity }, (_, n) => record(one + n * identities, size));
    await fill(storage, { identity: `id-${one}` }, records);
  }
}

async function measure(size: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'quell-bench-'));
  const azurite = await startAzurite(folder, 'memory');
  try {
    let requests = 0;
    const storage = listening(connectStorage({ connectionString: azurite.connectionString }), () => {
      requests += 1;
    });
    const backlog = azureBacklog(storage.table('backlog'), storage.table('sealed'));
    const custody: Custody = { ...custodyOf().custody, backlog, trail: azureTrail(storage) };
    const begin = performance.now();
    await generate(storage, size);
    console.log(`${size} records, written in ${seconds(begin)} s and ${requests} requests`);
    const year = { from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z' };
    const oneDay = { where: null, from: `${askedDay}T00:00:00Z`, to: '2026-01-01T00:00:00Z' };
    const oneIdentity = { where: readCondition('identity is id-7'), ...year };
    for (const [what, span] of [
      ['one day', oneDay],
      ['one identity', oneIdentity],
    ] as const)
      for (let round = 1; round <= 3; round += 1) {
        requests = 0;
        const start = performance.now();
        const { records } = await search(custody, span, null, 10_000);
        console.log(`  ${what}: ${records.length} records, ${requests} requests, ${seconds(start)} s`);
      }
  } finally {
    await azurite.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function listening(storage: Storage, heard: () => void): Storage {
  return {
    ...storage,
    table: (name) => {
      const table = storage.table(name);
      table.pipeline.addPolicy({
        name: 'listen',
        sendRequest: (request, next) => {
          heard();
          return next(request);
        },
      });
      return table;
    },
  };
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(2);
}

const sizes = process.argv.slice(2).map(Number);
for (const size of sizes.length > 0 ? sizes : [10_000, 1_000_000]) await measure(size);
