import { expect, test } from 'vitest';
import { huntAll } from './crew.ts';
import { checkStale, plant } from './plant.ts';
import { plantedBugs } from './planted.ts';

/** Enough seeds for most of them, since the median is found by the ninth; the rare ones are for `npm run prove -- --planted`. */
const most = 30;

const bugs = plantedBugs();

test('there are at least 25, each with a name of its own', () => {
  expect(bugs.length).toBeGreaterThanOrEqual(25);
  expect(new Set(bugs.map(({ name }) => name)).size).toBe(bugs.length);
});

test('a bug whose place is gone is told of', () => {
  const [bug] = bugs;
  if (!bug) throw new Error('there is no bug');
  expect(() => plant({ ...bug, find: 'text that stands nowhere' })).toThrow(/stale/);
});

test('every bug can still be planted', () => {
  for (const bug of bugs) expect(() => checkStale(bug)).not.toThrow();
});

test('the simulation finds them', async () => {
  const caught = await huntAll(bugs, most, 2);
  const missed = caught.filter(({ seeds }) => seeds === null).map(({ bug }) => bug);
  console.log({ bugs: caught.length, missed });
  expect(missed.length).toBeLessThan(bugs.length / 2);
}, 900_000);
