import { describe, expect, test } from 'vitest';
import { Fault } from '../../../shared/domain/fault.ts';
import { exportPage } from '../../../shared/engine/export.ts';
import { seal } from '../../../shared/engine/seal.ts';
import { custodyOf, exportedBy, write } from '../../support/custody.ts';

async function sealed(count: number) {
  const world = custodyOf();
  for (let n = 0; n < count; n += 1) {
    await write(world, `journal-${n % 3}`, 1);
    await seal(world.custody);
  }
  return world;
}
const kinds = (lines: readonly string[]) => lines.map((line) => JSON.parse(line).kind);

describe('an export', () => {
  test('has its head, the seals of both places, every entry, and its end', async () => {
    const { custody } = await sealed(4);
    expect(kinds(await exportedBy(custody))).toEqual([
      ...['export', ...Array(8).fill('seal'), ...Array(4).fill('entry'), 'end'],
    ]);
  });

  test('goes over pages: a hundred seals on each, up to those that there were at the head', async () => {
    const { custody } = await sealed(101);
    const head = await exportPage(custody, null);
    expect(head).toMatchObject({ next: 'first:1:101:101' });
    const first = await exportPage(custody, head.next);
    expect([first.lines.length, first.next]).toEqual([100, 'first:101:101:101']);
    const last = await exportPage(custody, first.next);
    expect([last.lines.length, last.next]).toEqual([1, 'first:102:101:101']);
    expect(await exportPage(custody, last.next)).toEqual({ lines: [], next: 'second:1:101:0' });
    expect(await exportPage(custody, 'second:102:101:0')).toEqual({ lines: [], next: 'entries:' });
  });

  test('without a second place goes on with the entries', async () => {
    const { custody } = await sealed(2);
    const alone = { ...custody, copies: null };
    expect(await exportPage(alone, null)).toMatchObject({ next: 'first:1:2:0' });
    expect(await exportPage(alone, 'second:1:0:0')).toEqual({ lines: [], next: 'entries:' });
    expect(kinds(await exportedBy(alone))).toEqual(['export', 'seal', 'seal', 'entry', 'entry', 'end']);
  });

  test.each([
    [1, 'first:1:3:3'],
    [2, 'first:1:3:3'],
    [3, 'first:1:6:3'],
  ])('with %i seals on their way to the second place goes as far as %s', async (more, next) => {
    const { custody } = await sealed(3 + more);
    const copies = custody.copies && { ...custody.copies, count: async () => 3 };
    expect(await exportPage({ ...custody, copies }, null)).toMatchObject({ next });
  });

  test('of a ledger without a seal has none', async () => {
    const world = custodyOf();
    await write(world, 'journal-1', 2);
    expect(kinds(await exportedBy(world.custody))).toEqual(['export', 'entry', 'entry', 'end']);
  });

  test('has a seal that cannot be read as one that cannot be read, and fails where the place is down', async () => {
    const { custody } = await sealed(2);
    const failing = (fault: Fault) => ({ ...custody, seals: { ...custody.seals, read: () => Promise.reject(fault) } });
    const unreadable = await exportPage(failing(new Fault('halt', 'seal-unreadable', 'x')), 'first:1:2:2');
    expect(unreadable.lines.map((line) => JSON.parse(line))).toEqual(
      [1, 2].map((number) => ({ kind: 'seal', place: 'first', statement: { number } })),
    );
    const down = exportPage(failing(new Fault('retry', 'storage-down', 'x')), 'first:1:2:2');
    await expect(down).rejects.toMatchObject({ code: 'storage-down' });
  });

  test.each(['', 'third:1', 'xfirst:1:2:2', 'entries'])('begins at no place that was made up: %j', async (after) => {
    const { custody } = await sealed(1);
    await expect(exportPage(custody, after)).rejects.toMatchObject({
      ...{ disposition: 'reject', code: 'wrong-request' },
      message: 'after: no page of an export has named this place.',
    });
  });

  test.each(['first:0:2:2', 'first:x:2:2', 'first:1.5:2:2', 'first:3:2:2'])(
    'at %s has no more seals',
    async (after) => {
      const { custody } = await sealed(2);
      expect(await exportPage(custody, after)).toEqual({ lines: [], next: 'second:1:2:0' });
    },
  );
});
