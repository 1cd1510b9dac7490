import { afterAll, beforeAll, expect, test } from 'vitest';
import { azureBacklog } from '../../shared/adapters/azure/backlog.ts';
import { connectStorage } from '../../shared/adapters/azure/connect.ts';
import { azureLedger } from '../../shared/adapters/azure/ledger.ts';
import { memoryVault } from '../../shared/adapters/memory/vault.ts';
import { firstBreak } from '../../shared/domain/ledger.ts';
import { callRecorder } from '../../shared/engine/calls.ts';
import { notedLedger } from '../../shared/engine/noted-ledger.ts';
import { type Azurite, startAzurite } from '../support/azurite.ts';
import { openTap, type Tap } from '../support/storage-tap.ts';

let azurite: Azurite;
let tap: Tap;

beforeAll(async () => {
  azurite = await startAzurite();
  const port = Number(/TableEndpoint=http:\/\/127\.0\.0\.1:(\d+)/.exec(azurite.connectionString)?.[1]);
  tap = await openTap('table', port);
});
afterAll(async () => {
  await tap?.close();
  await azurite?.[Symbol.asyncDispose]();
});

const call = { by: 'p-1', byName: 'Sam', right: 'read' as const, method: 'GET', path: '/api/runs' };

// docs/access.md says these numbers.
test('a call costs one storage operation, two after a pause, and fifty at once hardly more', async () => {
  const connectionString = azurite.connectionString.replace(
    /TableEndpoint=http:\/\/127\.0\.0\.1:\d+/,
    `TableEndpoint=http://127.0.0.1:${tap.port}`,
  );
  const storage = connectStorage({ connectionString });
  let now = '2026-11-28T13:00:00.000Z';
  const clock = () => now;
  const backlog = azureBacklog(storage.table('backlog'), storage.table('sealed'));
  const ledger = azureLedger(storage.table('ledger'), memoryVault());
  const record = callRecorder({ ledger: notedLedger(ledger, backlog, clock), clock, worker: 'aaaaaaaa' });
  // The first one makes the tables.
  await record(call, 200);
  tap.take();

  await record(call, 200);
  expect(tap.take()).toHaveLength(1);

  await Promise.all(Array.from({ length: 50 }, () => record(call, 200)));
  expect(tap.take()).toHaveLength(2);

  now = '2026-11-28T13:00:05.000Z';
  await record(call, 200);
  expect(tap.take()).toHaveLength(2);

  const entries = await ledger.read('calls-2026-11-28T13-aaaaaaaa');
  expect([entries.length, firstBreak(entries)]).toEqual([53, null]);
});
