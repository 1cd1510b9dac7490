import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Prints the figures and keeps them as JSON. */
export async function writeFigures(file: string, figures: Readonly<Record<string, number>>): Promise<void> {
  for (const [name, value] of Object.entries(figures)) console.log(`${name.padEnd(16)}${value}`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(figures, null, 2)}\n`);
}
