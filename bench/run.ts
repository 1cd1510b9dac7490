import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Figure, Measure, Size } from './lib/figures.ts';
import { short } from './lib/stats.ts';
import { measureCold } from './measures/cold.ts';
import { measureGrowth } from './measures/growth.ts';
import { measureHash } from './measures/hash.ts';
import { measureIngest } from './measures/ingest.ts';
import { measureMatch } from './measures/match.ts';
import { measurePeers } from './measures/peers.ts';
import { measureProbes } from './measures/probes.ts';
import { measureStorm } from './measures/storm.ts';
import { type Result, render } from './render.ts';

const measures: Readonly<Record<string, Measure>> = {
  match: measureMatch,
  hash: measureHash,
  cold: measureCold,
  ingest: measureIngest,
  growth: measureGrowth,
  peers: measurePeers,
  probes: measureProbes,
  storm: measureStorm,
};

const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'processor'}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`;

async function measureOne(name: string, measure: Measure, size: Size): Promise<Result> {
  process.stdout.write(`${name} …\n`);
  const start = performance.now();
  const { figures, raw } = await measure(size);
  const seconds = (performance.now() - start) / 1000;
  return { name, size, at: new Date().toISOString(), machine, seconds, figures, raw: { ...raw } };
}

function sentence({ what, ours, unit, baseline, wanted }: Figure): string {
  const beside = baseline ? ` (${baseline.what}: ${short(baseline.value)})` : '';
  const reached = wanted ? `, wanted ${wanted.text}: ${wanted.met ? 'yes' : 'NO'}` : '';
  return `${what}: ${short(ours)} ${unit}${beside}${reached}`;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { small: { type: 'boolean', default: false } },
  });
  const unknown = positionals.filter((name) => !(name in measures));
  if (unknown.length > 0)
    throw new Error(`there is no measurement ${unknown.join(', ')}; there are ${Object.keys(measures).join(', ')}`);
  const folder = join(import.meta.dirname, 'results');
  await mkdir(folder, { recursive: true });
  for (const [name, measure] of Object.entries(measures)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    const result = await measureOne(name, measure, values.small ? 'small' : 'full');
    await writeFile(join(folder, `${name}.json`), `${JSON.stringify(result, null, 1)}\n`);
    for (const figure of result.figures) process.stdout.write(`  ${sentence(figure)}\n`);
  }
  await render();
}

await main();
