import type { Effect } from './fiber.ts';
import type { Job, Portion } from './job-schema.ts';
import { type Life, lifeInWords, live, lives, stepsOf } from './life.ts';
import { trial } from './trial.ts';

export const nothing: Portion = {
  seeds: 0,
  cuts: 0,
  crashes: 0,
  steps: 0,
  sends: 0,
  found: [],
  points: {},
  seconds: 0,
};

export function added(one: Portion, other: Portion): Portion {
  const points: { [point: string]: number } = { ...one.points };
  for (const [point, count] of Object.entries(other.points)) points[point] = (points[point] ?? 0) + count;
  return {
    seeds: one.seeds + other.seeds,
    cuts: one.cuts + other.cuts,
    crashes: one.crashes + other.crashes,
    steps: one.steps + other.steps,
    sends: one.sends + other.sends,
    found: [...one.found, ...other.found],
    points,
    seconds: one.seconds + other.seconds,
  };
}

/** Does a job, portion by portion. */
export async function* work(job: Job): AsyncGenerator<Portion> {
  if (job.job === 'seeds') yield* seeds(job);
  else if (job.job === 'crashes') yield* crashes(job);
  else yield* pairs(job);
}

const portion = 250;

async function* seeds({ from, to, step, untilFound }: Extract<Job, { job: 'seeds' }>): AsyncGenerator<Portion> {
  for (let begin = from; begin < to; begin += portion * step) {
    const before = process.cpuUsage();
    let sum = nothing;
    for (let seed = begin; seed < Math.min(to, begin + portion * step); seed += step) {
      sum = added(sum, await portionOf(seed));
      if (untilFound && sum.found.length > 0) break;
    }
    yield { ...sum, seconds: secondsSince(before) };
    if (untilFound && sum.found.length > 0) return;
  }
}

/** What the engine makes the harness itself stumble over is found as well. */
async function portionOf(seed: number): Promise<Portion> {
  try {
    return await counted(seed);
  } catch (error) {
    return {
      ...nothing,
      seeds: 1,
      found: [{ invariant: 'i0NothingUnforeseen', what: String(error), where: `seed ${seed}` }],
    };
  }
}

async function counted(seed: number): Promise<Portion> {
  const { violations, record } = await trial(seed);
  const points: { [point: string]: number } = {};
  for (const [name, count] of record.fates) {
    const point = name.slice(0, name.indexOf(' '));
    points[point] = (points[point] ?? 0) + count;
  }
  const found = violations.map((one) => ({ ...one, where: `seed ${seed}` }));
  const { crashes: died, steps, sends } = record;
  return { ...nothing, seeds: 1, crashes: died, steps, sends: sends.length, found, points };
}

async function* crashes({ part, parts }: Extract<Job, { job: 'crashes' }>): AsyncGenerator<Portion> {
  for (const life of lives().filter((_, index) => index % parts === part)) {
    const before = process.cpuUsage();
    const calm = await live(life, new Map(), false);
    let sum = { ...nothing, found: calm.violations.map((one) => ({ ...one, where: `${lifeInWords(life)}, calm` })) };
    for (const [index, point] of calm.points.entries())
      for (const effect of effectsAt(point))
        sum = { ...added(sum, await cut(life, new Map([[index + 1, effect]]), calm.outline)) };
    yield { ...sum, points: countOf(calm.points), seconds: secondsSince(before) };
  }
}

/** A call that the process dies of never happened, happened, or happens later. */
function effectsAt(point: string): readonly Effect[] {
  return point === 'effects.send' ? ['none', 'before', { lateMs: 5000 }] : ['none', 'before'];
}

async function* pairs({ part, parts, most }: Extract<Job, { job: 'pairs' }>): AsyncGenerator<Portion> {
  const short = lives().filter((life) => stepsOf(life) <= 4);
  for (const life of short.filter((_, index) => index % parts === part)) {
    const before = process.cpuUsage();
    const calm = await live(life, new Map(), false);
    let sum = nothing;
    for (const [first, second] of pairsOf(calm.points.length, most))
      for (const [one, other] of [
        ['none', 'before'],
        ['before', 'none'],
      ] as const)
        sum = added(
          sum,
          await cut(
            life,
            new Map([
              [first, one],
              [second, other],
            ]),
            calm.outline,
          ),
        );
    yield { ...sum, seconds: secondsSince(before) };
  }
}

/** Pairs of calls, the second after the first and as far behind the end as whoever comes next has calls; spread evenly where there are more than `most`. */
function pairsOf(calls: number, most: number): [number, number][] {
  const all: [number, number][] = [];
  for (let first = 1; first <= calls; first += 1)
    for (let second = first + 1; second <= calls + 10; second += 1) all.push([first, second]);
  const every = Math.max(1, all.length / most);
  return all.filter((_, index) => Math.floor(index / every) !== Math.floor((index - 1) / every));
}

/** Lives a life cut off once or more: it ends like the calm one, and nothing is lost, doubled or missing. */
async function cut(life: Life, at: ReadonlyMap<number, Effect>, calm: string): Promise<Portion> {
  const [first = 0] = at.keys();
  const lived = await live(life, at, first % 2 === 0);
  const where = `${lifeInWords(life)}, cut off at ${JSON.stringify([...at])}`;
  const other =
    lived.outline === calm ? [] : [{ invariant: 'ends like the calm one', what: `${lived.outline} and not ${calm}` }];
  const found = [...lived.violations, ...other].map((one) => ({ ...one, where }));
  return { ...nothing, cuts: 1, crashes: lived.crashes, found };
}

function countOf(points: readonly string[]): { [point: string]: number } {
  const counts: { [point: string]: number } = {};
  for (const point of points) counts[point] = (counts[point] ?? 0) + 1;
  return counts;
}

function secondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
