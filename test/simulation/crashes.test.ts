import { expect, test } from 'vitest';
import { allDone } from './crew.ts';
import { lives } from './life.ts';
import { shipped } from './scene.ts';

test('there is a life for each playbook in each mode, with every answer', () => {
  const all = lives();
  for (const { name } of shipped)
    for (const mode of ['observe', 'approve', 'enforce'])
      expect(all.some((life) => life.playbook === name && life.mode === mode)).toBe(true);
  for (const { name, choices } of shipped)
    for (const choice of Object.keys(choices)) {
      const asked = all.filter((one) => one.playbook === name && one.mode === 'approve');
      expect(asked.some(({ answer }) => typeof answer !== 'string' && answer.choice === choice)).toBe(true);
      expect(asked.filter(({ answer }) => answer === 'reject' || answer === 'expire')).toHaveLength(2);
    }
});

test('killed at every fault point of every life, it ends as if it had not been', async () => {
  const parts = 2;
  const jobs = Array.from({ length: parts }, (_, part) => ({ job: 'crashes', part, parts }) as const);
  const { cuts, crashes, found, points } = await allDone(jobs);
  expect(found.slice(0, 10)).toEqual([]);
  const all = Object.values(points).reduce((sum, count) => sum + count, 0);
  expect(cuts).toBeGreaterThanOrEqual(2 * all);
  expect(crashes).toBe(cuts);
  console.log({ points: all, cutOff: cuts });
}, 900_000);

test('so it is where whoever comes next is killed as well: some pairs of each life', async () => {
  const parts = 2;
  const jobs = Array.from({ length: parts }, (_, part) => ({ job: 'pairs', part, parts, most: 20 }) as const);
  const { cuts, found } = await allDone(jobs);
  expect(found.slice(0, 10)).toEqual([]);
  expect(cuts).toBeGreaterThan(500);
}, 900_000);
