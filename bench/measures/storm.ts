import { ServiceBusClient } from '@azure/service-bus';
import { connectStorage } from '../../shared/adapters/azure/connect.ts';
import type { Figure, Measure } from '../lib/figures.ts';
import { load } from '../lib/load.ts';
import { cpuMs, rssMb } from '../lib/processes.ts';
import { quantile } from '../lib/stats.ts';
import { type BenchWorld, benchWorld } from '../lib/world.ts';

const inFlight = 20;

/** Many alerts at once, three steps each, until the last run has ended; beside the same calls to storage, bus and far side, bare. */
export const measureStorm: Measure = async (size) => {
  const alerts = size === 'full' ? 10_000 : 200;
  const world = await benchWorld(alerts);
  try {
    await load(20, 5, (n) => world.send(n, 'bench-three', `warm-${n}`));
    await world.settled(20, 60_000);
    const { host, all } = world.pids();
    const before = { host: cpuMs(host), all: all.map(cpuMs).reduce((sum, one) => sum + one, 0) };
    const start = performance.now();
    const sent = await load(alerts, inFlight, (n) => world.send(n, 'bench-three'));
    await world.settled(alerts + 20, 3_600_000);
    const seconds = (performance.now() - start) / 1000;
    const cpu = {
      host: (cpuMs(host) - before.host) / alerts,
      all: (all.map(cpuMs).reduce((sum, one) => sum + one, 0) - before.all) / alerts,
    };
    const rss = rssMb(host);
    const { ages, notDone } = await world.ages(Math.min(alerts, 2_000));
    // The functions would take the bare messages from the queue.
    await world.host.kill();
    const bare = await bareOperations(world, Math.min(alerts, 500));
    const perSecond = alerts / seconds;
    const figures: Figure[] = [
      {
        what: `storm of ${alerts.toLocaleString('en')} alerts, three steps`,
        unit: 'alerts/s',
        ours: perSecond,
        baseline: { what: 'its own calls, bare', value: bare.perSecond },
        wanted: { text: '≥ 0.7×', met: perSecond >= 0.7 * bare.perSecond },
      },
      {
        what: 'age of an alert at its end, median',
        unit: 's',
        ours: quantile(ages, 0.5) / 1000,
        baseline: null,
        wanted: null,
      },
      {
        what: 'age of an alert at its end, p99',
        unit: 's',
        ours: quantile(ages, 0.99) / 1000,
        baseline: null,
        wanted: null,
      },
      {
        what: 'processor time per alert, three steps: functions',
        unit: 'ms',
        ours: cpu.host,
        baseline: { what: 'whole stack', value: cpu.all },
        wanted: null,
      },
      {
        what: `memory of the functions after ${alerts.toLocaleString('en')} alerts`,
        unit: 'MB',
        ours: rss,
        baseline: null,
        wanted: { text: '< 300 MB', met: rss < 300 },
      },
    ];
    return {
      figures,
      raw: {
        alerts,
        inFlight,
        seconds,
        sent,
        cpu,
        rss,
        notDone,
        bare,
        age: { p50: quantile(ages, 0.5), p99: quantile(ages, 0.99) },
      },
    };
  } finally {
    await world.stop();
  }
};

/**
 * What three steps ask of storage, bus and tenant (docs/alert-cost-counts.md), sent by the same clients without any of our
 * code between: the floor that no engine with these guarantees goes below on this machine.
 */
async function bareOperations(world: BenchWorld, count: number) {
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
  const row = (n: number, key: string) => ({ partitionKey: `p${n}`, rowKey: key, data: 'x'.repeat(600) });
  const inbox = `${world.stack.tenantUrl}/local/inbox`;
  const one = async (n: number) => {
    const bytes = Buffer.from(JSON.stringify({ n, text: 'x'.repeat(400) }));
    await vault.getBlockBlobClient(`b${n}`).upload(bytes, bytes.length);
    for (let turn = 0; turn < 5; turn += 1) await table.upsertEntity(row(n, `s${turn}`), 'Replace');
    for (let turn = 0; turn < 5; turn += 1)
      await table.submitTransaction([0, 1, 2].map((part) => ['create', row(n, `t${turn}-${part}`)]));
    for (let turn = 0; turn < 8; turn += 1) await table.getEntity(`p${n}`, 's0');
    for (let turn = 0; turn < 2; turn += 1) await table.deleteEntity(`p${n}`, `s${turn}`);
    for (let turn = 0; turn < 2; turn += 1) await sender.sendMessages({ body: { n, turn } });
    for (let turn = 0; turn < 22; turn += 1)
      await (
        await fetch(`${world.stack.tenantUrl}/v1.0/organization`, { headers: { authorization: `Bearer ${token}` } })
      ).arrayBuffer();
    for (let turn = 0; turn < 2; turn += 1)
      await (
        await fetch(inbox, { method: 'POST', body: '{}', headers: { 'idempotency-key': `${n}-${turn}` } })
      ).arrayBuffer();
  };
  try {
    return await load(count, inFlight, one);
  } finally {
    await client.close();
  }
}
