import { describe, expect, test } from 'vitest';
import { workOf } from '../../../shared/engine/backlog.ts';
import { noteKeptMs } from '../../../shared/engine/noted-ledger.ts';
import type { BacklogItem } from '../../../shared/ports-custody.ts';
import { begin, custodyOf, write } from '../../support/custody.ts';

const day = 24 * 60 * 60_000;

/** What there is to do with these notes, so long after they were made. */
async function afterMs(ms: number, notes: readonly Omit<BacklogItem, 'at'>[], written = 2) {
  const world = custodyOf();
  await write(world, 'journal-1', written);
  const items = notes.map((note) => ({ ...note, at: begin }));
  const backlog = { ...world.custody.backlog, open: async () => items };
  const clock = () => new Date(Date.parse(begin) + ms).toISOString();
  return workOf({ ...world.custody, backlog, clock }, 'trail', 10);
}
const note = (sequence: number, journal = 'journal-1') => ({ journal, sequence });

describe('what a reader has to do', () => {
  test('is each journal once, with all of its entries, from the first that was noted', async () => {
    const { waiting } = await afterMs(0, [note(2), note(1)]);
    expect(waiting.map(({ journal, first, entries }) => [journal, first, entries.length])).toEqual([
      ['journal-1', 1, 2],
    ]);
  });

  test('is nothing where what was noted is not written yet', async () => {
    expect(await afterMs(0, [note(3), note(1, 'journal-2')])).toEqual({ waiting: [], over: [] });
  });
});

describe('a note', () => {
  test('whose entry is there is over when it stood long enough, and not before', async () => {
    expect((await afterMs(noteKeptMs, [note(1)])).over).toEqual([]);
    expect((await afterMs(noteKeptMs + 1, [note(1)])).over).toHaveLength(1);
  });

  test('whose entry is not there is over after a day, and not before', async () => {
    expect((await afterMs(day, [note(3)])).over).toEqual([]);
    expect((await afterMs(day + 1, [note(3)])).over).toEqual([{ ...note(3), at: begin }]);
  });

  test('of several is judged by itself', async () => {
    expect((await afterMs(noteKeptMs + 1, [note(2), note(3)])).over).toEqual([{ ...note(2), at: begin }]);
  });
});
