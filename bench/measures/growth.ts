import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { startAzurite } from '../../local/stack/azurite.ts';
import { connectStorage } from '../../shared/adapters/azure/connect.ts';
import { azureIndex } from '../../shared/adapters/azure/index.ts';
import { azureLedger } from '../../shared/adapters/azure/ledger.ts';
import type { memoryIndex } from '../../shared/adapters/memory/index.ts';
import { memoryVault } from '../../shared/adapters/memory/vault.ts';
import type { Figure, Measure } from '../lib/figures.ts';
import { load } from '../lib/load.ts';
import { median } from '../lib/stats.ts';

/** What one alert asks of the tables: list, open, append, read, close; while more and more stand there already. */
export const measureGrowth: Measure = async (size) => {
  const steps = size === 'full' ? [100, 1_000, 10_000, 100_000] : [100, 1_000];
  const folder = await mkdtemp(join(tmpdir(), 'quell-bench-'));
  const azurite = await startAzurite(folder);
  try {
    const storage = connectStorage({ connectionString: azurite.connectionString });
    const table = storage.table('index');
    const index = azureIndex(table);
    const ledger = azureLedger(storage.table('ledger'), memoryVault());
    await index.close('nothing');
    const rows = [];
    let there = 0;
    for (const step of steps) {
      await fill(table, there, step);
      there = step;
      rows.push({ there, ms: await costOf(index, ledger, there) });
    }
    const [first, last] = [rows[0], rows.at(-1)];
    if (!first || !last) throw new Error('nothing was measured');
    const figure: Figure = {
      what: `what an alert asks of the tables, ${last.there.toLocaleString('en')} runs there already`,
      unit: 'ms',
      ours: last.ms,
      baseline: { what: `${first.there} runs there`, value: first.ms },
      wanted: { text: 'flat (≤ 1.5×)', met: last.ms <= 1.5 * first.ms },
    };
    return { figures: [figure], raw: { rows } };
  } finally {
    await azurite.stop();
    await rm(folder, { recursive: true, force: true });
  }
};

/** Rows as the index writes them for runs that have ended, a hundred in a transaction. */
async function fill(
  table: ReturnType<ReturnType<typeof connectStorage>['table']>,
  from: number,
  to: number,
): Promise<void> {
  const batches = Math.ceil((to - from) / 100);
  await load(batches, 8, async (batch) => {
    const rows = Array.from({ length: Math.min(100, to - from - batch * 100) }, (_, n) => {
      const run = `run-${from + batch * 100 + n}`;
      const rowKey = `run|${String(8.64e15 - (from + batch * 100 + n)).padStart(16, '0')}|${run}`;
      return {
        partitionKey: 'all',
        rowKey,
        run,
        alert: 'alert-1',
        identity: 'id',
        receivedAt: '2026-01-01T00:00:00.000Z',
      };
    });
    await table.submitTransaction(rows.map((row) => ['create', row]));
  });
}

async function costOf(
  index: ReturnType<typeof memoryIndex>,
  ledger: ReturnType<typeof azureLedger>,
  tag: number,
): Promise<number> {
  const took: number[] = [];
  for (let turn = 0; turn < 60; turn += 1) {
    const run = `run-of-${tag}-${turn}`;
    const start = performance.now();
    const open = { journal: run, kind: 'run', session: 'id', due: '2099-01-01T00:00:00.000Z' } as const;
    await index.list({ run, alert: 'alert-1', identity: `id-${turn}`, receivedAt: '2030-01-01T00:00:00.000Z' }, open);
    const first = await ledger.append(run, null, { time: '', type: 'noted', actor: 'bench', data: {} });
    await ledger.append(run, first, { time: '', type: 'noted', actor: 'bench', data: {} });
    await ledger.read(run);
    await index.runs({ limit: 20 });
    await index.close(run);
    took.push(performance.now() - start);
  }
  return median(took);
}
