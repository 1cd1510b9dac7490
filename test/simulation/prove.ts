import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { allDone, huntAll, seedJobs } from './crew.ts';
import type { Job, Portion } from './job-schema.ts';
import { plantedBugs } from './planted.ts';
import { trial } from './trial.ts';

const report = 'out/prove.json';
const usage = `npm run prove -- [--seed N | --seeds N | --crashes | --pairs | --planted] [--from N] [--workers N] [--most N]

  --seed N     runs one seed, and prints everything that happens in it
  --seeds N    runs so many seeds (from --from on, 1 unless said otherwise)
  --crashes    kills the process at every fault point of every life of every shipped playbook
  --pairs      the same at pairs of fault points (--most of each life, all unless said otherwise)
  --planted    plants every bug of planted.yaml and looks for it in at most --most seeds (10,000)

Without any of them: 10,000 seeds, and all of the rest. Figures go to ${report}.`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string' },
    from: { type: 'string', default: '1' },
    workers: { type: 'string', default: '2' },
    most: { type: 'string' },
    crashes: { type: 'boolean', default: false },
    pairs: { type: 'boolean', default: false },
    planted: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const workers = number('workers', values.workers);
const one = values.seeds !== undefined || values.crashes || values.pairs || values.planted;

if (values.help) console.log(usage);
else if (values.seed !== undefined) await replay(number('seed', values.seed));
else {
  if (!one || values.seeds !== undefined) await seeds(number('seeds', values.seeds ?? '10000'));
  if (!one || values.crashes)
    await lives(
      'crashes',
      parts((part) => ({ job: 'crashes', ...part })),
    );
  const most = number('most', values.most ?? '1000000');
  if (!one || values.pairs)
    await lives(
      'pairs',
      parts((part) => ({ job: 'pairs', ...part, most })),
    );
  if (!one || values.planted) await planted(number('most', values.most ?? '10000'));
}

function number(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`--${name} is a number, not ${text}\n\n${usage}`);
}

function parts(jobOf: (part: { part: number; parts: number }) => Job): Job[] {
  // More parts than processes would start more processes at once; lives are dealt out in turn, which is even enough.
  return Array.from({ length: workers }, (_, part) => jobOf({ part, parts: workers }));
}

async function replay(seed: number): Promise<void> {
  const { record, violations } = await trial(seed, true);
  console.log(record.lines?.join('\n'));
  console.log(
    `seed ${seed}: ${record.steps} calls, ${record.crashes} crashes, hash ${record.hash}, ${violations.length} violations`,
  );
  if (violations.length > 0) process.exitCode = 1;
}

async function seeds(count: number): Promise<void> {
  const from = number('from', values.from);
  const started = performance.now();
  let done = 0;
  const sum = await allDone(seedJobs(from, from + count, workers), (portion) => {
    done += portion.seeds;
    const rate = Math.round((done / (performance.now() - started)) * 1000);
    process.stderr.write(`\r${done} of ${count} seeds, ${rate} each second `);
  });
  process.stderr.write('\n');
  const rates = { ...ratesOf(sum.seeds, sum, started), faultPoints: Object.keys(sum.points).length };
  const { steps, crashes, sends } = sum;
  tell('seeds', { seeds: sum.seeds, from, calls: steps, crashes, sends, ...rates }, sum);
}

async function lives(name: string, jobs: readonly Job[]): Promise<void> {
  const started = performance.now();
  const sum = await allDone(jobs, ({ cuts }) => void process.stderr.write(`\r${name}: ${cuts} lives cut off `));
  process.stderr.write('\n');
  const points = Object.values(sum.points).reduce((total, count) => total + count, 0);
  tell(name, { cutOff: sum.cuts, ...(points > 0 ? { points } : {}), ...ratesOf(sum.cuts, sum, started) }, sum);
}

function ratesOf(count: number, { seconds }: Portion, started: number) {
  const wall = (performance.now() - started) / 1000;
  return {
    wallSeconds: Math.round(wall),
    processorSeconds: Math.round(seconds),
    perProcessorSecond: Math.round(count / seconds),
  };
}

async function planted(most: number): Promise<void> {
  const caught = await huntAll(plantedBugs(), most, workers, ({ bug, seeds }) =>
    console.error(`${seeds ?? 'NOT FOUND'}  ${bug}`),
  );
  const inOrder = [...caught].sort((a, b) => (a.seeds ?? Infinity) - (b.seeds ?? Infinity));
  for (const { bug, seeds, by } of inOrder) console.log(`${String(seeds ?? 'NOT FOUND').padStart(9)}  ${bug}  (${by})`);
  const median = inOrder[Math.floor(inOrder.length / 2)]?.seeds ?? null;
  const missed = inOrder.filter(({ seeds: found }) => found === null).map(({ bug }) => bug);
  keep('planted', { bugs: caught.length, caught: caught.length - missed.length, most, median, each: inOrder });
  if (missed.length > 0) process.exitCode = 1;
}

/** Prints and keeps the figures; where something did not hold, prints the first of it and what repeats it. */
function tell(name: string, figures: object, { found }: Portion): void {
  const violations = found.length;
  const firsts = found.filter(({ where }, at) => found.findIndex((one) => one.where === where) === at);
  for (const { where, invariant, what } of firsts.slice(0, 50)) {
    console.log(`${where}: ${invariant}: ${what}`);
    if (where.startsWith('seed ')) console.log(`  npm run prove -- --${where}`);
  }
  if (violations > 0) process.exitCode = 1;
  keep(name, { ...figures, violations, places: firsts.length, found: firsts.slice(0, 100) });
}

function keep(name: string, figures: object): void {
  const before: unknown = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {};
  mkdirSync('out', { recursive: true });
  writeFileSync(report, `${JSON.stringify({ ...Object(before), [name]: figures }, null, 2)}\n`);
  const { each: _each, found: _found, ...shown } = { each: null, found: null, ...figures };
  console.log(name, JSON.stringify(shown));
}
