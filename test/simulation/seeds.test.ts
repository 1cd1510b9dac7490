import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { stackOf } from '../support/engine.ts';
import { allDone, seedJobs } from './crew.ts';
import { faultPoints } from './fault-points.ts';
import { invariants } from './invariants.ts';
import { trial } from './trial.ts';

test('10,000 seeds break no invariant, and pass every fault point', async () => {
  const { seeds, found, crashes, sends, points } = await allDone(seedJobs(1, 10_001, 2));
  expect(found.map(({ where, invariant, what }) => `npm run prove -- --${where}: ${invariant}: ${what}`)).toEqual([]);
  expect(seeds).toBe(10_000);
  // Reads for people and of pages are no part of the flow; nothing in it takes exclusions other than by a call.
  const notInTheFlow = faultPoints(stackOf([]).engine).filter((point) => (points[point] ?? 0) === 0);
  console.log({ seeds, crashes, sends, notInTheFlow });
}, 900_000);

test('the same seed does the same', async () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const [one, other] = [await trial(seed), await trial(seed)];
    expect(other.record.hash).toBe(one.record.hash);
    expect(other.record.steps).toBe(one.record.steps);
  }
  expect((await trial(1)).record.hash).not.toBe((await trial(2)).record.hash);
});

test('one command shows what happens in a seed', () => {
  const shown = execFileSync(process.execPath, ['test/simulation/prove.ts', '--seed', '3'], { encoding: 'utf8' });
  expect(shown).toContain('alert-received');
  expect(shown).toMatch(/seed 3: \d+ calls, \d+ crashes, hash \d+, 0 violations/);
});

test('every invariant of the list is checked', () => {
  const names = Object.keys(invariants).map((name) => /^i\d+/.exec(name)?.[0]);
  for (const number of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]) expect(names).toContain(`i${number}`);
});
