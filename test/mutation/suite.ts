import { expect } from 'vitest';

/**
 * What test files import as `vitest` while mutations are tried (see `runner.ts`): the same words, but the tests are kept, so that any
 * of them can be run as often as wished in a process that has loaded everything once. `expect` is vitest's own.
 */
export { expect };

type Work = (...row: unknown[]) => unknown;

/** A `describe`, or a file: what is done around the tests in it. */
export interface Group {
  readonly id: string;
  readonly name: string;
  readonly parent: Group | null;
  readonly before: Work[];
  readonly after: Work[];
  readonly beforeEach: Work[];
  readonly afterEach: Work[];
}

export interface Case {
  readonly id: string;
  readonly file: string;
  readonly group: Group;
  readonly work: Work;
}

let groups = 0;
const groupOf = (name: string, parent: Group | null): Group => {
  groups += 1;
  return { id: `group ${groups}`, name, parent, before: [], after: [], beforeEach: [], afterEach: [] };
};

const kept: Case[] = [];
let file = '';
let group = groupOf('', null);

/** Runs the body of a test file, by loading it, and returns the tests in it. */
export async function collect(path: string, load: () => Promise<unknown>): Promise<readonly Case[]> {
  const from = kept.length;
  file = path;
  group = groupOf('', null);
  await load();
  return kept.slice(from);
}

const pathOf = (of: Group): string => (of.parent ? `${pathOf(of.parent)}${of.name} > ` : '');
/** The number keeps names apart that a table gives to several tests. */
const idOf = (name: string) => `${file}#${kept.length} ${pathOf(group)}${name}`;

/** With a timeout or options before or after the work: both are for vitest. */
const workAmong = (rest: readonly unknown[]): Work => {
  const work = rest.find((given): given is Work => typeof given === 'function');
  if (!work) throw new Error(`there is nothing to do in a test of ${file}`);
  return work;
};

const rowOf = (row: unknown): unknown[] => (Array.isArray(row) ? row : [row]);

function one(name: string, ...rest: readonly unknown[]): void {
  kept.push({ id: idOf(name), file, group, work: workAmong(rest) });
}

function several(name: string, ...rest: readonly unknown[]): void {
  const outer = group;
  group = groupOf(name, outer);
  try {
    workAmong(rest)();
  } finally {
    group = outer;
  }
}

type Word = (name: string, ...rest: readonly unknown[]) => void;
const withEach = (word: Word) =>
  Object.assign(word, {
    each:
      (table: readonly unknown[]): Word =>
      (name, ...rest) => {
        for (const row of table) word(name, () => workAmong(rest)(...rowOf(row)));
      },
  });

export const test = withEach(one);
export const it = test;
export const describe = withEach(several);
export const beforeAll = (work: Work) => void group.before.push(work);
export const afterAll = (work: Work) => void group.after.push(work);
export const beforeEach = (work: Work) => void group.beforeEach.push(work);
export const afterEach = (work: Work) => void group.afterEach.push(work);
