import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { TableClient } from '@azure/data-tables';
import { startAzurite } from '../../local/stack/azurite.ts';
import { connectStorage } from '../../shared/adapters/azure/connect.ts';
import { azureIndex } from '../../shared/adapters/azure/index.ts';
import { azureLedger } from '../../shared/adapters/azure/ledger.ts';
import { memoryVault } from '../../shared/adapters/memory/vault.ts';
import { type Figure, flat, type Measure } from '../lib/figures.ts';
import { fillIndex, fillLedger } from '../lib/fill.ts';
import { median } from '../lib/stats.ts';

/** What is done in one turn; named by the step and its number. */
type Work = (name: string) => Promise<unknown>;

interface Row {
  readonly there: number;
  readonly ms: number;
  /** The same in a table that has as few as the first row, in milliseconds. */
  readonly few: number;
  /** A row written and read in a table that has none but these, in milliseconds. */
  readonly bare: number;
}

const turns = 60;

/** One alert's part of the index: listed and open, found among the newest, closed. */
function indexWork(table: TableClient): Work {
  const index = azureIndex(table);
  return async (run) => {
    const open = { journal: run, kind: 'run', session: 'id', due: '2099-01-01T00:00:00.000Z' } as const;
    await index.list({ run, alert: 'alert-1', identity: `id-${run}`, receivedAt: '2030-01-01T00:00:00.000Z' }, open);
    await index.runs({ limit: 20 });
    await index.close(run);
  };
}

/** One run's part of the ledger: two entries written, and read. */
function ledgerWork(table: TableClient): Work {
  const ledger = azureLedger(table, memoryVault());
  const body = { time: '2026-01-01T00:00:00.000Z', type: 'noted', actor: 'bench', data: { text: 'x'.repeat(500) } };
  return async (run) => {
    const first = await ledger.append(run, null, body);
    await ledger.append(run, first, body);
    await ledger.read(run);
  };
}

function bareWork(table: TableClient): Work {
  return async (name) => {
    await table.createEntity({ partitionKey: name, rowKey: '1', data: 'x'.repeat(500) });
    await table.getEntity(name, '1');
  };
}

/** All in turns, so that all meet the same noise; medians. */
async function costOf(there: number, works: Readonly<Record<'ms' | 'few' | 'bare', Work>>): Promise<Row> {
  const took: Record<keyof typeof works, number[]> = { ms: [], few: [], bare: [] };
  for (let turn = 0; turn < turns; turn += 1)
    for (const key of ['ms', 'few', 'bare'] as const) {
      const start = performance.now();
      await works[key](`run-of-${there}-${turn}`);
      took[key].push(performance.now() - start);
    }
  return { there, ms: median(took.ms), few: median(took.few), bare: median(took.bare) };
}

/** What an alert asks of the tables, while more and more stands there already. */
export const measureGrowth: Measure = async (size) => {
  const folder = await mkdtemp(join(tmpdir(), 'quell-bench-'));
  // In memory: on disk Azurite writes all of it every few seconds, and that is what would grow.
  const azurite = await startAzurite(folder, 'memory');
  try {
    const storage = connectStorage({ connectionString: azurite.connectionString });
    const grown = async (name: string, steps: readonly number[], fill: typeof fillIndex, workOf: typeof indexWork) => {
      const [table, few, empty] = [storage.table(name), storage.table(`${name}few`), storage.table(`${name}bare`)];
      for (const one of [table, few, empty]) await one.createTable();
      await fill(few, 0, steps[0] ?? 0);
      const works = { ms: workOf(table), few: workOf(few), bare: bareWork(empty) };
      await costOf(0, works);
      const rows: Row[] = [];
      let there = 0;
      for (const step of steps) {
        await fill(table, there, step);
        there = step;
        rows.push(await costOf(there, works));
      }
      return rows;
    };
    const upTo = size === 'full' ? 5 : 3;
    const steps = [10, 100, 1_000, 10_000, 100_000].slice(0, upTo);
    const index = await grown('index', steps.slice(1), fillIndex, indexWork);
    const ledger = await grown('ledger', steps, fillLedger, ledgerWork);
    return {
      figures: [
        ...figuresOf('an alert asks of the index', 'runs', index),
        ...figuresOf('a run asks of the ledger', 'entries', ledger),
      ],
      raw: { turns, index, ledger },
    };
  } finally {
    await azurite.stop();
    await rm(folder, { recursive: true, force: true });
  }
};

function figuresOf(what: string, of: string, rows: readonly Row[]): readonly Figure[] {
  const [first, last] = [rows[0], rows.at(-1)];
  if (!first || !last) throw new Error('nothing was measured');
  const there = `${last.there.toLocaleString('en')} ${of} there already`;
  return [
    {
      what: `what ${what}, ${there}`,
      unit: 'ms',
      ours: last.ms,
      baseline: { what: `${first.there} ${of} there`, value: last.few },
      wanted: flat(last.ms, last.few),
    },
    {
      what: `what ${what}, ${there}`,
      unit: 'ms',
      ours: last.ms,
      baseline: { what: 'one row written and read, in a table without others', value: last.bare },
      wanted: null,
    },
  ];
}
