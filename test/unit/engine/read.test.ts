import { describe, expect, test } from 'vitest';
import { readAlert, readRun, readRuns } from '../../../shared/engine/read.ts';
import { expectFault } from '../../support/adapters-storage.ts';
import { claims, onlyRun, playbook, quiet, raise, stackOf, start } from '../../support/engine.ts';
import { userId } from '../../support/world-state.ts';

async function observed(...numbers: readonly number[]) {
  const stack = stackOf([playbook('inactive-user-delete')], 'observe');
  const nominations = numbers.map((n) => ({ kind: 'user', by: 'id', value: userId(n) }) as const);
  await raise(stack.engine, claims({ nominations }));
  await quiet(stack);
  const alert = [...stack.journals].find((one) => one.startsWith('alert-')) ?? '';
  return { stack, engine: stack.engine, alert };
}

test('a run that is listed and not begun yet is no run, and no fault', async () => {
  const { engine } = stackOf([]);
  await engine.index.list({ run: 'run-1', alert: 'alert-1', identity: 'id-1', receivedAt: start });
  expect(await readRuns(engine, { limit: 10 })).toEqual([]);
});

describe('runs in rows', () => {
  test('of everything, of one identity, of one alert, and of both', async () => {
    const { engine, alert } = await observed(1, 2, 3);
    const ids = async (query: Parameters<typeof readRuns>[1]) =>
      (await readRuns(engine, query)).map(({ identity }) => identity.id).sort();
    expect(await ids({ limit: 10 })).toEqual([userId(1), userId(2), userId(3)]);
    expect(await ids({ limit: 10, identity: userId(2) })).toEqual([userId(2)]);
    expect(await ids({ limit: 10, alert })).toEqual([userId(1), userId(2), userId(3)]);
    expect(await ids({ limit: 10, alert, identity: userId(3) })).toEqual([userId(3)]);
    expect(await ids({ limit: 2, alert })).toHaveLength(2);
  });

  test('none where the alert has no answer yet, or does not exist', async () => {
    const { engine } = await observed(1);
    const { alert } = Object(await raise(engine, claims({ dedupeKey: 'another' })));
    expect(await readRuns(engine, { limit: 10, alert })).toEqual([]);
    expect(await readRuns(engine, { limit: 10, alert: 'alert-none' })).toEqual([]);
  });
});

describe('one journal', () => {
  test('of a run has its row, its plans and every entry, and says whether its chain is whole', async () => {
    const { stack, engine } = await observed(1);
    const run = await onlyRun(stack);
    const entries = await engine.ledger.read(run.id);
    expect(await readRun(engine, run.id)).toMatchObject({
      ...{ run: { id: run.id, state: 'observed' }, asked: null, break: null },
      entries: entries.map(({ hash }) => ({ hash })),
      plans: run.plans?.map(({ digest }) => ({ digest })),
    });
    const read = async () => entries.map((entry, at) => (at === 1 ? { ...entry, actor: 'somebody' } : entry));
    const changed = { ...engine, ledger: { ...engine.ledger, read } };
    expect(await readRun(changed, run.id)).toMatchObject({ break: { sequence: 2 } });
  });

  test('of an alert has every entry, and is not there where there is none', async () => {
    const { engine, alert } = await observed(1);
    expect(await readAlert(engine, alert)).toMatchObject({
      ...{ alert, break: null },
      entries: [{ type: 'alert-received' }, { type: 'alert-answered' }],
    });
    await expectFault(readAlert(engine, 'alert-none'), 'reject', 'unknown-alert');
    await expect(readAlert(engine, 'alert-none')).rejects.toMatchObject({
      ...{ status: 404, message: 'There is no alert alert-none.' },
    });
  });
});
