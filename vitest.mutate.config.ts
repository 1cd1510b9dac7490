import { defineConfig } from 'vitest/config';

/** The tests that mutations of domain and engine are tried on: fast ones, which need no process beside them. */
export default defineConfig({
  test: {
    include: [
      'test/unit/domain/**/*.test.ts',
      'test/unit/engine/**/*.test.ts',
      'test/unit/engine-gate/**/*.test.ts',
      'test/unit/actions/**/*.test.ts',
      'test/unit/systems/**/*.test.ts',
      'test/scenarios/after-wait.test.ts',
      'test/scenarios/incidents.test.ts',
    ],
    exclude: [
      'test/unit/domain/move-property.test.ts',
      'test/unit/domain/report*.test.ts',
      'test/unit/engine/present.test.ts',
      'test/unit/engine/reports.test.ts',
      'test/unit/systems/throttle-storm.test.ts',
    ],
    testTimeout: 60_000,
    maxWorkers: 1,
  },
});
