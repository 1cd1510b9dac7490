import { globSync } from 'node:fs';

/** The tests that mutations are tried on: those that need no process or storage beside them. */
const tried = [
  'test/unit/**/*.test.ts',
  'test/checks/{playbooks,queries,reports}.test.ts',
  'test/scenarios/{after-wait,approval-page,bypass,forgery-actor,forgery-state,forgery-teams,incidents}.test.ts',
];

/** Slow and in the way of the others, or with a clock that only vitest can set. */
const leftOut: readonly string[] = [
  'test/unit/engine-replay/explain-many.test.ts',
  'test/unit/systems/throttle-storm.test.ts',
  'test/unit/systems/token.test.ts',
  'test/unit/telemetry/export.test.ts',
];

/** Paths of the test files, sorted. */
export const testFiles = (): readonly string[] =>
  globSync(tried)
    .filter((path) => !leftOut.includes(path))
    .sort();
