import { fork } from 'node:child_process';
import { resolve } from 'node:path';
import { type Job, type Portion, portionSchema } from './job-schema.ts';
import { added, nothing } from './jobs.ts';
import { checkStale, plant, uproot } from './plant.ts';
import type { Planted } from './planted.ts';

/** How long a bug is looked for, in milliseconds: one that makes the engine go round for ever is found by that. */
const patienceMs = 60_000;

/** A process that did not end in time. */
class Hung extends Error {}

/**
 * Does a job in a process of its own, in `folder`, and adds up what comes of it.
 * @param limitMs how long it may take; 0: as long as it wants
 * @throws Hung where it takes longer, Error where the process fails
 */
export function done(
  job: Job,
  folder = '.',
  heard: (portion: Portion) => void = () => {},
  limitMs = 0,
): Promise<Portion> {
  return new Promise((resolved, rejected) => {
    const child = fork(resolve(folder, 'test/simulation/worker.ts'), [JSON.stringify(job)], {
      cwd: resolve(folder),
      execArgv: [],
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
      timeout: limitMs,
      killSignal: 'SIGKILL',
    });
    let [sum, said] = [nothing, ''];
    child.stderr?.on('data', (text) => {
      said += String(text);
    });
    child.on('message', (message) => {
      const portion = portionSchema.parse(message);
      sum = added(sum, portion);
      heard(portion);
    });
    // What it told last may come after it is gone: all has been heard when the channel is closed as well.
    const heardAll = new Promise((closed) => child.on('disconnect', closed));
    child.on('exit', async (code, signal) => {
      await heardAll;
      if (code === 0) resolved(sum);
      else if (signal === 'SIGKILL' && limitMs > 0) rejected(new Hung(`${JSON.stringify(job)} did not end`));
      else rejected(new Error(`${JSON.stringify(job)} failed: ${said}`));
    });
  });
}

/** Does jobs side by side, and adds up what comes of them. */
export async function allDone(jobs: readonly Job[], heard?: (portion: Portion) => void): Promise<Portion> {
  const portions = await Promise.all(jobs.map((job) => done(job, '.', heard)));
  return portions.reduce(added, nothing);
}

/** Seeds shared out among so many processes. */
export function seedJobs(from: number, to: number, workers: number): Job[] {
  return Array.from({ length: workers }, (_, index) => ({
    job: 'seeds',
    ...{ from: from + index, to, step: workers, untilFound: false },
  }));
}

export interface Caught {
  readonly bug: string;
  /** How many seeds it took; null where none found it. */
  readonly seeds: number | null;
  readonly by: string | null;
}

/** Plants a bug and looks for it, from the first seed on, in at most so many. */
export async function hunt(bug: Planted, most: number): Promise<Caught> {
  const folder = plant(bug);
  const limitMs = patienceMs + most * 100;
  let looked = 0;
  const heard = ({ seeds }: Portion) => {
    looked += seeds;
  };
  try {
    const job = { job: 'seeds', from: 1, to: most + 1, step: 1, untilFound: true } as const;
    const { found, seeds } = await done(job, folder, heard, limitMs);
    const [first] = found;
    return first ? { bug: bug.name, seeds, by: first.invariant } : { bug: bug.name, seeds: null, by: null };
  } catch (error) {
    if (error instanceof Hung) return { bug: bug.name, seeds: looked + 1, by: 'it goes round for ever' };
    throw error;
  } finally {
    uproot(folder);
  }
}

/** Looks for all of them, so many at once. @throws Error before anything is begun, where one is stale */
export async function huntAll(
  bugs: readonly Planted[],
  most: number,
  workers: number,
  heard: (caught: Caught) => void = () => {},
): Promise<Caught[]> {
  for (const bug of bugs) checkStale(bug);
  const waiting = [...bugs];
  const caught: Caught[] = [];
  const hunter = async () => {
    for (let bug = waiting.shift(); bug; bug = waiting.shift()) {
      const one = await hunt(bug, most);
      heard(one);
      caught.push(one);
    }
  };
  await Promise.all(Array.from({ length: workers }, hunter));
  return caught;
}
