/*
 * What a query over a large trail costs: node bench/audit.ts [ENTRIES …]   (10,000 and 1,000,000 where none is given)
 * A year of records in Azurite, written in transactions; then one day and one identity, three times each. Counted are the
 * requests to storage, which have to be the same however much there is, and the time.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAzurite } from '../local/stack/azurite.ts';
import { azureBacklog } from '../shared/adapters/azure/backlog.ts';
import { connectStorage, type Storage } from '../shared/adapters/azure/connect.ts';
import { azureTrail } from '../shared/adapters/azure/trail.ts';
import { readCondition } from '../shared/domain/audit-condition.ts';
import type { AuditRecord } from '../shared/domain/audit-record.ts';
import type { Custody } from '../shared/engine/custody.ts';
import { search } from '../shared/engine/search.ts';
import { recordOf } from '../test/support/adapters-trail.ts';
import { custodyOf } from '../test/support/custody.ts';

const sizes = process.argv.slice(2).map(Number);
for (const size of sizes.length > 0 ? sizes : [10_000, 1_000_000]) await measure(size);

/** As many a day and of one identity in every size, so that what is found is the same: the rest is what else there is. */
const perDay = 27;
const perIdentity = 20;

async function measure(size: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'quell-bench-'));
  const azurite = await startAzurite(folder);
  try {
    let requests = 0;
    const storage = listening(connectStorage({ connectionString: azurite.connectionString }), () => {
      requests += 1;
    });
    const { custody: plain } = custodyOf();
    const backlog = azureBacklog(storage.table('backlog'), storage.table('sealed'));
    const custody: Custody = { ...plain, backlog, trail: azureTrail(storage) };
    const begin = performance.now();
    for (const day of daysOf(size)) await custody.trail.put(recordsOf(day, size));
    console.log(`${size} records, written in ${seconds(begin)} s and ${requests} requests`);
    for (const [what, where, from, to] of [
      ['one day', null, '2026-06-01', '2026-06-02'],
      ['one identity, the whole year', 'identity is id-7', '2026-01-01', '2027-01-01'],
    ] as const) {
      const span = {
        where: where === null ? null : readCondition(where),
        from: `${from}T00:00:00Z`,
        to: `${to}T00:00:00Z`,
      };
      for (let round = 1; round <= 3; round += 1) {
        requests = 0;
        const start = performance.now();
        const { records, next } = await search(custody, span, null, 10_000);
        console.log(
          `  ${what}: ${records.length} records${next ? ' and more' : ''}, ${requests} requests, ${seconds(start)} s`,
        );
      }
    }
  } finally {
    await azurite.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Days of the year, as many as it takes at `perDay` or, where the year is over, with more of them on each other day. */
function daysOf(size: number): readonly number[] {
  return Array.from({ length: Math.min(365, Math.ceil(size / perDay)) }, (_, day) => day);
}

function recordsOf(day: number, size: number): AuditRecord[] {
  const date = new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10);
  // The day that is asked for has as many records in every size.
  const count = date === '2026-06-01' ? perDay : Math.ceil(size / Math.min(365, Math.ceil(size / perDay)));
  return Array.from({ length: count }, (_, n) => {
    const number = day * count + n;
    const identity = n === 0 && day % Math.ceil(365 / perIdentity) === 0 ? 'id-7' : `id-${number + 1000}`;
    const second = new Date(Date.UTC(2026, 0, 1 + day) + (n * 86_000_000) / count).toISOString();
    return { ...recordOf(`run-${number}`, 1 + (n % 20), '01T08:00', { identity }), time: second };
  });
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
