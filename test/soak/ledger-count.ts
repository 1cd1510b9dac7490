import type { Stack } from '../../local/stack/stack.ts';
import { connectStorage } from '../../shared/adapters/azure/connect.ts';
import { azureIndex } from '../../shared/adapters/azure/index.ts';
import { azureLedger } from '../../shared/adapters/azure/ledger.ts';
import { azureVault } from '../../shared/adapters/azure/vault.ts';
import { firstBreak } from '../../shared/domain/ledger.ts';
import { runOf } from '../../shared/domain/run.ts';

/** Runs there are, and journals that still have something to do. Cheap, unlike reading them all. */
export async function countOpen(stack: Stack, most: number): Promise<{ runs: number; open: number }> {
  const index = azureIndex(connectStorage({ connectionString: stack.storage }).table('index'));
  const [runs, open] = await Promise.all([index.runs({ limit: most }), index.due('9999-12-31T00:00:00.000Z', most)]);
  return { runs: runs.length, open: open.length };
}

/** Reads every run from the tables, without the functions. */
export async function countRuns(stack: Stack, most: number) {
  const storage = connectStorage({ connectionString: stack.storage });
  const ledger = azureLedger(storage.table('ledger'), azureVault(storage.container('vault')));
  const listed = await azureIndex(storage.table('index')).runs({ limit: most * 2 });
  const counts = { runs: listed.length, runsNotDone: 0, brokenJournals: 0, entries: 0, recovered: 0 };
  for (const { run } of listed) {
    const entries = await ledger.read(run);
    counts.entries += entries.length;
    if (firstBreak(entries)) counts.brokenJournals += 1;
    if (runOf(run, entries).ended?.outcome !== 'done') counts.runsNotDone += 1;
    counts.recovered += entries.filter(({ data }) => data.by === 'recovered').length;
  }
  return counts;
}
