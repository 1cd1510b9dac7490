import { describe, expect, test } from 'vitest';
import { memoryLedger } from '../../../shared/adapters/memory/ledger.ts';
import type { EntryBody } from '../../../shared/domain/ledger.ts';
import { openJournal } from '../../../shared/engine/journal.ts';
import { journalOf, opened, runId } from '../../support/domain-run.ts';
import { t0 } from '../../support/domain-time.ts';

/** The journal of a run that is begun, over a ledger whose writes are seen. */
async function begun() {
  const ledger = memoryLedger();
  const [first] = journalOf([opened()]);
  if (!first) throw new Error('there is none');
  const { time, type, actor, data } = first;
  await ledger.append(runId, null, { time, type, actor, data });
  const writes: number[] = [];
  const seen = {
    ...ledger,
    append: async (...entry: Parameters<typeof ledger.append>) => {
      writes.push(1);
      return ledger.append(...entry);
    },
    appendAll: async (journal: string, previous: Parameters<typeof ledger.append>[1], bodies: readonly EntryBody[]) => {
      writes.push(bodies.length);
      return ledger.appendAll(journal, previous, bodies);
    },
  };
  return { ledger, writes, journal: await openJournal({ ledger: seen, clock: () => t0 }, runId) };
}

describe('a journal', () => {
  test('writes what was noted together with what is appended', async () => {
    const { ledger, writes, journal } = await begun();
    await journal.note('held', { reason: 'one' });
    await journal.note('held', { reason: 'two' });
    expect([writes, journal.sequence(), journal.run().held?.reason]).toEqual([[], 3, 'two']);
    await journal.append('held', { reason: 'three' });
    expect(writes).toEqual([3]);
    expect((await ledger.read(runId)).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
    await journal.append('held', { reason: 'four' });
    expect(writes).toEqual([3, 1]);
    await journal.flush();
    expect(writes).toEqual([3, 1]);
    expect(journal.lastAt()).toBe(t0);
  });

  test('keeps fifty back at most', async () => {
    const { writes, journal } = await begun();
    for (let n = 0; n < 49; n += 1) await journal.note('held', { reason: `${n}` });
    expect(writes).toEqual([]);
    await journal.note('held', { reason: 'fifty' });
    expect(writes).toEqual([50]);
  });

  test('whose chain is broken is opened by nobody, and it is said where', async () => {
    const { ledger, journal } = await begun();
    await journal.append('held', { reason: 'one' });
    const read = async () =>
      (await ledger.read(runId)).map((entry) => (entry.sequence === 2 ? { ...entry, actor: 'x' } : entry));
    await expect(openJournal({ ledger: { ...ledger, read }, clock: () => t0 }, runId)).rejects.toMatchObject({
      ...{ disposition: 'halt', code: 'ledger-broken' },
      message: 'run-1 is broken at entry 2: was changed after it was written.',
    });
  });
});
