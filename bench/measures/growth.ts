import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { TableClient } from '@azure/data-tables';
import { startAzurite } from '../../local/stack/azurite.ts';
import { connectStorage, type Storage } from '../../shared/adapters/azure/connect.ts';
import { type Figure, flat, type Measure } from '../lib/figures.ts';
import { fillIndex, fillLedger } from '../lib/fill.ts';
import { median } from '../lib/stats.ts';
import { bareIndexWork, bareLedgerWork, countRequests, indexWork, ledgerWork, type Work } from '../lib/table-work.ts';

interface Row {
  readonly there: number;
  /** Milliseconds of ours, and of the same calls, bare, in the same table. */
  readonly ms: number;
  readonly bare: number;
  readonly requests: number;
}

interface Grown {
  readonly table: string;
  /** How much is there, in steps. */
  readonly steps: readonly number[];
  readonly fill: typeof fillIndex;
  readonly ours: (table: TableClient) => Work;
  readonly bare: (table: TableClient) => Work;
}

/** Both in turns, so that both meet the same noise; medians. */
async function timesOf(tag: string, turns: number, works: Readonly<Record<'ms' | 'bare', Work>>) {
  const took: Record<keyof typeof works, number[]> = { ms: [], bare: [] };
  for (let turn = 0; turn < turns; turn += 1)
    for (const key of ['ms', 'bare'] as const) {
      const start = performance.now();
      await works[key](`run-of-${tag}-${turn}`);
      took[key].push(performance.now() - start);
    }
  return { ms: median(took.ms), bare: median(took.bare) };
}

async function rowsOf(storage: Storage, { table, steps, fill, ours, bare }: Grown, turns: number) {
  // Two clients of one table, so that only the requests of ours are counted.
  const [full, plain] = [storage.table(table), storage.table(table)];
  await full.createTable();
  const requests = countRequests(full);
  const works = { ms: ours(full), bare: bare(plain) };
  await timesOf('warm', turns, works);
  const rows: Row[] = [];
  let there = 0;
  for (const step of steps) {
    await fill(plain, there, step);
    there = step;
    const before = requests();
    const times = await timesOf(`${there}`, turns, works);
    rows.push({ there, ...times, requests: (requests() - before) / turns });
  }
  return rows;
}

/** What an alert asks of the tables, while more and more stands there already. */
export const measureGrowth: Measure = async (size) => {
  const folder = await mkdtemp(join(tmpdir(), 'quell-bench-'));
  // In memory: on disk Azurite writes all of it every few seconds, and that is what would grow.
  const azurite = await startAzurite(folder, 'memory');
  try {
    const storage = connectStorage({ connectionString: azurite.connectionString });
    const turns = size === 'full' ? 60 : 20;
    const steps = [10, 100, 1_000, 10_000, 100_000].slice(0, size === 'full' ? 5 : 3);
    const index: Grown = {
      table: 'index',
      steps: steps.slice(1),
      fill: fillIndex,
      ours: indexWork,
      bare: bareIndexWork,
    };
    const ledger: Grown = { table: 'ledger', steps, fill: fillLedger, ours: ledgerWork, bare: bareLedgerWork };
    const rows = { index: await rowsOf(storage, index, turns), ledger: await rowsOf(storage, ledger, turns) };
    return {
      figures: [
        ...figuresOf('an alert asks of the index', 'runs', rows.index),
        ...figuresOf('a run asks of the ledger', 'entries', rows.ledger),
      ],
      raw: { turns, ...rows },
    };
  } finally {
    await azurite.stop();
    await rm(folder, { recursive: true, force: true });
  }
};

function figuresOf(what: string, of: string, rows: readonly Row[]): readonly Figure[] {
  const [first, last] = [rows[0], rows.at(-1)];
  if (!first || !last) throw new Error('nothing was measured');
  const there = `what ${what}, ${last.there.toLocaleString('en')} ${of} there already`;
  const few = `${first.there} ${of} there`;
  const [times, timesFirst] = [last.ms / last.bare, first.ms / first.bare];
  return [
    {
      what: there,
      unit: 'requests',
      ours: last.requests,
      baseline: { what: few, value: first.requests },
      wanted: flat(last.requests, first.requests),
    },
    {
      what: there,
      unit: 'ms',
      ours: last.ms,
      baseline: { what: 'the same calls, bare, in the same table', value: last.bare },
      wanted: null,
    },
    {
      what: there,
      unit: 'times the same calls, bare',
      ours: times,
      baseline: { what: few, value: timesFirst },
      wanted: flat(times, timesFirst),
    },
  ];
}
