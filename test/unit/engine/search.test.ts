import { describe, expect, test } from 'vitest';
import { readCondition } from '../../../shared/domain/audit-condition.ts';
import type { AuditSpan } from '../../../shared/domain/audit-range.ts';
import { type AuditRecord, auditRecords } from '../../../shared/domain/audit-record.ts';
import { search } from '../../../shared/engine/search.ts';
import type { AuditPage, Trail } from '../../../shared/ports-custody.ts';
import { begin, custodyOf, write } from '../../support/custody.ts';

const span = (days: number, where: string | null = null): AuditSpan => ({
  where: where === null ? null : readCondition(where),
  from: '2026-03-01T00:00:00.000Z',
  to: new Date(Date.parse('2026-03-01T00:00:00.000Z') + days * 86_400_000).toISOString(),
});

/** Records of one journal, one for each entry. */
async function recordsOf(count: number): Promise<readonly AuditRecord[]> {
  const world = custodyOf();
  await write(world, 'run-1', count);
  return auditRecords(await world.custody.ledger.read('run-1'));
}

/** A custody whose trail gives these pages in turn, and writes down what it was asked. */
function asked(pageAt: (look: number) => AuditPage) {
  const { custody } = custodyOf();
  const looks: string[] = [];
  const trail: Trail = {
    ...custody.trail,
    page: async ({ by }, after, limit) => {
      looks.push(`${Object.values(by)[0]} ${after} ${limit}`);
      return pageAt(looks.length - 1);
    },
  };
  return { custody: { ...custody, trail }, looks };
}

describe('a search', () => {
  test('goes through the days, and through the pages of each', async () => {
    const [one, two, three] = await recordsOf(3);
    const pages: AuditPage[] = [
      { records: one ? [one] : [], next: 'p' },
      { records: two ? [two] : [], next: null },
      { records: three ? [three] : [], next: null },
    ];
    const { custody, looks } = asked((look) => pages[look] ?? { records: [], next: null });
    expect(await search(custody, span(2), null, 10)).toEqual({ records: [one, two, three], next: null });
    expect(looks).toEqual(['2026-03-01 null 1000', '2026-03-01 p 1000', '2026-03-02 null 1000']);
  });

  test('ends once it has so many, and goes on where it ended: within a day, or at the next', async () => {
    const all = await recordsOf(2);
    const within = asked(() => ({ records: all, next: 'p:q' }));
    expect((await search(within.custody, span(2), null, 2)).next).toBe('0:p:q');
    const after = asked(() => ({ records: all, next: null }));
    expect((await search(after.custody, span(2), null, 2)).next).toBe('1:');
    expect(await search(after.custody, span(2), '1:', 3)).toEqual({ records: all, next: null });
    expect(await search(after.custody, span(2), '0:p:q', 2)).toEqual({ records: all, next: '1:' });
    expect(after.looks.slice(1)).toEqual(['2026-03-02 null 1000', '2026-03-01 p:q 1000']);
    expect(await search(after.custody, span(2), '2:', 2)).toEqual({ records: [], next: null });
  });

  test('gives what fits, and counts the others as looked at', async () => {
    const all = await recordsOf(5000);
    const { custody, looks } = asked((look) => ({ records: all.slice(0, look === 0 ? 4999 : 1), next: 'p' }));
    const none = await search(custody, span(1, 'entry is planned'), null, 1);
    expect(none).toEqual({ records: [], next: '0:p' });
    expect(looks).toHaveLength(2);
    expect((await search(custody, span(1, 'entry is noted'), null, 1)).records).toHaveLength(1);
  });

  test('is short where nothing is found for long, and goes on at the day it came to', async () => {
    const { custody, looks } = asked(() => ({ records: [], next: null }));
    expect(await search(custody, span(365), null, 1)).toEqual({ records: [], next: '60:' });
    expect(looks).toHaveLength(60);
    expect(await search(custody, span(365), '360:', 1)).toEqual({ records: [], next: null });
    expect(looks).toHaveLength(65);
  });

  test('finds what was written before it was asked; that is looked for at its beginning only', async () => {
    const world = custodyOf();
    await write(world, 'run-1', 2);
    expect((await search(world.custody, span(2), null, 10)).records).toHaveLength(2);
    await write(world, 'run-2', 1);
    expect((await search(world.custody, span(2), '0:', 10)).records).toHaveLength(2);
    expect((await search(world.custody, span(2), null, 10)).records).toHaveLength(3);
    expect((await search(world.custody, { ...span(2), to: begin }, null, 10)).records).toHaveLength(0);
  });

  test.each(['1', 'x:', '-1:', '1234567:', ' 0:', ''])('a place that no answer named is refused: %j', async (place) => {
    const { custody, looks } = asked(() => ({ records: [], next: null }));
    await expect(search(custody, span(1), place, 1)).rejects.toMatchObject({
      ...{ disposition: 'reject', code: 'wrong-request' },
      message: 'after: no answer has named this place.',
    });
    expect(looks).toEqual([]);
  });

  test('is put off while the trail is built again', async () => {
    const { custody } = asked(() => ({ records: [], next: null }));
    await custody.backlog.setWalkedTo('rebuild', '');
    await expect(search(custody, span(1), null, 1)).rejects.toMatchObject({
      ...{ disposition: 'retry', code: 'rebuilding' },
      message: 'The trail is being built again; ask when that is done.',
    });
  });
});
