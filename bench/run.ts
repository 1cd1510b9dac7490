import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { endOnSignal, runBounded } from './lib/bounded.ts';
import type { Figure, Measured, Size } from './lib/figures.ts';
import { installN8n, installPeers } from './lib/peers.ts';
import { keepResult, machineNow, type Result } from './lib/results.ts';
import { short } from './lib/stats.ts';
import { measures } from './measures.ts';
import { render } from './render.ts';

/** All of it ends after this, in seconds; what has not been made then is shown as such. */
const allSeconds = 35 * 60;

/** Makes one measurement in a process of its own, ended when its time is over. */
async function measureOne(name: string, size: Size, seconds: number): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'quell-measure-'));
  const file = join(folder, 'measured.json');
  const before = { name, size, ...machineNow() };
  const start = performance.now();
  try {
    const args = [join(import.meta.dirname, 'measure.ts'), name, size, file];
    const bounded = { command: process.execPath, args, environment: { TMPDIR: folder }, seconds };
    const failed = seconds > 0 ? await runBounded(bounded) : 'the time for all of it was over';
    const took = { seconds: (performance.now() - start) / 1000 };
    if (failed !== null) return { ...before, ...took, failed, figures: [], raw: {} };
    const { figures, raw }: Measured = JSON.parse(await readFile(file, 'utf8'));
    return { ...before, ...took, failed: null, figures, raw: { ...raw } };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function sentence({ what, ours, unit, baseline, wanted }: Figure): string {
  const value = baseline.value === null ? '' : `: ${short(baseline.value)}`;
  const met = wanted?.met === null ? 'not to be said' : wanted?.met ? 'yes' : 'NO';
  return `${what}: ${short(ours)} ${unit} (${baseline.what}${value})${wanted ? `, wanted ${wanted.text}: ${met}` : ''}`;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { small: { type: 'boolean', default: false }, n8n: { type: 'boolean', default: false } },
  });
  const unknown = positionals.filter((name) => !(name in measures));
  if (unknown.length > 0)
    throw new Error(`there is no measurement ${unknown.join(', ')}; there are ${Object.keys(measures).join(', ')}`);
  endOnSignal();
  const size = values.small ? 'small' : 'full';
  await installPeers();
  if (values.n8n) await installN8n();
  const end = performance.now() + allSeconds * 1000;
  for (const [name, { limit }] of Object.entries(measures)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    process.stdout.write(`${name} …\n`);
    const result = await measureOne(name, size, Math.min(limit, Math.round((end - performance.now()) / 1000)));
    await keepResult(result);
    if (result.failed !== null) process.stdout.write(`  failed: ${result.failed}\n`);
    for (const figure of result.figures) process.stdout.write(`  ${sentence(figure)}\n`);
    // After each, so that nothing is lost with one that comes later.
    if (size === 'full') await render();
  }
}

await main();
