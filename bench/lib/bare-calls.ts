import type { TableClient } from '@azure/data-tables';
import { ServiceBusClient } from '@azure/service-bus';
import { connectStorage } from '../../shared/adapters/azure/connect.ts';
import { type Loaded, loadAll } from './load.ts';
import type { Counts } from './look.ts';
import type { BenchWorld } from './world.ts';

type Call = (n: number, turn: number) => Promise<unknown>;

const row = (n: number, key: string) => ({ partitionKey: `p${n}`, rowKey: key, data: 'x'.repeat(600) });

/** What each kind of call to a table is, bare. */
function tableCalls(table: TableClient): Readonly<Record<string, Call>> {
  return {
    'table PUT': (n, turn) => table.upsertEntity(row(n, `s${turn}`), 'Replace'),
    'table POST': (n, turn) => table.createEntity(row(n, `c${turn}`)),
    'table MERGE': (n, turn) => table.upsertEntity(row(n, `s${turn}`), 'Merge'),
    'table batch': (n, turn) =>
      table.submitTransaction([0, 1, 2].map((part) => ['create', row(n, `t${turn}-${part}`)])),
    'table get': (n) => table.getEntity(`p${n}`, 's0').catch(() => null),
    'table query': (n) => table.listEntities({ queryOptions: { filter: `PartitionKey eq 'p${n}'` } }).next(),
    'table DELETE': (n, turn) => table.deleteEntity(`p${n}`, `s${turn}`).catch(() => null),
  };
}

/**
 * The calls that were counted for one alert, by the same clients to the same storage, bus and tenant, one after the other
 * and without any of our code between: the floor that no engine with these calls goes below on this machine.
 */
export async function bareCalls(world: BenchWorld, counts: Counts, alerts: number, inFlight: number): Promise<Loaded> {
  const storage = connectStorage({ connectionString: world.stack.storage });
  const [table, vault] = [storage.table('bare'), storage.container('barevault')];
  await Promise.all([table.createTable(), vault.createIfNotExists()]);
  const client = new ServiceBusClient(world.stack.settings.SERVICEBUS ?? '');
  const sender = client.createSender('alerts');
  const receiver = client.createReceiver('alerts', { receiveMode: 'receiveAndDelete' });
  receiver.subscribe(
    { processMessage: async () => undefined, processError: async () => undefined },
    { maxConcurrentCalls: inFlight },
  );
  const token = await world.stack.token('max');
  const ask = async (path: string, init: RequestInit) =>
    (await fetch(`${world.stack.tenantUrl}${path}`, { ...init, signal: AbortSignal.timeout(30_000) })).arrayBuffer();
  const read: Call = () => ask('/v1.0/organization', { headers: { authorization: `Bearer ${token}` } });
  const bytes = Buffer.from(JSON.stringify({ text: 'x'.repeat(400) }));
  const calls: Readonly<Record<string, Call>> = {
    ...tableCalls(table),
    'blob PUT': (n, turn) => vault.getBlockBlobClient(`b${n}-${turn}`).upload(bytes, bytes.length),
    'blob GET': (n) =>
      vault
        .getBlockBlobClient(`b${n}-0`)
        .getProperties()
        .catch(() => null),
    'bus send': (n, turn) => sender.sendMessages({ body: { n, turn } }),
    'tenant GET': read,
    'tenant POST': read,
    inbox: (n, turn) =>
      ask('/local/inbox', { method: 'POST', body: '{}', headers: { 'idempotency-key': `bare-${n}-${turn}` } }),
  };
  const one = async (n: number) => {
    for (const [kind, call] of Object.entries(calls)) {
      const each = counts[kind] ?? 0;
      // Where it is not a whole number, every so many alerts have one more.
      const times = Math.floor((n + 1) * each) - Math.floor(n * each);
      for (let turn = 0; turn < times; turn += 1) await call(n, turn);
    }
  };
  try {
    return await loadAll(alerts, inFlight, one);
  } finally {
    await client.close();
  }
}
