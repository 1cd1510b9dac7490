import { describe, expect, test } from 'vitest';
import { memoryIndex } from '../../../shared/adapters/memory/index.ts';
import { memoryTrail } from '../../../shared/adapters/memory/trail.ts';
import { readCondition } from '../../../shared/domain/audit-condition.ts';
import { auditRecords } from '../../../shared/domain/audit-record.ts';
import type { Custody } from '../../../shared/engine/custody.ts';
import { keepTrail } from '../../../shared/engine/keep-trail.ts';
import { notedLedger, noteKeptMs, noteStandsMs } from '../../../shared/engine/noted-ledger.ts';
import { patrol } from '../../../shared/engine/patrol.ts';
import { rebuildStep } from '../../../shared/engine/rebuild.ts';
import { respond } from '../../../shared/engine/respond.ts';
import { search } from '../../../shared/engine/search.ts';
import type { RebuildableIndex, Trail } from '../../../shared/ports-custody.ts';
import { custodyOf, write } from '../../support/custody.ts';
import { claims, playbook, quiet, raise, stackOf } from '../../support/engine.ts';
import { userId } from '../../support/world-state.ts';

const all = { where: null, from: '2026-01-01T00:00:00.000Z', to: '2027-01-01T00:00:00.000Z' };

async function everything(custody: Custody, where: string | null = null) {
  const records = [];
  const span = { ...all, where: where === null ? null : readCondition(where), from: '2026-02-20T00:00:00.000Z' };
  let after: string | null = null;
  for (let calls = 0; ; calls += 1) {
    expect(calls).toBeLessThan(50);
    const found = await search(custody, span, after, 100);
    records.push(...found.records);
    if (found.next === null) return records;
    after = found.next;
  }
}

/** A ledger in custody with a run in it that was carried out, and one that waits. */
async function lived() {
  const stack = stackOf([playbook('inactive-user-delete', { mode: 'enforce' })]);
  const { custody } = custodyOf();
  const world = { ...custody, clock: stack.clock.now, journals: custody.journals, index: memoryIndex() };
  const engine = { ...stack.engine, ledger: custody.ledger, index: world.index };
  const lasting = { ...stack, engine };
  await raise(
    engine,
    claims({ nominations: [userId(1), userId(2)].map((value) => ({ kind: 'user', by: 'id', value })) }),
  );
  await quiet(lasting, engine);
  return { custody: world, stack: lasting };
}

describe('the backlog', () => {
  test('is noted before an entry is written, once for a while', async () => {
    const { custody, clock } = custodyOf();
    const asked: string[] = [];
    const backlog = { ...custody.backlog, add: async () => void asked.push('note') };
    const plain = { ...custody.ledger, append: async () => Promise.reject(new Error('storage is down')) };
    const ledger = notedLedger(plain, backlog, clock.now);
    const body = { time: clock.now(), type: 'noted', actor: 'quell', data: {} };
    await expect(ledger.append('run-1', null, body)).rejects.toThrow('storage is down');
    expect(asked).toEqual(['note']);
    clock.move(noteStandsMs - 1);
    await expect(ledger.append('run-1', null, body)).rejects.toThrow();
    await expect(ledger.append('run-2', null, body)).rejects.toThrow();
    expect(asked).toHaveLength(2);
    clock.move(1);
    await expect(ledger.append('run-1', null, body)).rejects.toThrow();
    expect(asked).toHaveLength(3);
  });

  test('is not noted for the second entry where the first was written a moment ago, by whomever', async () => {
    const { custody, clock } = custodyOf();
    const asked: string[] = [];
    const backlog = { ...custody.backlog, add: async () => void asked.push('note') };
    const writer = () => notedLedger(custody.ledger, backlog, clock.now);
    const body = () => ({ time: clock.now(), type: 'noted', actor: 'quell', data: {} });
    const first = await writer().append('run-1', null, body());
    clock.move(noteStandsMs - 1);
    const second = await writer().append('run-1', first, body());
    expect(asked).toHaveLength(1);
    // The third needs one of its own: else a journal that is written to again and again would have none after a while.
    await writer().append('run-1', second, body());
    expect(asked).toHaveLength(2);
    for (const ms of [noteStandsMs, -1]) {
      const name = `run-${ms}`;
      const begun = await writer().append(name, null, body());
      clock.move(ms);
      await writer().append(name, begun, body());
    }
    expect(asked).toHaveLength(6);
  });

  test('a note that cannot be made means that nothing is written', async () => {
    const { custody, clock } = custodyOf();
    const backlog = { ...custody.backlog, add: async () => Promise.reject(new Error('storage is down')) };
    const ledger = notedLedger(custody.ledger, backlog, clock.now);
    const body = { time: clock.now(), type: 'noted', actor: 'quell', data: {} };
    await expect(ledger.append('run-1', null, body)).rejects.toThrow('storage is down');
    expect(await custody.ledger.read('run-1')).toEqual([]);
  });

  test('is kept until every entry that it stands for has arrived, then forgotten', async () => {
    const world = custodyOf();
    const { custody, clock } = world;
    await write(world, 'run-1', 1);
    await keepTrail(custody);
    expect(await custody.backlog.open('trail', 10)).toHaveLength(1);
    clock.move(noteKeptMs + 1);
    await keepTrail(custody);
    expect(await custody.backlog.open('trail', 10)).toEqual([]);
  });
});

describe('a search', () => {
  test('finds what was written before it was asked, each entry once, as its journal tells it', async () => {
    const { custody } = await lived();
    const entries = await custody.journals.after(null, 10_000);
    const found = await everything(custody);
    expect(found.length).toBe(entries.length);
    const journals = [...new Set(entries.map(({ journal }) => journal))];
    const wanted = journals.flatMap((journal) => auditRecords(entries.filter((entry) => entry.journal === journal)));
    expect(new Set(found.map((one) => JSON.stringify(one)))).toEqual(new Set(wanted.map((one) => JSON.stringify(one))));
  });

  test('by identity, by state, and both', async () => {
    const { custody } = await lived();
    const one = await everything(custody, `identity is ${userId(1)}`);
    expect(new Set(one.map(({ identity }) => identity))).toEqual(new Set([userId(1)]));
    const done = await everything(custody, 'task is disable-user and state is success');
    expect(done.map(({ identity, risk, resourceType }) => [identity, risk, resourceType])).toEqual([
      [userId(1), 'reversible', 'user'],
      [userId(2), 'reversible', 'user'],
    ]);
    expect(
      await everything(custody, `task is disable-user and state is success and identity is ${userId(2)}`),
    ).toHaveLength(1);
    expect(await everything(custody, 'identity is nobody')).toEqual([]);
  });

  test('a place that nobody named is refused', async () => {
    const { custody } = custodyOf();
    await expect(search(custody, all, 'nonsense', 10)).rejects.toMatchObject({ code: 'wrong-request' });
  });
});

/** Everything derived, as it can be seen from outside. */
async function derived(custody: Custody, index: RebuildableIndex, trail: Trail) {
  const due = await index.due('9999-01-01T00:00:00.000Z', 1000);
  return {
    found: await everything({ ...custody, trail }),
    byIdentity: await everything({ ...custody, trail }, `identity is ${userId(1)}`),
    runs: await index.runs({ limit: 1000 }),
    ofOne: await index.runs({ identity: userId(2), limit: 1000 }),
    open: due
      .map(({ journal, kind, session }) => ({ journal, kind, session }))
      .sort((a, b) => (a.journal < b.journal ? -1 : 1)),
  };
}

describe('everything derived can be built again from the ledger', () => {
  test('after it is lost: the same lists, the same trail, the same open journals', async () => {
    const { custody } = await lived();
    const before = await derived(custody, custody.index, custody.trail);
    expect([before.runs.length, before.open.length]).toEqual([2, 2]);
    const lost = { ...custody, index: memoryIndex(), trail: memoryTrail() };
    await rebuilt(lost);
    expect(await derived(lost, lost.index, lost.trail)).toEqual(before);
  });

  test('where rows are in it that no entry stands for: they are gone', async () => {
    const { custody } = await lived();
    const before = await derived(custody, custody.index, custody.trail);
    await custody.index.list({
      run: 'run-forged',
      alert: 'alert-x',
      identity: userId(2),
      receivedAt: '2026-03-01T00:00:00Z',
    });
    const [record] = before.found;
    if (record) await custody.trail.put([{ ...record, journal: 'run-forged', says: 'never happened' }]);
    await rebuilt(custody);
    expect(await derived(custody, custody.index, custody.trail)).toEqual(before);
  });

  test('searches wait until it is done, and it goes on where it was left', async () => {
    const { custody } = await lived();
    const before = await derived(custody, custody.index, custody.trail);
    const small = { ...custody, journals: { after: (journal: string | null) => custody.journals.after(journal, 1) } };
    await rebuildStep(small);
    await expect(search(small, all, null, 10)).rejects.toMatchObject({ code: 'rebuilding', disposition: 'retry' });
    await rebuilt(small);
    expect(await derived(custody, custody.index, custody.trail)).toEqual(before);
  });

  test('opens an alert again that is not answered, or whose run was announced and has not begun; forgets it when that is over', async () => {
    const stack = stackOf([playbook('inactive-user-delete', { mode: 'observe' })]);
    const { custody } = custodyOf();
    const world = { ...custody, clock: stack.clock.now, index: memoryIndex() };
    const engine = { ...stack.engine, ledger: custody.ledger, index: world.index };
    const receipt = await raise(engine);
    const alert = receipt.accepted ? receipt.alert : '';
    const open = async () => {
      await world.index.close(alert);
      await rebuilt(world);
      return (await world.index.due('9999-01-01T00:00:00.000Z', 10)).map(({ journal }) => journal);
    };
    expect(await open()).toEqual([alert]);
    await respond(engine, alert, async () => undefined);
    expect(await open()).toEqual([alert]);
    await respond(engine, alert);
    expect(await open()).toEqual([]);
    await world.index.open({ journal: alert, kind: 'alert', session: alert, due: stack.clock.now() });
    await rebuilt(world);
    expect(await world.index.due('9999-01-01T00:00:00.000Z', 10)).toEqual([]);
  });

  async function rebuilt(custody: Custody): Promise<void> {
    for (let steps = 0; !(await rebuildStep(custody)).done; steps += 1) expect(steps).toBeLessThan(50);
  }
});

test('rows of the trail that were lost are entered again by the patrol', async () => {
  const { custody } = await lived();
  const before = await everything(custody);
  const lost = { ...custody, trail: memoryTrail() };
  await custody.backlog.done('trail', await custody.backlog.open('trail', 1000));
  expect(await everything(lost)).toEqual([]);
  await patrol(lost, async () => undefined);
  expect(await everything(lost)).toEqual(before);
});
