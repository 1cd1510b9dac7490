import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { runBounded } from './bounded.ts';

const folder = resolve(import.meta.dirname, '..');
const n8nFolder = join(folder, 'peers/n8n');

export const peerPath = (path: string): string => join(folder, 'node_modules', path);
export const n8nPath = (path: string): string => join(n8nFolder, 'node_modules', path);

/** Their own scripts are not run: what is needed ships in the packages, and one of them reports to its maker. */
const quiet = ['--no-audit', '--no-fund', '--ignore-scripts'];

/** Installs what is compared to, in a folder of its own, the first time. Where it cannot be had, it is not measured. */
export async function installPeers(): Promise<void> {
  if (existsSync(peerPath('.package-lock.json'))) return;
  process.stdout.write('installing what is compared to (once, some minutes)\n');
  const failed = await runBounded({ command: 'npm', args: ['ci', ...quiet], cwd: folder, seconds: 600 });
  if (failed !== null) process.stdout.write(`it cannot be installed: ${failed}\n`);
}

/** Installs n8n: 2.4 GB and ten minutes, so only where it is asked for. */
export async function installN8n(): Promise<void> {
  if (existsSync(n8nPath('.package-lock.json'))) return;
  process.stdout.write('installing n8n (once, ten minutes)\n');
  // SQLite's binary is fetched or built by a script of its package.
  const args = ['install', '--no-audit', '--no-fund', '--no-package-lock'];
  const failed = await runBounded({ command: 'npm', args, cwd: n8nFolder, seconds: 1_800 });
  if (failed !== null) process.stdout.write(`n8n cannot be installed: ${failed}\n`);
}

/** A package of the comparison, without types: none of them is part of the project. null where it is not installed. */
export function peer(name: string): unknown {
  if (!existsSync(peerPath(name))) return null;
  return createRequire(join(folder, 'package.json'))(name);
}
