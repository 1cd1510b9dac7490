import { describe, expect, test } from 'vitest';
import type { AuditEntry } from '../../../shared/domain/audit-entry.ts';
import { auditJournalFor } from '../../../shared/domain/audit-entry.ts';
import { Fault } from '../../../shared/domain/fault.ts';
import { audit, auditRefusal, readAudit, withAudit } from '../../../shared/engine/audit.ts';
import type { Engine } from '../../../shared/engine/engine.ts';
import { stackOf } from '../../support/engine.ts';

const attempt = { what: 'decision', channel: 'api', run: 'run-1', by: 'id-1', byName: 'Ada' } as const;
const refused = (by: string | null, reason = 'no'): AuditEntry => ({
  type: 'refused',
  data: { ...attempt, by, code: 'own-case', reason },
});
const entriesOf = async (engine: Engine) => {
  const { entries } = await readAudit(engine, engine.clock().slice(0, 10));
  return entries as unknown as readonly { actor: string; data: { reason: string } }[];
};

describe('an audit entry', () => {
  test('is of the person where somebody is known, and ours where nobody is', async () => {
    const { engine } = stackOf([]);
    await audit(engine, refused('id-1'));
    await audit(engine, refused(null));
    expect((await entriesOf(engine)).map(({ actor }) => actor)).toEqual(['person:id-1', 'quell']);
  });

  test('is cut where the reason is a book', async () => {
    const { engine } = stackOf([]);
    await auditRefusal(engine, attempt, { code: 'x', message: 'x'.repeat(600) });
    expect((await entriesOf(engine))[0]?.data.reason).toHaveLength(500);
  });

  test('that cannot be written is in the log, and refuses nobody anew', async () => {
    const { engine } = stackOf([]);
    const cause = new Error('inner');
    const append = () => Promise.reject(new Fault('retry', 'storage-down', 'x', { cause }));
    const lines: unknown[][] = [];
    const log = { ...engine.log, error: (...line: unknown[]) => void lines.push(line) };
    const down: Engine = { ...engine, ledger: { ...engine.ledger, append }, log };
    await audit(down, refused('id-1'));
    const journal = auditJournalFor(engine.clock(), 'id-1');
    expect(lines).toEqual([[{ journal, code: 'storage-down', cause }, 'an audit entry could not be written']]);
  });

  test('comes after those that others wrote meanwhile', async () => {
    const { engine } = stackOf([]);
    const here: Engine = { ...engine, ledger: { ...engine.ledger } };
    await audit(here, refused('id-1', 'one'));
    await audit(engine, refused('id-1', 'of another process'));
    await audit(here, refused('id-1', 'three'));
    expect((await entriesOf(engine)).map(({ data }) => data.reason)).toEqual(['one', 'of another process', 'three']);
    expect(await readAudit(engine, engine.clock().slice(0, 10))).toMatchObject({ breaks: [] });
  });

  test('costs one reading of the day, however many there are, and they stand in order', async () => {
    const { engine } = stackOf([]);
    let reads = 0;
    const read: typeof engine.ledger.read = async (journal) => {
      reads += 1;
      return engine.ledger.read(journal);
    };
    const counting: Engine = { ...engine, ledger: { ...engine.ledger, read } };
    const reasons = Array.from({ length: 6 }, (_, n) => `reason ${n}`);
    await Promise.all(reasons.map((reason) => audit(counting, refused('id-1', reason))));
    expect((await entriesOf(engine)).map(({ data }) => data.reason)).toEqual(reasons);
    expect(reads).toBeLessThanOrEqual(2);
  });

  test('is tried thirty times where others are faster', async () => {
    const { engine } = stackOf([]);
    let tries = 0;
    const append = async () => {
      tries += 1;
      throw new Fault('conflict', 'entry-exists', 'x');
    };
    await audit({ ...engine, ledger: { ...engine.ledger, append } }, refused('id-1'));
    expect(tries).toBe(30);
  });

  test('of nobody known is one of a thousand in a day at most', async () => {
    const { engine } = stackOf([]);
    let appended = 0;
    const last = { journal: 'x', sequence: 999 };
    const ledger = {
      ...engine.ledger,
      read: async () => [last] as never,
      append: async () => {
        appended += 1;
        return { ...last, sequence: 999 + appended } as never;
      },
    };
    for (let count = 0; count < 3; count += 1) await audit({ ...engine, ledger }, refused(null));
    expect(appended).toBe(1);
  });
});

describe('work that is refused', () => {
  test('leaves one entry, and the fault goes on; work that is not leaves none', async () => {
    const { engine } = stackOf([]);
    expect(await withAudit(engine, attempt, async () => 7)).toBe(7);
    expect(await entriesOf(engine)).toEqual([]);
    const fault = new Fault('refuse', 'own-case', 'Nobody decides about themselves.');
    await expect(withAudit(engine, attempt, () => Promise.reject(fault))).rejects.toBe(fault);
    expect(await entriesOf(engine)).toMatchObject([
      { type: 'refused', data: { ...attempt, code: 'own-case', reason: 'Nobody decides about themselves.' } },
    ]);
  });
});

describe('the audit entries of a day', () => {
  test('are in the order of their times, over all journals', async () => {
    const { engine, clock } = stackOf([]);
    const people = ['id-1', 'id-2', 'id-3', 'id-4', null, 'id-1'];
    for (const by of people) {
      await audit(engine, refused(by, `by ${by}`));
      clock.move(1000);
    }
    expect((await entriesOf(engine)).map(({ data }) => data.reason)).toEqual(people.map((by) => `by ${by}`));
  });

  test('say where a chain is broken, and are not told from what is no audit entry', async () => {
    const { engine } = stackOf([]);
    for (const reason of ['one', 'two']) await audit(engine, refused('id-1', reason));
    const journal = auditJournalFor(engine.clock(), 'id-1');
    const read: typeof engine.ledger.read = async (name) =>
      (await engine.ledger.read(name)).map((entry) => (entry.sequence === 2 ? { ...entry, actor: 'x' } : entry));
    const day = engine.clock().slice(0, 10);
    expect(await readAudit({ ledger: { ...engine.ledger, read } }, day)).toMatchObject({
      ...{ day, breaks: [{ journal, sequence: 2 }] },
    });
    const odd: typeof engine.ledger.read = async (name) =>
      (await engine.ledger.read(name)).map((entry) => ({ ...entry, type: 'odd' }));
    await expect(readAudit({ ledger: { ...engine.ledger, read: odd } }, day)).rejects.toMatchObject({
      disposition: 'halt',
    });
  });
});
