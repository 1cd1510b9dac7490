import { expect, test } from 'vitest';
import { keepTrail } from '../../../shared/engine/keep-trail.ts';
import { noteKeptMs } from '../../../shared/engine/noted-ledger.ts';
import { custodyOf, write } from '../../support/custody.ts';

/** A ledger of so many journals with two entries each, all of them noted long enough ago to be over. */
async function longAgo(journals: number) {
  const world = custodyOf();
  for (let index = 0; index < journals; index += 1) await write(world, `run-${index}`, 2);
  world.clock.move(noteKeptMs + 1);
  const put: number[] = [];
  const trail = {
    ...world.custody.trail,
    put: async (records: Parameters<typeof world.custody.trail.put>[0]) => {
      put.push(records.length);
      await world.custody.trail.put(records);
    },
  };
  return { ...world, custody: { ...world.custody, trail }, put };
}

test('what is waiting is entered, 500 notes at a time, until less than that is over', async () => {
  const { custody, put } = await longAgo(600);
  await keepTrail(custody);
  expect(put.reduce((sum, count) => sum + count, 0)).toBe(1200);
  expect(put).toHaveLength(2);
  expect(await custody.backlog.open('trail', 10)).toEqual([]);
});

test('notes that are kept for a while are not gone through again and again', async () => {
  const world = custodyOf();
  await write(world, 'run-1', 1);
  const opened: number[] = [];
  const backlog = {
    ...world.custody.backlog,
    open: async (...given: Parameters<typeof world.custody.backlog.open>) => {
      opened.push(given[1]);
      return world.custody.backlog.open(...given);
    },
  };
  await keepTrail({ ...world.custody, backlog });
  expect(opened).toEqual([500]);
});

test('of a journal only what was noted is entered: what comes before it is in the trail already', async () => {
  const { custody, put, clock } = await longAgo(1);
  await keepTrail(custody);
  const entries = await custody.ledger.read('run-0');
  await custody.ledger.append('run-0', entries.at(-1) ?? null, {
    ...{ time: clock.now(), type: 'noted', actor: 'quell', data: {} },
  });
  await keepTrail(custody);
  expect(put).toEqual([2, 1]);
});

test('there is an end to it, whatever is written meanwhile', async () => {
  const { custody } = await longAgo(1);
  const item = { journal: 'run-0', sequence: 1, at: '2026-03-01T12:00:00.000Z' };
  let rounds = 0;
  const backlog = {
    ...custody.backlog,
    open: async () => {
      rounds += 1;
      return Array.from({ length: 500 }, () => item);
    },
  };
  await keepTrail({ ...custody, backlog });
  expect(rounds).toBe(20);
});
