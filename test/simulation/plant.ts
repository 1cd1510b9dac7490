import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Planted } from './planted.ts';

/** What a copy needs to run seeds; everything else is reached through the link to the packages. */
const needed = ['shared', 'playbooks', 'test/support', 'test/simulation', 'package.json'];

type Change = NonNullable<Planted['also']>;

function changesOf({ file, find, put, also }: Planted): readonly Change[] {
  return [{ file, find, put }, ...(also ? [also] : [])];
}

/** @throws Error where a text to replace is not there exactly once */
export function checkStale(bug: Planted): void {
  for (const { file, find } of changesOf(bug)) {
    const count = readFileSync(file, 'utf8').split(find).length - 1;
    if (count !== 1) throw new Error(`"${bug.name}" is stale: its text stands ${count} times in ${file}`);
  }
}

/**
 * A copy of the engine and of this harness with one bug in it; nothing of the engine itself is touched.
 * @throws Error where a text to replace is not there exactly once
 */
export function plant(bug: Planted): string {
  checkStale(bug);
  const folder = mkdtempSync(join(tmpdir(), 'quell-planted-'));
  for (const part of needed) cpSync(part, join(folder, part), { recursive: true });
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  for (const { file, find, put } of changesOf(bug)) {
    const place = join(folder, file);
    writeFileSync(
      place,
      readFileSync(place, 'utf8').replace(find, () => put),
    );
  }
  return folder;
}

export function uproot(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
