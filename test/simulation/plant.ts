import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Planted } from './planted.ts';

/** What a copy needs to run seeds; everything else is reached through the link to the packages. */
const needed = ['shared', 'playbooks', 'test/support', 'test/simulation', 'package.json'];

/** @throws Error where the text to replace is not there exactly once */
export function checkStale({ name, file, find }: Planted): void {
  const count = readFileSync(file, 'utf8').split(find).length - 1;
  if (count !== 1) throw new Error(`"${name}" is stale: its text stands ${count} times in ${file}`);
}

/**
 * A copy of the engine and of this harness with one bug in it; nothing of the engine itself is touched.
 * @throws Error where the text to replace is not there exactly once
 */
export function plant(bug: Planted): string {
  checkStale(bug);
  const { file, find, put } = bug;
  const text = readFileSync(file, 'utf8');
  const folder = mkdtempSync(join(tmpdir(), 'quell-planted-'));
  for (const part of needed) cpSync(part, join(folder, part), { recursive: true });
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  writeFileSync(
    join(folder, file),
    text.replace(find, () => put),
  );
  return folder;
}

export function uproot(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
