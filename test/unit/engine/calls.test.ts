import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { memoryLedger } from '../../../shared/adapters/memory/ledger.ts';
import { auditRecords } from '../../../shared/domain/audit-record.ts';
import { callEntryOf } from '../../../shared/domain/call-entry.ts';
import { Fault } from '../../../shared/domain/fault.ts';
import { firstBreak } from '../../../shared/domain/ledger.ts';
import { callRecorder } from '../../../shared/engine/calls.ts';
import type { Ledger } from '../../../shared/ports.ts';
import { expectFault } from '../../support/adapters-storage.ts';

const worker = 'aaaaaaaa-1111';
const call = (by: string) => ({ by, byName: by, right: 'read' as const, method: 'GET', path: `/api/runs?by=${by}` });
const names = Array.from({ length: 250 }, (_, n) => `p-${n}`);

function started(change: (ledger: Ledger) => Partial<Ledger> = () => ({})) {
  const kept = memoryLedger();
  const writes: number[] = [];
  const ledger: Ledger = {
    ...kept,
    appendAll: async (journal, previous, bodies) => {
      writes.push(bodies.length);
      return kept.appendAll(journal, previous, bodies);
    },
  };
  const clock = { now: '2026-11-28T13:59:59.000Z' };
  const parts = { ledger: { ...ledger, ...change(ledger) }, clock: () => clock.now, worker };
  const journal = (hour: string) => kept.read(`calls-2026-11-28T${hour}-aaaaaaaa`);
  return { record: callRecorder(parts), writes, clock, journal };
}

test('every call is an entry with who, what, when and how it ended, in a whole chain', async () => {
  const { record, journal } = started();
  await record({ ...call('p-1'), method: 'PUT', right: 'stop' }, null);
  await record({ ...call('p-1'), method: 'PUT', right: 'stop' }, 409);
  const entries = await journal('13');
  expect(entries.map(callEntryOf)).toMatchObject([
    { type: 'call-begun', data: { right: 'stop', method: 'PUT' } },
    { type: 'call-ended', data: { status: 409, outcome: 'refused' } },
  ]);
  expect(entries.map(({ actor, time }) => [actor, time])).toEqual(
    Array(2).fill(['person:p-1', '2026-11-28T13:59:59.000Z']),
  );
  expect(firstBreak(entries)).toBeNull();
  expect(auditRecords(entries)[1]).toMatchObject({ task: 'call', state: 'refused', says: '409 PUT /api/runs?by=p-1' });
});

test('calls at the same time share a write, and none is lost', async () => {
  const { record, writes, journal } = started();
  await Promise.all(names.map((name) => record(call(name), 200)));
  expect(writes).toEqual([1, 100, 100, 49]);
  const entries = await journal('13');
  expect(entries.map(({ actor }) => actor)).toEqual(names.map((name) => `person:${name}`));
  expect(firstBreak(entries)).toBeNull();
});

test('a new hour is a new journal', async () => {
  const { record, clock, journal } = started();
  await record(call('p-1'), 200);
  clock.now = '2026-11-28T14:00:00.000Z';
  await record(call('p-2'), 200);
  await record(call('p-3'), 200);
  expect([await journal('13'), await journal('14')].map((entries) => entries.length)).toEqual([1, 2]);
});

test('what cannot be written is told to each, and the next goes on from what is there', async () => {
  let broken = true;
  const { record, journal } = started((ledger) => ({
    appendAll: async (name, previous, bodies) => {
      const written = await ledger.appendAll(name, previous, bodies);
      // It arrived, and the answer got lost.
      if (broken) throw new Fault('retry', 'storage-busy', 'Storage is busy.');
      return written;
    },
  }));
  await expectFault(record(call('p-1'), 200), 'retry', 'call-unrecorded');
  broken = false;
  await record(call('p-2'), 200);
  const entries = await journal('13');
  expect(entries.map(({ actor }) => actor)).toEqual(['person:p-1', 'person:p-2']);
  expect(firstBreak(entries)).toBeNull();
});

test('another process with the same beginning of its name only costs one refusal', async () => {
  const { record, journal } = started();
  const kept: Ledger = memoryLedger();
  const [one, other] = [1, 2].map(() =>
    callRecorder({ ledger: kept, clock: () => '2026-11-28T13:00:00.000Z', worker }),
  );
  await one?.(call('p-1'), 200);
  await expectFault(other?.(call('p-2'), 200) ?? Promise.resolve(), 'retry', 'call-unrecorded');
  await other?.(call('p-2'), 200);
  expect(await kept.read('calls-2026-11-28T13-aaaaaaaa')).toHaveLength(2);
  await record(call('p-1'), 200);
  expect(await journal('13')).toHaveLength(1);
});

test('where storage never answers, a call is turned away in seconds', async () => {
  const { record } = started(() => ({ appendAll: () => new Promise(() => {}) }));
  const begin = performance.now();
  await expectFault(record(call('p-1'), 200), 'retry', 'call-unrecorded');
  expect(performance.now() - begin).toBeLessThan(6000);
});

test('where more are waiting than storage could ever take, the next are turned away at once', async () => {
  const { record } = started(() => ({ appendAll: () => new Promise(() => {}) }));
  const all = Array.from({ length: 1200 }, () => record(call('p-1'), 200).catch(() => 'turned away'));
  expect(await Promise.race([all.at(-1), setTimeout(1000, 'waiting')])).toBe('turned away');
  expect(await Promise.race([all[0], setTimeout(100, 'waiting')])).toBe('waiting');
  await Promise.all(all);
});
