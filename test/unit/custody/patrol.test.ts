import { describe, expect, test } from 'vitest';
import { Fault } from '../../../shared/domain/fault.ts';
import { patrol } from '../../../shared/engine/patrol.ts';
import { custodyOf, write, writeTypes } from '../../support/custody.ts';

function patrolled() {
  const world = custodyOf();
  const lines: unknown[][] = [];
  const keep = (...line: unknown[]) => void lines.push(line);
  const custody = { ...world.custody, log: { info: keep, warn: keep, error: keep } };
  return { world, custody, lines };
}

describe('whoever goes along all journals', () => {
  test('shows again what asks somebody and has not ended, and nothing else', async () => {
    const { world, custody } = patrolled();
    await writeTypes(world, 'run-1', ['run-opened', 'asked']);
    await writeTypes(world, 'run-2', ['run-opened', 'asked', 'run-ended']);
    await writeTypes(world, 'run-3', ['run-opened', 'held']);
    const shown: string[] = [];
    expect(await patrol(custody, async (run) => void shown.push(run))).toBe(3);
    expect(shown).toEqual(['run-1']);
  });

  test('goes on though something cannot be shown, and says so', async () => {
    const { world, custody, lines } = patrolled();
    await writeTypes(world, 'run-1', ['run-opened', 'asked']);
    await patrol(custody, () => Promise.reject(new Fault('retry', 'teams-down', 'Teams is not to be reached.')));
    expect(lines).toEqual([[{ run: 'run-1', code: 'teams-down' }, 'Teams is not to be reached.']]);
    expect(await custody.backlog.walkedTo('patrol')).toBe('run-1');
  });

  test('reports what is broken, and neither repairs nor shows it', async () => {
    const { world, custody, lines } = patrolled();
    await writeTypes(world, 'run-1', ['run-opened', 'asked']);
    const after: typeof custody.journals.after = async (...where) =>
      (await custody.journals.after(...where)).map((entry) =>
        entry.sequence === 2 ? { ...entry, actor: 'x' } : entry,
      );
    const put: object[][] = [];
    const trail = { ...custody.trail, put: async (records: readonly object[]) => void put.push([...records]) };
    const shown: string[] = [];
    const broken = { ...custody, journals: { ...custody.journals, after }, trail };
    await patrol(broken, async (run) => void shown.push(run));
    expect(lines).toEqual([[{ journal: 'run-1', sequence: 2, reason: expect.any(String) }, 'a journal is broken']]);
    expect([put, shown]).toEqual([[], []]);
  });

  test('puts in the backlog what no seal has, where there is a key to seal with', async () => {
    const { world, custody } = patrolled();
    await write(world, 'journal-1', 3);
    const added: object[] = [];
    const backlog = {
      ...custody.backlog,
      add: async (item: object) => void added.push(item),
      sealedUpTo: async () => 2,
    };
    await patrol({ ...custody, backlog }, async () => {});
    await patrol({ ...custody, backlog, signer: null }, async () => {});
    await custody.backlog.setWalkedTo('patrol', null);
    await patrol({ ...custody, backlog: { ...backlog, sealedUpTo: async () => 3 } }, async () => {});
    expect(added).toEqual([{ journal: 'journal-1', sequence: 3, at: custody.clock() }]);
  });

  test('begins anew when it has come to the end', async () => {
    const { world, custody } = patrolled();
    await write(world, 'journal-1', 1);
    expect(await patrol(custody, async () => {})).toBe(1);
    expect(await patrol(custody, async () => {})).toBe(0);
    expect(await patrol(custody, async () => {})).toBe(1);
  });
});
