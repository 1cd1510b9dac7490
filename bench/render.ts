import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Figure } from './lib/figures.ts';
import { short } from './lib/stats.ts';
import { barPlot, linePlot } from './lib/svg.ts';

/** A result as it is kept. */
export interface Result {
  readonly name: string;
  readonly size: string;
  readonly at: string;
  readonly machine: string;
  readonly seconds: number;
  readonly figures: readonly Figure[];
  readonly raw: Readonly<Record<string, unknown>>;
}

const folder = join(import.meta.dirname, 'results');

/** Every result there is, by name. */
async function results(): Promise<readonly Result[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  return Promise.all(
    names.map(async (name): Promise<Result> => JSON.parse(await readFile(join(folder, name), 'utf8'))),
  );
}

function lineOf({ what, unit, ours, baseline, wanted }: Figure): string {
  const ratio = baseline ? `${short(ours / baseline.value)}×` : '';
  const beside = baseline ? `${baseline.what}: ${short(baseline.value)} ${unit}` : '';
  return `| ${what} | ${short(ours)} ${unit} | ${beside} | ${baseline?.value === 0 ? '' : ratio} | ${wanted ? `${wanted.text}: ${wanted.met ? 'yes' : '**no**'}` : ''} |`;
}

function tableOf({ name, size, at, machine, seconds, figures }: Result): string {
  const head = ['| what | Quell | beside it | ratio | wanted |', '| --- | ---: | --- | ---: | --- |'];
  const note = `_${at.slice(0, 16).replace('T', ' ')} UTC, size ${size}, ${Math.round(seconds)} s, ${machine}_`;
  return [`### ${name}`, '', note, '', ...head, ...figures.map(lineOf), ''].join('\n');
}

interface Rows {
  readonly rows: readonly Readonly<Record<string, number | string>>[];
}

async function plots(all: readonly Result[]): Promise<readonly string[]> {
  const rows = (name: string) => (all.find((one) => one.name === name)?.raw as Rows | undefined)?.rows ?? [];
  const drawn: (readonly [string, string])[] = [];
  const points = (list: Rows['rows'], x: string, y: string) =>
    list.map((row): [number, number] => [Number(row[x]), Number(row[y])]);
  const match = rows('match');
  if (match.length > 1)
    drawn.push([
      'match.svg',
      linePlot('One alert against more and more playbooks', { x: 'playbooks (10 for its rule)', y: 'µs' }, [
        { name: 'Quell', points: points(match, 'playbooks', 'ours') },
        { name: 'json-rules-engine', points: points(match, 'playbooks', 'theirs') },
      ]),
    ]);
  const growth = rows('growth');
  if (growth.length > 1)
    drawn.push([
      'growth.svg',
      linePlot('What an alert asks of the tables', { x: 'runs there already', y: 'ms' }, [
        { name: 'Quell', points: points(growth, 'there', 'ms') },
      ]),
    ]);
  const peers = rows('peers');
  if (peers.length > 1)
    drawn.push([
      'peers.svg',
      barPlot(
        'Processor time per alert, one step',
        'ms',
        peers.map((row): [string, number] => [String(row.name), Number(row.cpu)]),
      ),
    ]);
  for (const [name, text] of drawn) await writeFile(join(folder, name), text);
  return drawn.map(([name]) => name);
}

/** Writes the table and the plots of whatever has been measured. */
export async function render(): Promise<void> {
  const page = join(import.meta.dirname, 'README.md');
  const text = await readFile(page, 'utf8');
  const all = await results();
  const pictures = (await plots(all)).map((name) => `![${name.replace('.svg', '')}](results/${name})`);
  const [before] = text.split('<!-- figures -->');
  await writeFile(page, `${before}<!-- figures -->\n\n${[...all.map(tableOf), ...pictures].join('\n')}\n`);
}

if (import.meta.main) await render();
