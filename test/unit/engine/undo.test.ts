import { describe, expect, test } from 'vitest';
import { Fault } from '../../../shared/domain/fault.ts';
import { type Entry, entryAfter } from '../../../shared/domain/ledger.ts';
import { advance } from '../../../shared/engine/advance.ts';
import { undo } from '../../../shared/engine/undo.ts';
import {
  approver,
  nextDue,
  onlyRun,
  playbook,
  quiet,
  raise,
  type Stack,
  stackOf,
  types,
  untilEnd,
} from '../../support/engine.ts';
import { audited } from '../../support/forgery.ts';
import { minute } from '../../support/world-clock.ts';
import { userId } from '../../support/world-state.ts';

const id = userId(1);

async function disabled(): Promise<Stack> {
  const steps = [{ action: 'disable-user', with: {} }];
  const one = playbook('inactive-user-delete', { choices: { only: { label: 'Only', steps } } });
  const stack = stackOf([one], 'enforce');
  await raise(stack.engine);
  await untilEnd(stack);
  expect(stack.far.state.live[id]?.enabled).toBe(false);
  return stack;
}

const take = async (stack: Stack) => undo(stack.engine, (await onlyRun(stack)).id, 'was needed', approver);

describe('taking back', () => {
  test('puts it as it was, and says so', async () => {
    const stack = await disabled();
    await take(stack);
    await untilEnd(stack);
    const run = await onlyRun(stack);
    expect(run.undo?.ended).toMatchObject({ outcome: 'undone', reason: 'as it was before: disable-user' });
    expect(stack.far.state.live[id]?.enabled).toBe(true);
    expect((await types(stack, run.id)).filter((type) => type === 'undo-decided')).toHaveLength(1);
  });

  test('twice is once', async () => {
    const stack = await disabled();
    await take(stack);
    await take(stack);
    const run = await onlyRun(stack);
    expect((await types(stack, run.id)).filter((type) => type === 'undo-decided')).toHaveLength(1);
  });

  test('is undone again where a late worker put it back', async () => {
    const stack = await disabled();
    await take(stack);
    stack.clock.move(minute);
    const { id: run } = await onlyRun(stack);
    await advance(stack.engine, run);
    expect(stack.far.state.live[id]?.enabled).toBe(true);
    stack.far.change((state) => Object.assign(state.live[id] ?? {}, { enabled: false }));
    await untilEnd(stack);
    expect(await types(stack, run)).toContain('undo-reopened');
    expect(stack.far.state.live[id]?.enabled).toBe(true);
    expect((await onlyRun(stack)).undo?.ended?.outcome).toBe('undone');
  });

  test('is given up where somebody does it again for ever, and says so', async () => {
    const stack = await disabled();
    await take(stack);
    const { id: run } = await onlyRun(stack);
    for (let looks = 0; looks < 12; looks += 1) {
      stack.clock.move(minute);
      await advance(stack.engine, run);
      stack.far.change((state) => Object.assign(state.live[id] ?? {}, { enabled: false }));
    }
    const reopened = (await types(stack, run)).filter((type) => type === 'undo-reopened');
    expect(reopened).toHaveLength(8);
    expect((await onlyRun(stack)).undo?.ended).toMatchObject({
      outcome: 'partly-undone',
      reason: 'disable-user did not stay undone, 8 times over: somebody does it again',
    });
  });

  test('is not possible where the run has ended and changed nothing', async () => {
    const stack = stackOf([playbook('inactive-user-delete')], 'observe');
    await raise(stack.engine);
    await untilEnd(stack);
    await expect(take(stack)).rejects.toMatchObject({
      disposition: 'reject',
      code: 'nothing-to-undo',
      message: expect.stringContaining('cannot be undone: it changed nothing.'),
    });
  });

  test('is not possible where what was done cannot be undone, and that is named', async () => {
    const stack = await disabled();
    const { id: run } = await onlyRun(stack);
    const entries = await stack.engine.ledger.read(run);
    const without = JSON.parse(JSON.stringify(entries).replaceAll(/"undo":\[[^\]]*\]/g, '"undo":null'));
    const chained: Entry[] = [];
    for (const { time, type, actor, data } of without)
      chained.push(entryAfter(run, chained.at(-1) ?? null, { time, type, actor, data }));
    const ledger = { ...stack.engine.ledger, read: async () => chained };
    await expect(undo({ ...stack.engine, ledger }, run, 'x', approver)).rejects.toMatchObject({
      ...{ code: 'nothing-to-undo', message: `${run} cannot be undone: disable-user cannot be undone.` },
    });
  });

  test('is not for whom it is about, whatever else they may; the refusal leaves one entry', async () => {
    const stack = await disabled();
    const { id: run } = await onlyRun(stack);
    const self = { ...approver, id: id.toUpperCase() };
    await expect(undo(stack.engine, run, 'was needed', self)).rejects.toMatchObject({
      ...{ disposition: 'refuse', code: 'own-case', message: 'Nobody decides about themselves.' },
    });
    expect(await audited(stack)).toMatchObject([
      { what: 'undo', channel: 'api', run, by: self.id, byName: 'Ada', code: 'own-case' },
    ]);
    expect((await onlyRun(stack)).undo).toBeNull();
    const nobody = { ...approver, roles: [] };
    await expect(undo(stack.engine, run, 'x', nobody)).rejects.toMatchObject({ code: 'role-missing' });
  });

  test('leaves a hint that says why', async () => {
    const stack = await disabled();
    const hints: unknown[][] = [];
    const bus = { ...stack.engine.bus, run: async (...hint: unknown[]) => void hints.push(hint) };
    const { id: run } = await onlyRun(stack);
    await undo({ ...stack.engine, bus }, run, 'was needed', approver);
    expect(hints).toEqual([[run, id, { reason: 'undo' }]]);
  });

  test('is told that the run moved, where it did, and that it is broken where it is', async () => {
    const stack = await disabled();
    const failing = (fault: Fault) => ({
      ...stack.engine,
      ledger: { ...stack.engine.ledger, append: async () => Promise.reject(fault) },
    });
    const { id: run } = await onlyRun(stack);
    const moved = undo(failing(new Fault('conflict', 'entry-exists', 'x')), run, 'x', approver);
    await expect(moved).rejects.toMatchObject({
      disposition: 'conflict',
      code: 'run-moved',
      message: `${run} moved while you decided; try again.`,
    });
    const down = undo(failing(new Fault('retry', 'storage-down', 'x')), run, 'x', approver);
    await expect(down).rejects.toMatchObject({ code: 'storage-down' });
  });

  test('lets a run that waits do nothing else, and frees it at once', async () => {
    const stack = stackOf([playbook('inactive-user-delete')], 'enforce');
    await raise(stack.engine);
    await quiet(stack);
    await take(stack);
    await nextDue(stack);
    await untilEnd(stack);
    expect(stack.far.sent.some(({ call }) => call.method === 'DELETE')).toBe(false);
    expect(stack.far.state.live[id]?.enabled).toBe(true);
  });
});

describe('what never shows', () => {
  test('is looked for again and again, and then a person is needed', async () => {
    const stack = stackOf(
      [
        playbook('inactive-user-delete', {
          choices: { only: { label: 'Only', steps: [{ action: 'disable-user', with: {} }] } },
        }),
      ],
      'enforce',
    );
    stack.far.lagMs = 90 * 86_400_000;
    await raise(stack.engine);
    await untilEnd(stack);
    const run = await onlyRun(stack);
    expect(run.ended).toMatchObject({
      outcome: 'failed',
      reason: 'disable-user: every call succeeded, but the change never showed',
    });
    const all = await types(stack, run.id);
    expect(all.filter((type) => type === 'step-intended')).toHaveLength(1);
    expect(all.filter((type) => type === 'step-deferred')).toHaveLength(7);
    expect(stack.far.sent).toHaveLength(1);
    const entries = await stack.engine.ledger.read(run.id);
    const deferred = entries.filter(({ type }) => type === 'step-deferred');
    expect(deferred.map(({ data }) => [data.attempt, data.reason])).toEqual(
      [2, 3, 4, 5, 6, 7, 8].map((attempt) => [attempt, 'not to be seen yet']),
    );
    const [first] = deferred;
    expect(Date.parse(String(first?.data.until)) - Date.parse(first?.time ?? '')).toBe(2000);
    expect(entries.find(({ type }) => type === 'step-failed')?.data).toMatchObject({ code: 'not-verified' });
  });

  test('a moment later is enough', async () => {
    const stack = stackOf(
      [
        playbook('inactive-user-delete', {
          choices: { only: { label: 'Only', steps: [{ action: 'disable-user', with: {} }] } },
        }),
      ],
      'enforce',
    );
    stack.far.lagMs = 3_000;
    await raise(stack.engine);
    await quiet(stack);
    const run = await onlyRun(stack);
    expect(run.ended?.outcome).toBe('done');
    expect(await types(stack, run.id)).not.toContain('step-deferred');
  });
});
