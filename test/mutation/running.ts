import type { Case, Group } from './suite.ts';

export interface Outcome {
  readonly id: string;
  readonly ms: number;
  /** null: passed. */
  readonly failure: string | null;
}

/** A group and those that it is in, the outermost first. */
export const upTo = (group: Group | null): readonly Group[] => (group ? [...upTo(group.parent), group] : []);

export interface Listener {
  /** What runs now belongs to this: a test, or the group whose `beforeAll` or `afterAll` it is. */
  readonly begins?: (id: string) => void;
  /** Whether to go on. */
  readonly ended: (outcome: Outcome) => boolean;
}

/** Runs tests one after the other, with what is to be done around them. */
export async function runCases(cases: readonly Case[], { begins = () => {}, ended }: Listener): Promise<void> {
  let inside: readonly Group[] = [];
  const change = async (to: readonly Group[]) => {
    const from = inside;
    inside = to;
    for (const group of from.filter((left) => !to.includes(left)).reverse()) await around(group, group.after);
    for (const group of to.filter((entered) => !from.includes(entered))) await around(group, group.before);
  };
  const around = async (group: Group, works: Group['before']) => {
    begins(group.id);
    await inTurn(works);
  };
  for (const given of cases) {
    const started = performance.now();
    const failure = await failureOf(async () => {
      await change(upTo(given.group));
      begins(given.id);
      await runOne(given, upTo(given.group));
    });
    if (!ended({ id: given.id, ms: performance.now() - started, failure })) break;
  }
  await failureOf(() => change([]));
}

async function runOne(given: Case, around: readonly Group[]): Promise<void> {
  try {
    for (const group of around) await inTurn(group.beforeEach);
    await given.work();
  } finally {
    for (const group of [...around].reverse()) await inTurn(group.afterEach);
  }
}

async function inTurn(works: readonly (() => unknown)[]): Promise<void> {
  for (const work of works) await work();
}

/** What a test throws, and what is rejected or thrown meanwhile where nobody catches it: vitest fails on both. */
async function failureOf(work: () => Promise<void>): Promise<string | null> {
  let loose: string | null = null;
  const listener = (error: unknown) => {
    loose ??= textOf(error);
  };
  process.on('uncaughtException', listener).on('unhandledRejection', listener);
  try {
    await work();
    await new Promise(setImmediate);
    return loose;
  } catch (error) {
    return textOf(error);
  } finally {
    process.off('uncaughtException', listener).off('unhandledRejection', listener);
  }
}

const textOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
