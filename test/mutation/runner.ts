import { readFileSync, writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { MutantCoverage } from '@stryker-mutator/api/core';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  type DryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  type TestResult,
  type TestRunner,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import { type Outcome, runCases, upTo } from './running.ts';
import { type Case, collect } from './suite.ts';
import { testFiles } from './tests.ts';

/** What the changed code and its runner share. */
interface Shared {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  hitCount?: number;
  hitLimit?: number | undefined;
  mutantCoverage?: MutantCoverage;
}
const shared: Shared = {};
Object.assign(globalThis, { __stryker__: shared });

/** What so much computing (microseconds) does not notice counts as not noticed: a mutation is not worth every test there is. */
const enough = 1_000_000;

/** How long each test takes: written by the first process, read by those that come after it. */
const timesFile = 'times.json';

const suite = new URL('./suite.ts', import.meta.url).href;

/** Test files get `suite.ts` for vitest; what vitest loads itself does not. */
function standInForVitest(): void {
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'vitest' && context.parentURL !== suite && !context.parentURL?.includes('/node_modules/')
        ? { url: suite, shortCircuit: true }
        : next(specifier, context),
  });
}

/**
 * Tries mutations in a process that has loaded all tests once, where vitest would load them anew for each: some hundred in a minute
 * for each one. What one of them leaves behind must not count against the next: a test that fails is run again without the mutation,
 * and where it fails then too, the process is given up and the mutation tried in a new one.
 */
class InOneProcess implements TestRunner {
  #cases: readonly Case[] = [];
  #times: ReadonlyMap<string, number> | null = null;
  #tried = 0;
  #spoilt = false;

  capabilities() {
    // Only mutations that run in a test are tried, so nothing has ever to be loaded again.
    return { reloadEnvironment: true };
  }

  async init(): Promise<void> {
    standInForVitest();
    for (const path of testFiles()) {
      const cases = await collect(path, () => import(pathToFileURL(resolve(path)).href));
      this.#cases = [...this.#cases, ...cases];
    }
  }

  async dryRun(): Promise<DryRunResult> {
    const tests: TestResult[] = [];
    await runCases(this.#cases, {
      begins: (id) => {
        shared.currentTestId = id;
      },
      ended: (outcome) => tests.push(resultOf(outcome)) > 0,
    });
    shared.currentTestId = undefined;
    writeFileSync(timesFile, JSON.stringify(tests.map(({ id, timeSpentMs }) => [id, timeSpentMs])));
    return { status: DryRunStatus.Complete, tests, mutantCoverage: this.#coverage() };
  }

  /** What is done once before several tests counts for each of them. */
  #coverage(): MutantCoverage {
    const { static: loading, perTest } = shared.mutantCoverage ?? { static: {}, perTest: {} };
    const ofCase = ({ id, group }: Case) => {
      const sum: Record<string, number> = {};
      for (const part of [id, ...upTo(group).map((outer) => outer.id)])
        for (const [mutant, hits] of Object.entries(perTest[part] ?? {})) sum[mutant] = (sum[mutant] ?? 0) + hits;
      return sum;
    };
    return { static: loading, perTest: Object.fromEntries(this.#cases.map((given) => [given.id, ofCase(given)])) };
  }

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    if (this.#spoilt) throw new Error('a mutation before this one spoilt the process');
    this.#tried += 1;
    const tests = await this.#withMutant(options);
    const failed = tests.find(({ status }) => status === TestStatus.Failed);
    if (failed && (await this.#failsAnyhow(failed.id))) {
      this.#spoilt = true;
      if (this.#tried > 1) throw new Error(`${failed.id} fails without the mutation too`);
    }
    const looped = determineHitLimitReached(shared.hitCount, shared.hitLimit);
    return toMutantRunResult(looped ?? { status: DryRunStatus.Complete, tests: [...tests] });
  }

  async #withMutant(options: MutantRunOptions): Promise<readonly TestResult[]> {
    // Stryker allows a hundred times the hits of all tests together, which takes a loop minutes.
    const hitLimit = options.hitLimit && options.hitLimit / 10;
    const tests: TestResult[] = [];
    const started = process.cpuUsage();
    Object.assign(shared, { activeMutant: options.activeMutant.id, hitCount: 0, hitLimit });
    await runCases(this.#covering(options), {
      ended: (outcome) => {
        tests.push(resultOf(outcome));
        const { user, system } = process.cpuUsage(started);
        return outcome.failure === null && user + system < enough;
      },
    });
    shared.activeMutant = undefined;
    return tests;
  }

  /** File by file: that of the same name first, then those that take the least time. */
  #covering({ testFilter, activeMutant }: MutantRunOptions): readonly Case[] {
    this.#times ??= new Map<string, number>(JSON.parse(readFileSync(timesFile, 'utf8')));
    const wanted = new Set(testFilter);
    const named = `${basename(activeMutant.fileName, '.ts')}.test.ts`;
    const byFile = Map.groupBy(
      this.#cases.filter(({ id }) => wanted.has(id)),
      ({ file }) => file,
    );
    const ms = ({ id }: Case) => this.#times?.get(id) ?? 0;
    const cost = (file: string, cases: readonly Case[]) =>
      basename(file) === named ? 0 : cases.reduce((sum, one) => sum + ms(one), 0);
    return [...byFile]
      .map(([file, cases]) => ({ cases, cost: cost(file, cases) }))
      .sort((one, other) => one.cost - other.cost)
      .flatMap(({ cases }) => (cases.some(isPrepared) ? cases : cases.sort((one, other) => ms(one) - ms(other))));
  }

  async #failsAnyhow(id: string): Promise<boolean> {
    let failure: string | null = null;
    await runCases(
      this.#cases.filter((given) => given.id === id),
      {
        ended: (outcome) => {
          failure = outcome.failure;
          return true;
        },
      },
    );
    return failure !== null;
  }
}

/** Is something done once before the test, and others? Then they stay together. */
const isPrepared = ({ group }: Case): boolean =>
  upTo(group).some(({ before, after }) => before.length + after.length > 0);

function resultOf({ id, ms, failure }: Outcome): TestResult {
  const told = { id, name: id, timeSpentMs: ms };
  return failure === null
    ? { ...told, status: TestStatus.Success }
    : { ...told, status: TestStatus.Failed, failureMessage: failure };
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'in-one-process', InOneProcess)];
