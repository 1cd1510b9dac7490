import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Figure } from './lib/figures.ts';
import { keptResults, type Result, resultsFolder } from './lib/results.ts';
import { short } from './lib/stats.ts';
import { measures } from './measures.ts';
import { plotsOf } from './plots.ts';

const head = ['| what | Quell | beside it | ratio | wanted | reached |', '| --- | ---: | --- | ---: | --- | --- |'];

function lineOf({ what, unit, ours, baseline, wanted }: Figure): string {
  const { value } = baseline;
  const beside = value === null ? baseline.what : `${baseline.what}: ${short(value)} ${unit}`;
  const ratio = value === null || value === 0 ? '' : `${short(ours / value)}×`;
  const met = { true: 'yes', false: '**no**', null: '–', undefined: '' }[`${wanted?.met}`];
  return `| ${what} | ${short(ours)} ${unit} | ${beside} | ${ratio} | ${wanted?.text ?? ''} | ${met} |`;
}

function partOf({ name, size, at, machine, load, seconds, failed, figures }: Result): string {
  const when = `${at.slice(0, 16).replace('T', ' ')} UTC`;
  const note = `_${when}, size ${size}, ${Math.round(seconds)} s, ${machine}, load before ${short(load)}_`;
  const body = failed === null ? [...head, ...figures.map(lineOf)] : [`**failed**: ${failed.replaceAll('\n', ' ')}`];
  return [`### ${name}`, '', note, '', ...body, ''].join('\n');
}

/** Writes the table and the plots of whatever has been measured. */
export async function render(): Promise<void> {
  const page = join(import.meta.dirname, 'README.md');
  const text = await readFile(page, 'utf8');
  const all = await keptResults('full', Object.keys(measures));
  const plots = plotsOf(all);
  for (const { name, svg } of plots) await writeFile(join(resultsFolder('full'), `${name}.svg`), svg);
  const pictures = plots.map(({ name }) => `![${name}](results/${name}.svg)`);
  const [before] = text.split('<!-- figures -->');
  await writeFile(page, `${before}<!-- figures -->\n\n${[...all.map(partOf), ...pictures].join('\n')}\n`);
}

if (import.meta.main) await render();
