import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { bundle, startBytes, totalBytes } from '../../infra/bundle.ts';
import { eventAbout } from '../lib/events.ts';
import { atMost, type Figure, type Measure } from '../lib/figures.ts';
import { median } from '../lib/stats.ts';
import { type BenchWorld, benchWorld } from '../lib/world.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');

interface Start {
  readonly entry: string;
  readonly authorization: string;
  readonly body: string;
  readonly answer: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** From starting the process until it has answered, in milliseconds. */
async function startMs({ entry, authorization, body, answer, environment }: Start): Promise<number> {
  const url = 'http://127.0.0.1/api/alerts/generic';
  const given = [join(root, 'bench/cold-runner.mjs'), entry, 'ingest-generic', url, authorization, body];
  const start = performance.now();
  const { stdout } = await run(process.execPath, given, { env: { ...process.env, ...environment }, timeout: 30_000 });
  const ms = performance.now() - start;
  if (!stdout.includes(answer)) throw new Error(`${entry} answered ${stdout}`);
  return ms;
}

/** The three ways to start, each without and with what was compiled before. */
async function startsOf(world: BenchWorld, entries: { readonly quell: string; readonly bare: string }, cache: string) {
  const plain = { ...world.stack.settings, ...world.stack.identity };
  const authorization = `Bearer ${await world.stack.token('max')}`;
  let n = 0;
  const event = () => {
    n += 1;
    return JSON.stringify(eventAbout(world.members.slice(n % 250, (n % 250) + 1), 'bench-one', `cold-${n}`));
  };
  const of = (environment: Start['environment']): Readonly<Record<string, () => Start>> => ({
    bare: () => ({ entry: entries.bare, authorization: '', body: '', answer: '202', environment }),
    refusal: () => ({ entry: entries.quell, authorization: '', body: '{}', answer: '401', environment }),
    acceptance: () => ({ entry: entries.quell, authorization, body: event(), answer: '202', environment }),
  });
  const compiled = Object.entries(of({ ...plain, NODE_COMPILE_CACHE: cache }));
  return { ...of(plain), ...Object.fromEntries(compiled.map(([name, start]) => [`${name}, compiled before`, start])) };
}

/** Round about, so that all meet the same noise. @returns milliseconds by name */
async function rounds(starts: Readonly<Record<string, () => Start>>, count: number) {
  const took: Record<string, number[]> = Object.fromEntries(Object.keys(starts).map((name) => [name, []]));
  for (let round = 0; round <= count; round += 1)
    // Every other round the other way round, so that nobody always comes after the slowest.
    for (const [name, start] of round % 2 === 0 ? Object.entries(starts) : Object.entries(starts).toReversed()) {
      const ms = await startMs(start());
      // The first round writes the compile cache and warms the disk.
      if (round > 0) took[name]?.push(ms);
    }
  return took;
}

function megabytesOf(metafile: Awaited<ReturnType<typeof bundle>>, outfile: string) {
  return { start: startBytes(metafile, outfile) / 1_000_000, all: totalBytes(metafile) / 1_000_000 };
}

/** Start to first answer and size, against an app that has nothing but the library. */
export const measureCold: Measure = async (size) => {
  await mkdir(join(root, '.local'), { recursive: true });
  // Inside the project: the module of the worker is found from here.
  const folder = await mkdtemp(join(root, '.local/cold-'));
  const world = await benchWorld(250);
  try {
    const entries = { quell: join(folder, 'quell/quell.mjs'), bare: join(folder, 'bare/bare.mjs') };
    const ours = megabytesOf(await bundle(join(root, 'functions/main.ts'), entries.quell), entries.quell);
    const bare = megabytesOf(await bundle(join(root, 'bench/apps/bare.ts'), entries.bare), entries.bare);
    const starts = await startsOf(world, entries, join(folder, 'compiled'));
    const took = await rounds(starts, size === 'full' ? 11 : 3);
    const ms = (name: string) => median(took[name] ?? []);
    const beside = (name: string, of: string): Figure => ({
      what: `start to first ${name}`,
      unit: 'ms',
      ours: ms(name),
      baseline: { what: `only @azure/functions${of.slice('bare'.length)}`, value: ms(of) },
      wanted: atMost(1.25, ms(name), ms(of)),
    });
    const bytes = (what: string, key: 'start' | 'all', most: number): Figure => ({
      what,
      unit: 'MB',
      ours: ours[key],
      baseline: { what: 'only @azure/functions', value: bare[key] },
      wanted: { text: `≤ ${most} MB`, met: ours[key] <= most },
    });
    return {
      figures: [
        beside('refusal', 'bare'),
        beside('refusal, compiled before', 'bare, compiled before'),
        beside('acceptance', 'bare'),
        beside('acceptance, compiled before', 'bare, compiled before'),
        bytes('loaded at start', 'start', 1.5),
        bytes('the whole package', 'all', 4),
      ],
      raw: { took, bytes: { ours, bare } },
    };
  } finally {
    await world.stop();
    await rm(folder, { recursive: true, force: true });
  }
};
