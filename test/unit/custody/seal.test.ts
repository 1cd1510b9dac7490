import { describe, expect, test } from 'vitest';
import { memorySeals } from '../../../shared/adapters/memory/seals.ts';
import { verification } from '../../../shared/domain/integrity.ts';
import { leafOf } from '../../../shared/domain/seal.ts';
import type { Custody } from '../../../shared/engine/custody.ts';
import { type ExportPage, exportPage } from '../../../shared/engine/export.ts';
import { patrol } from '../../../shared/engine/patrol.ts';
import { seal } from '../../../shared/engine/seal.ts';
import type { Seals } from '../../../shared/ports-custody.ts';
import { custodyOf, verdictOf, write, writeTypes } from '../../support/custody.ts';
import { wrapped } from '../../support/engine-fuse.ts';
import { hour } from '../../support/world-clock.ts';

/** Every entry under a seal once, in order, and the export whole. */
async function expectSealed(custody: Custody, entries: number): Promise<void> {
  const verdict = await verdictOf(custody);
  expect(verdict.findings).toEqual([]);
  expect({ entries: verdict.entries, unsealed: verdict.unsealed }).toEqual({ entries, unsealed: 0 });
  const leaves: string[] = [];
  for (let number = 1; number <= (await custody.seals.count()); number += 1)
    leaves.push(...((await custody.seals.read(number))?.leaves ?? []));
  expect(leaves).toHaveLength(entries);
  expect(new Set(leaves).size).toBe(entries);
}

describe('sealing', () => {
  test('seals what is new, once, and copies it', async () => {
    const world = custodyOf();
    const { custody } = world;
    await write(world, 'run-1', 3);
    await write(world, 'run-2', 2);
    expect(await seal(custody)).toBe(1);
    expect(await seal(custody)).toBe(0);
    await write(world, 'run-1', 2);
    expect(await seal(custody)).toBe(1);
    await expectSealed(custody, 7);
    expect(await custody.copies?.latest()).toEqual(await custody.seals.latest());
    const second = await custody.seals.read(2);
    expect(second?.leaves.map((text) => leafOf(text)?.sequence)).toEqual([4, 5]);
  });

  test('an entry on its way while a seal is made is under the next one', async () => {
    const world = custodyOf();
    const { custody, clock } = world;
    await write(world, 'run-1', 1);
    const [last = null] = await custody.ledger.read('run-1');
    // Its note is there, its entry is not yet.
    clock.move(6000);
    await custody.backlog.add({ journal: 'run-1', sequence: 2, at: custody.clock() });
    expect(await seal(custody)).toBe(1);
    clock.move(hour / 2);
    expect(await seal(custody)).toBe(0);
    await custody.ledger.append('run-1', last, { time: custody.clock(), type: 'noted', actor: 'quell', data: {} });
    expect(await seal(custody)).toBe(1);
    await expectSealed(custody, 2);
  });

  test('where nothing happens there is one an hour, so that its age shows', async () => {
    const world = custodyOf();
    await write(world, 'run-1', 1);
    await seal(world.custody);
    world.clock.move(hour - 1000);
    expect(await seal(world.custody)).toBe(0);
    world.clock.move(2000);
    expect(await seal(world.custody)).toBe(1);
    await expectSealed(world.custody, 1);
  });

  test('a clock that goes back makes no seal older than the one before', async () => {
    const world = custodyOf();
    await write(world, 'run-1', 1);
    await seal(world.custody);
    await write(world, 'run-1', 1);
    const early = { ...world.custody, clock: () => '2026-03-01T11:00:00.000Z' };
    expect(await seal(early)).toBe(1);
    expect((await verdictOf(world.custody)).findings).toEqual([]);
  });

  test('without a key nothing is sealed', async () => {
    const world = custodyOf();
    await write(world, 'run-1', 1);
    expect(await seal({ ...world.custody, signer: null })).toBe(0);
    expect(await world.custody.seals.count()).toBe(0);
  });

  test('a journal whose chain is broken is reported and not sealed; the others are', async () => {
    const world = custodyOf();
    await write(world, 'run-1', 2);
    await write(world, 'run-2', 1);
    const read = async (journal: string) =>
      (await world.custody.ledger.read(journal)).map((entry) =>
        journal === 'run-1' ? { ...entry, actor: 'mallory' } : entry,
      );
    expect(await seal({ ...world.custody, ledger: { ...world.custody.ledger, read } })).toBe(1);
    expect(new Set(world.reported)).toEqual(new Set(['a journal is broken and was not sealed']));
    expect((await world.custody.seals.latest())?.leaves).toHaveLength(1);
  });
});

describe('a process that dies while it seals', () => {
  test('at any call of a port, before or after: the next one goes on, and no entry is sealed twice or left out', async () => {
    let calls = 0;
    for (let at = 1; ; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const world = custodyOf();
        const { custody } = world;
        await write(world, 'run-1', 3);
        await seal(custody);
        await write(world, 'run-1', 1);
        await write(world, 'run-2', 2);
        calls = 0;
        const around = async (call: () => unknown) => {
          calls += 1;
          if (calls === at && when === 'before') throw new Error('died');
          const answer = await call();
          if (calls >= at) throw new Error('died');
          return answer;
        };
        const mortal: Custody = {
          ...custody,
          ledger: wrapped(custody.ledger, around),
          backlog: wrapped(custody.backlog, around),
          seals: wrapped(custody.seals, around),
          copies: wrapped(custody.copies ?? memorySeals(), around),
          signer: custody.signer && wrapped(custody.signer, around),
        };
        const died = await seal(mortal).then(
          () => false,
          () => true,
        );
        await write(world, 'run-2', 1);
        await seal(custody);
        await expectSealed(custody, 7);
        expect((await custody.copies?.count()) ?? 0).toBe(await custody.seals.count());
        if (!died) return expect(at).toBeGreaterThan(15);
      }
    }
  });

  test('two that seal at once make one chain', async () => {
    for (let round = 0; round < 5; round += 1) {
      const world = custodyOf();
      await write(world, 'run-1', 4);
      await Promise.all([seal(world.custody), seal(world.custody), seal(world.custody)]);
      await write(world, 'run-1', 1);
      await seal(world.custody);
      await expectSealed(world.custody, 5);
    }
  });
});

describe('what is not as it was made stops the sealing', () => {
  async function sealed() {
    const world = custodyOf();
    for (let n = 0; n < 3; n += 1) {
      await write(world, 'run-1', 1);
      await seal(world.custody);
    }
    await write(world, 'run-1', 1);
    return world;
  }

  test('the first place rolled back', async () => {
    const { custody } = await sealed();
    const older = memorySeals();
    for (const number of [1, 2]) {
      const one = await custody.seals.read(number);
      if (one) await older.put(one);
    }
    await expect(seal({ ...custody, seals: older })).rejects.toMatchObject({
      code: 'seals-rolled-back',
      disposition: 'halt',
    });
  });

  test('another seal in the second place', async () => {
    const { custody } = await sealed();
    const latest = await custody.seals.latest();
    const forged = memorySeals();
    if (latest) await forged.put({ ...latest, statement: { ...latest.statement, time: '2030-01-01T00:00:00Z' } });
    await expect(seal({ ...custody, copies: forged })).rejects.toMatchObject({
      code: 'seals-forked',
      disposition: 'halt',
    });
  });

  test('the newest seal changed, in what is signed or beside it', async () => {
    const { custody } = await sealed();
    const latest = await custody.seals.latest();
    if (!latest) throw new Error('there is a seal');
    for (const changed of [
      { ...latest, statement: { ...latest.statement, size: 99 } },
      { ...latest, peaks: ['0'.repeat(64)] },
    ]) {
      const seals = { ...custody.seals, latest: async () => changed };
      await expect(seal({ ...custody, seals })).rejects.toMatchObject({ code: 'seal-changed', disposition: 'halt' });
    }
  });
});

describe('an export', () => {
  test.each(['copy', 'pages'] as const)(
    'while a seal is made (%s) is whole: one on its way is no roll-back',
    async (between) => {
      const world = custodyOf();
      await write(world, 'run-1', 2);
      await seal(world.custody);
      await write(world, 'run-1', 1);
      if (between === 'copy') {
        const lossy = { ...world.custody, copies: failing(world.custody.copies) };
        await expect(seal(lossy)).rejects.toThrow('lost');
      }
      const run = verification({ keys: null, seen: null });
      const take = (page: ExportPage) => page.lines.forEach((line) => void run.take(line));
      let page = await exportPage(world.custody, null);
      take(page);
      if (between === 'pages') await seal(world.custody);
      for (; page.next !== null; take(page)) page = await exportPage(world.custody, page.next);
      expect(run.end()).toMatchObject({ findings: [], entries: 3, seals: 1, unsealed: 1 });
    },
  );

  test('of a first place that was rolled back has the copies in it, and is not whole', async () => {
    const world = custodyOf();
    for (let n = 0; n < 3; n += 1) {
      await write(world, 'run-1', 1);
      await seal(world.custody);
    }
    const older = memorySeals();
    const first = await world.custody.seals.read(1);
    if (first) await older.put(first);
    const { findings } = await verdictOf({ ...world.custody, seals: older });
    expect(findings.map(({ where, what }) => `${where}: ${what}`)).toEqual(['seal 2: truncated', 'seal 3: truncated']);
  });
});

/** A second place that loses what is put there. */
function failing(copies: Seals | null): Seals {
  const place = copies ?? memorySeals();
  return { ...place, put: async () => Promise.reject(new Error('lost')) };
}

describe('what was lost is found again', () => {
  test('notes of the backlog, by the patrol', async () => {
    const world = custodyOf();
    const { custody } = world;
    await write(world, 'run-1', 2);
    await write(world, 'run-2', 2);
    await custody.backlog.done('seals', await custody.backlog.open('seals', 100));
    expect(await seal(custody)).toBe(0);
    expect(await patrol(custody, async () => undefined)).toBe(2);
    expect(await seal(custody)).toBe(1);
    await expectSealed(custody, 4);
  });

  test('a question nobody was shown, by the patrol; one that failed to show keeps it from nothing', async () => {
    const world = custodyOf();
    const types: Readonly<Record<string, readonly string[]>> = {
      'run-1': ['opened', 'asked'],
      'run-2': ['opened', 'asked', 'run-ended'],
      'run-3': ['opened'],
      'run-4': ['asked'],
    };
    for (const [journal, of] of Object.entries(types)) await writeTypes(world, journal, of);
    const shown: string[] = [];
    const show = async (run: string) => {
      shown.push(run);
      throw new Error('Teams is away');
    };
    expect(await patrol(world.custody, show)).toBe(4);
    expect(shown).toEqual(['run-1', 'run-4']);
  });

  test('everything that is noted about seals, from the seals', async () => {
    const world = custodyOf();
    await write(world, 'run-1', 3);
    await seal(world.custody);
    await write(world, 'run-1', 1);
    const { custody } = custodyOf();
    const fresh = { ...world.custody, backlog: custody.backlog };
    await fresh.backlog.add({ journal: 'run-1', sequence: 1, at: fresh.clock() });
    expect(await seal(fresh)).toBe(1);
    await expectSealed(world.custody, 4);
  });
});
