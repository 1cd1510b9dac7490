import { fork } from 'node:child_process';
import { resolve } from 'node:path';
import { type Job, type Portion, portionSchema } from './job-schema.ts';
import { added, nothing } from './jobs.ts';
import { checkStale, plant, uproot } from './plant.ts';
import type { Planted } from './planted.ts';

/**
 * Does a job in a process of its own, in `folder`, and adds up what comes of it.
 * @throws Error where the process fails
 */
export function done(job: Job, folder = '.', heard: (portion: Portion) => void = () => {}): Promise<Portion> {
  return new Promise((resolved, rejected) => {
    const child = fork(resolve(folder, 'test/simulation/worker.ts'), [JSON.stringify(job)], {
      cwd: resolve(folder),
      execArgv: [],
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
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
    child.on('exit', (code) =>
      code === 0 ? resolved(sum) : rejected(new Error(`${JSON.stringify(job)} failed: ${said}`)),
    );
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
  try {
    const { found, seeds } = await done({ job: 'seeds', from: 1, to: most + 1, step: 1, untilFound: true }, folder);
    const [first] = found;
    return first ? { bug: bug.name, seeds, by: first.invariant } : { bug: bug.name, seeds: null, by: null };
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
