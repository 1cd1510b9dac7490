import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const folder = resolve(import.meta.dirname, '..');

/** Installs what is compared to, in a folder of its own, the first time it is asked for. */
export async function installPeers(): Promise<void> {
  if (existsSync(join(folder, 'node_modules/node-red'))) return;
  process.stdout.write('installing what is compared to (once, some minutes)\n');
  await promisify(execFile)('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder });
}

/** A package of the comparison, without types: none of them is part of the project. */
export function peer(name: string): unknown {
  return createRequire(join(folder, 'package.json'))(name);
}

export const peerPath = (path: string): string => join(folder, 'node_modules', path);
