import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { bundle, startBytes, totalBytes } from '../../infra/bundle.ts';
import type { Figure, Measure } from '../lib/figures.ts';
import { median } from '../lib/stats.ts';
import { benchWorld } from '../lib/world.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
const megabytes = (bytes: number): number => bytes / 1_000_000;

interface Start {
  readonly entry: string;
  readonly authorization: string;
  readonly body: string;
  readonly answer: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** From starting the process until it has answered, in milliseconds. */
async function startMs({ entry, authorization, body, answer, environment }: Start): Promise<number> {
  const given = [
    join(root, 'bench/cold-runner.mjs'),
    entry,
    'ingest-generic',
    'http://127.0.0.1/api/alerts/generic',
    authorization,
    body,
  ];
  const start = performance.now();
  const { stdout } = await run(process.execPath, given, { env: { ...process.env, ...environment } });
  const ms = performance.now() - start;
  if (!stdout.includes(answer)) throw new Error(`${entry} answered ${stdout}`);
  return ms;
}

/** Start to first answer and size, against an app that has nothing but the library; round about, so that both meet the same noise. */
export const measureCold: Measure = async (size) => {
  await mkdir(join(root, '.local'), { recursive: true });
  // Inside the project: the module of the worker is found from here.
  const folder = await mkdtemp(join(root, '.local/cold-'));
  const world = await benchWorld(300);
  try {
    const [quell, bare] = [join(folder, 'quell/quell.mjs'), join(folder, 'bare/bare.mjs')];
    const metafile = await bundle(join(root, 'functions/main.ts'), quell);
    await bundle(join(root, 'bench/apps/bare.ts'), bare);
    const environment = { ...world.stack.settings, ...world.stack.identity };
    const cached = { ...environment, NODE_COMPILE_CACHE: join(folder, 'compiled') };
    const authorization = `Bearer ${await world.stack.token('max')}`;
    let n = 0;
    const event = () => {
      n += 1;
      const data = {
        ruleName: 'bench-one',
        title: `cold ${n}`,
        system: { type: 'azure', id: world.members[n]?.subscription },
        nominations: [{ kind: 'user', by: 'id', value: world.members[n]?.id }],
        identityCount: 1,
      };
      return JSON.stringify({
        specversion: '1.0',
        type: 'quell.alert.v1',
        source: 'urn:quell:bench',
        id: `cold-${n}`,
        time: '2026-11-01T08:00:00Z',
        datacontenttype: 'application/json',
        data,
      });
    };
    const starts: Readonly<Record<string, () => Start>> = {
      bare: () => ({ entry: bare, authorization: '', body: '', answer: '202', environment }),
      'bare, compiled before': () => ({ entry: bare, authorization: '', body: '', answer: '202', environment: cached }),
      refusal: () => ({ entry: quell, authorization: '', body: '{}', answer: '401', environment }),
      'refusal, compiled before': () => ({
        entry: quell,
        authorization: '',
        body: '{}',
        answer: '401',
        environment: cached,
      }),
      acceptance: () => ({ entry: quell, authorization, body: event(), answer: '202', environment }),
      'acceptance, compiled before': () => ({
        entry: quell,
        authorization,
        body: event(),
        answer: '202',
        environment: cached,
      }),
    };
    const took: Record<string, number[]> = Object.fromEntries(Object.keys(starts).map((name) => [name, []]));
    for (let round = 0; round <= (size === 'full' ? 15 : 4); round += 1)
      // Every other round the other way round, so that nobody always comes after the slowest.
      for (const [name, start] of round % 2 === 0 ? Object.entries(starts) : Object.entries(starts).toReversed()) {
        const ms = await startMs(start());
        // The first round writes the compile cache and warms the disk.
        if (round > 0) took[name]?.push(ms);
      }
    const ms = (name: string) => median(took[name] ?? []);
    const beside = (name: string, of: string): Figure => ({
      what: `start to first ${name}`,
      unit: 'ms',
      ours: ms(name),
      baseline: { what: of === 'bare' ? 'only @azure/functions' : 'the same, compiled before', value: ms(of) },
      wanted: { text: '≤ 1.25×', met: ms(name) <= 1.25 * ms(of) },
    });
    const bytes = { start: megabytes(startBytes(metafile, quell)), all: megabytes(totalBytes(metafile)) };
    return {
      figures: [
        beside('refusal', 'bare'),
        beside('refusal, compiled before', 'bare, compiled before'),
        beside('acceptance', 'bare'),
        beside('acceptance, compiled before', 'bare, compiled before'),
        {
          what: 'loaded at start',
          unit: 'MB',
          ours: bytes.start,
          baseline: null,
          wanted: { text: '≤ 1.5 MB', met: bytes.start <= 1.5 },
        },
        {
          what: 'the whole package',
          unit: 'MB',
          ours: bytes.all,
          baseline: null,
          wanted: { text: '≤ 4 MB', met: bytes.all <= 4 },
        },
      ],
      raw: { took, bytes },
    };
  } finally {
    await world.stop();
    await rm(folder, { recursive: true, force: true });
  }
};
