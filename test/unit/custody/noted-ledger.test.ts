import { describe, expect, test } from 'vitest';
import { memoryBacklog } from '../../../shared/adapters/memory/backlog.ts';
import { memoryLedger } from '../../../shared/adapters/memory/ledger.ts';
import { notedLedger, noteStandsMs } from '../../../shared/engine/noted-ledger.ts';
import type { BacklogItem } from '../../../shared/ports-custody.ts';
import { begin } from '../../support/custody.ts';

/** A ledger whose notes are seen, and a clock that is set. */
function noted() {
  let now = Date.parse(begin);
  const clock = () => new Date(now).toISOString();
  const notes: BacklogItem[] = [];
  const backlog = { ...memoryBacklog(), add: async (item: BacklogItem) => void notes.push(item) };
  const ledger = notedLedger(memoryLedger(), backlog, clock);
  const body = () => ({ time: clock(), type: 'x', actor: 'quell', data: {} });
  return { ledger, notes, body, move: (ms: number) => (now += ms) };
}

describe('what is about to be written', () => {
  test('is noted with its number, one entry or many', async () => {
    const { ledger, notes, body, move } = noted();
    const first = await ledger.append('a', null, body());
    expect(notes).toEqual([{ journal: 'a', sequence: 1, at: begin }]);
    move(noteStandsMs);
    const [second] = await ledger.appendAll('a', first, [body(), body()]);
    expect(notes.at(-1)).toMatchObject({ journal: 'a', sequence: 2 });
    expect((await ledger.read('a')).length).toBe(3);
    expect(second?.sequence).toBe(2);
  });

  test('is noted before it is written: where the note fails, nothing is', async () => {
    const { body } = noted();
    const written = memoryLedger();
    const backlog = { ...memoryBacklog(), add: () => Promise.reject(new Error('no note')) };
    const ledger = notedLedger(written, backlog, () => begin);
    await expect(ledger.append('a', null, body())).rejects.toThrow('no note');
    await expect(ledger.appendAll('a', null, [body()])).rejects.toThrow('no note');
    expect(await written.read('a')).toEqual([]);
  });

  test('is not noted where it is nothing', async () => {
    const { ledger, notes } = noted();
    await ledger.appendAll('a', null, []);
    expect(notes).toEqual([]);
  });
});

describe('a note', () => {
  test('stands for all of its journal for five seconds, and for no other', async () => {
    const { ledger, notes, body, move } = noted();
    let last = await ledger.append('a', null, body());
    move(noteStandsMs - 1);
    last = await ledger.append('a', last, body());
    expect(notes).toHaveLength(1);
    move(1);
    last = await ledger.append('a', last, body());
    expect(notes.map(({ sequence }) => sequence)).toEqual([1, 3]);
    await ledger.append('b', null, body());
    expect(notes.map(({ journal }) => journal)).toEqual(['a', 'a', 'b']);
  });

  test('of another process stands for the second entry, where the first is just written', async () => {
    const written = memoryLedger();
    const at = (ms: number) => new Date(Date.parse(begin) + ms).toISOString();
    const first = await written.append('a', null, { time: begin, type: 'x', actor: 'quell', data: {} });
    const notesAfter = async (ms: number) => {
      const notes: BacklogItem[] = [];
      const backlog = { ...memoryBacklog(), add: async (item: BacklogItem) => void notes.push(item) };
      const ledger = { ...written, append: async () => first, appendAll: async () => [first] };
      await notedLedger(ledger, backlog, () => at(ms)).append('a', first, { ...first });
      return notes.length;
    };
    expect(await notesAfter(0)).toBe(0);
    expect(await notesAfter(noteStandsMs - 1)).toBe(0);
    expect(await notesAfter(noteStandsMs)).toBe(1);
    expect(await notesAfter(-1)).toBe(1);
  });
});
