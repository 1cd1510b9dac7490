import { describe, expect, test } from 'vitest';
import { picksOf } from '../../../shared/domain/choice-id.ts';
import { Fault } from '../../../shared/domain/fault.ts';
import { click, stray } from '../../../shared/engine/click.ts';
import { decide } from '../../../shared/engine/decide.ts';
import type { Engine } from '../../../shared/engine/engine.ts';
import { approver, onlyRun, other, playbook, quiet, raise, stackOf, untilEnd } from '../../support/engine.ts';
import { audited } from '../../support/forgery.ts';

/** What the engine makes of a button that was pressed; what Teams makes of it is in `click.test.ts`. */
async function asked() {
  const stack = stackOf([playbook('inactive-user-review')], 'approve');
  await raise(stack.engine);
  await quiet(stack);
  const run = await onlyRun(stack);
  const engine: Engine = { ...stack.engine, sleep: () => new Promise(() => {}) };
  const pickOf = (choice: string | null) => picksOf(run).find((one) => one.choice === choice)?.id ?? '';
  const press = (
    choice: string | null,
    { who = approver, reason = null as string | null, pick = pickOf(choice) } = {},
  ) => click(engine, { kind: 'click', who: { id: who.id, name: who.name }, run: run.id, pick, reason });
  return { stack, run, engine, press };
}

describe('a button that is pressed', () => {
  test('decides for whoever pressed it, on the plan it stands for', async () => {
    const { press } = await asked();
    expect(await press('needed')).toMatchObject({ card: { decision: { by: approver.id, choice: 'needed' } } });
  });

  test('of another question is out of date, and leaves one entry', async () => {
    const { stack, run, press } = await asked();
    const sentence = 'This card is out of date: what it asked is no longer the question. Look at the newest one.';
    expect(await press('needed', { pick: 'choice-none' })).toEqual({ sentence });
    expect(await audited(stack)).toEqual([
      {
        ...{ what: 'decision', channel: 'teams', run: run.id, by: approver.id, byName: 'Ada' },
        ...{ code: 'stale-card', reason: sentence },
      },
    ]);
  });

  test('of a run that has ended says how it did', async () => {
    const { stack, press } = await asked();
    await untilEnd(stack);
    expect(await press('needed', { pick: 'choice-none' })).toEqual({ sentence: 'This has ended: expired.' });
  });

  test('of no run is refused, and leaves one entry', async () => {
    const { stack, engine } = await asked();
    const who = { id: approver.id, name: approver.name };
    const reply = await click(engine, { kind: 'click', who, run: 'run-none', pick: 'x', reason: null });
    expect(reply).toMatchObject({ sentence: expect.stringContaining('run-none') });
    expect(await audited(stack)).toHaveLength(1);
  });

  test('again within two minutes is the same press; later it is not', async () => {
    const { stack, press } = await asked();
    await press('needed');
    stack.clock.move(120_000);
    expect(await press('needed')).toMatchObject({ card: { decision: { choice: 'needed' } } });
    expect(await audited(stack)).toEqual([]);
    stack.clock.move(1);
    const at = (await onlyRun(stack)).decision?.at;
    expect(await press('needed')).toEqual({ sentence: `You decided this already, at ${at}.` });
    expect(await audited(stack)).toMatchObject([{ code: 'replayed' }]);
  });

  test('later by somebody else, or for something else, is told who was first', async () => {
    const { stack, press } = await asked();
    await press('needed');
    stack.clock.move(300_000);
    expect(await press('needed', { who: other })).toEqual({ sentence: 'Ada has decided this already.' });
    expect(await press('remove')).toEqual({ sentence: 'Ada has decided this already.' });
    expect((await audited(stack)).map(({ code }) => code)).toEqual(['already-decided', 'already-decided']);
  });

  test('to reject needs a reason', async () => {
    const { press } = await asked();
    expect(await press(null)).toEqual({ missing: 'A reason is needed to reject.' });
    expect(await press(null, { reason: 'on leave' })).toMatchObject({ card: { ended: null } });
  });
});

describe('what went wrong', () => {
  const failing = async (fault: Fault) => {
    const { run, engine } = await asked();
    const directory = { ...engine.world.directory, groupsAmong: () => Promise.reject(fault) };
    const ledger = { ...engine.ledger, read: () => Promise.reject(fault) };
    const who = { id: approver.id, name: approver.name };
    const pressed = { kind: 'click', who, run: run.id, pick: picksOf(run)[0]?.id ?? '', reason: null } as const;
    const world = { ...engine.world, directory };
    return [await click({ ...engine, world }, pressed), await click({ ...engine, ledger }, pressed)];
  };
  const nothing = {
    missing: 'Nothing was decided: something is not to be reached now. Press it again in a minute.',
  };

  test('on our side is not told, only that nothing was decided', async () => {
    expect(await failing(new Fault('retry', 'busy', 'secret'))).toEqual([nothing, nothing]);
    expect(await failing(new Fault('halt', 'odd', 'secret'))).toEqual([nothing, nothing]);
  });

  test.each(['refuse', 'reject', 'conflict'] as const)(
    'on the side of who pressed it is told: %s',
    async (disposition) => {
      const [, told] = await failing(new Fault(disposition, 'odd', 'what is wrong'));
      expect(told).toEqual({ sentence: 'what is wrong' });
    },
  );
});

test('what no button of ours sends leaves one entry and one sentence', async () => {
  const { stack, engine, run } = await asked();
  const who = { id: approver.id, name: approver.name };
  const came = {
    kind: 'stray',
    who,
    run: run.id,
    code: 'wrong-data',
    message: 'No button of ours sends this.',
  } as const;
  expect(await stray(engine, came)).toEqual({ sentence: 'No button of ours sends this.' });
  expect(await audited(stack)).toEqual([
    {
      ...{ what: 'decision', channel: 'teams', run: run.id, by: approver.id, byName: 'Ada' },
      ...{ code: 'wrong-data', reason: 'No button of ours sends this.' },
    },
  ]);
  expect((await onlyRun(stack)).decision).toBeNull();
  await expect(
    decide(engine, run.id, { choice: 'needed', digest: null, reason: null }, approver),
  ).rejects.toMatchObject({ code: 'plan-changed' });
});
