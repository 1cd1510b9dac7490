import { setTimeout as sleep } from 'node:timers/promises';
import { connectStorage } from '../../shared/adapters/azure/connect.ts';
import { azureIndex } from '../../shared/adapters/azure/index.ts';
import { azureLedger } from '../../shared/adapters/azure/ledger.ts';
import { azureVault } from '../../shared/adapters/azure/vault.ts';
import { runOf } from '../../shared/domain/run.ts';
import { quantile } from './stats.ts';

/** How runs went, as their journals say. */
export interface Went {
  /** From the receipt of the alert to the end of the run, in milliseconds, of those that ended as they should. */
  readonly p50: number;
  readonly p99: number;
  /** When the last of them ended, in milliseconds since 1970. */
  readonly lastEnd: number;
  /** How many ended otherwise, or not at all, by outcome. */
  readonly otherwise: Readonly<Record<string, number>>;
}

/** What became of alerts, read from the tables and without the functions. */
export interface Runs {
  /** Waits until so many runs are there and nothing is open. @throws where that takes longer */
  settled(runs: number, patienceMs: number): Promise<void>;
  /** Of the newest so many. @param as the outcome that they should have */
  went(newest: number, as?: string): Promise<Went>;
}

export function runsIn(connectionString: string): Runs {
  const storage = connectStorage({ connectionString });
  const index = azureIndex(storage.table('index'));
  const ledger = azureLedger(storage.table('ledger'), azureVault(storage.container('vault')));
  return {
    settled: async (runs, patienceMs) => {
      for (const until = performance.now() + patienceMs; ; ) {
        // Asked seldom: whoever asks has a part in what is measured.
        await sleep(1_000);
        const open = await index.due('9999-12-31T00:00:00.000Z', 1);
        const listed = open.length === 0 ? (await index.runs({ limit: runs })).length : 0;
        if (listed >= runs) return;
        if (performance.now() > until) throw new Error(`${listed} of ${runs} runs, and some are still open`);
      }
    },
    went: async (newest, as = 'done') => {
      const listed = await index.runs({ limit: newest });
      const ages: number[] = [];
      const otherwise: Record<string, number> = {};
      let lastEnd = 0;
      for (const { run, receivedAt } of listed) {
        const { ended } = runOf(run, await ledger.read(run));
        if (ended?.outcome !== as) {
          const outcome = ended ? `${ended.outcome}: ${ended.reason}` : 'open';
          otherwise[outcome] = (otherwise[outcome] ?? 0) + 1;
          continue;
        }
        lastEnd = Math.max(lastEnd, Date.parse(ended.at));
        ages.push(Date.parse(ended.at) - Date.parse(receivedAt));
      }
      return { p50: quantile(ages, 0.5), p99: quantile(ages, 0.99), lastEnd, otherwise };
    },
  };
}
