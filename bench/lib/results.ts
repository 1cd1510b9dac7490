import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import type { Figure, Size } from './figures.ts';

/** A result as it is kept. */
export interface Result {
  readonly name: string;
  readonly size: Size;
  readonly at: string;
  readonly machine: string;
  /** How busy the machine was before: processes that wanted to run, over the minute before. */
  readonly load: number;
  readonly seconds: number;
  /** Why there are no figures; null where there are. */
  readonly failed: string | null;
  readonly figures: readonly Figure[];
  readonly raw: Readonly<Record<string, unknown>>;
}

const root = resolve(import.meta.dirname, '../..');

/** Where results are kept: what is published, and what only shows that measuring works. */
export function resultsFolder(size: Size): string {
  return size === 'full' ? join(root, 'bench/results') : join(root, '.local/bench/results');
}

/** The machine, and how busy it is now. */
export function machineNow(): Pick<Result, 'at' | 'machine' | 'load'> {
  const processor = cpus()[0]?.model.trim() ?? 'processor';
  return {
    at: new Date().toISOString(),
    machine: `${cpus().length} × ${processor}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`,
    load: loadavg()[0] ?? 0,
  };
}

export async function keepResult(result: Result): Promise<void> {
  const folder = resultsFolder(result.size);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${result.name}.json`), `${JSON.stringify(result, null, 1)}\n`);
}

/** Every result of the size that is there, in this order. */
export async function keptResults(size: Size, order: readonly string[]): Promise<readonly Result[]> {
  const names = new Set(await readdir(resultsFolder(size)).catch(() => []));
  const there = order.filter((name) => names.has(`${name}.json`));
  return Promise.all(
    there.map(
      async (name): Promise<Result> => JSON.parse(await readFile(join(resultsFolder(size), `${name}.json`), 'utf8')),
    ),
  );
}
