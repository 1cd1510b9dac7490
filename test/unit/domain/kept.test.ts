import { describe, expect, test } from 'vitest';
import { keptAs, keptSteps } from '../../../shared/domain/kept.ts';
import type { PlannedStep } from '../../../shared/domain/plan.ts';
import type { Step } from '../../../shared/domain/playbook.ts';
import type { Run } from '../../../shared/domain/run.ts';
import { opened, planFor, runFrom, stepOf, type Told, verified, waiting } from '../../support/domain-run.ts';
import { at, day, t0 } from '../../support/domain-time.ts';

const settings = { role: 'Reader' };
const planned: readonly PlannedStep[] = [
  stepOf('1.1', 'assign-read-only', 'reversible', { settings }),
  { key: '1.2', wait: 'P30D', ms: 30 * day },
  { key: '1.3', prove: 'again' },
  stepOf('1.4', 'delete-user', 'destructive'),
];
const steps: readonly Step[] = [
  { action: 'assign-read-only', with: settings },
  { wait: 'P30D' },
  { prove: 'again' },
  { action: 'delete-user', with: {} },
];
const done = [verified('1.1'), waiting('1.2', at(day)), verified('1.3'), verified('1.4')];

/** The keys of what is kept of a run that had done this, where the playbook says that now. */
async function kept(
  told: readonly Told[] = done,
  { wanted = steps, choice = 'remove', now = at(day), stands = async () => true as boolean, plan = planned } = {},
): Promise<readonly string[]> {
  const redriven = { by: 'p-1', byName: 'Pat', reason: 'again', at: t0, plan: planFor('remove', plan) };
  const run: Run = { ...runFrom(opened(), ...told), redriven };
  return (await keptSteps({ run, choice, now }, wanted, stands)).map(({ key }) => key);
}

describe('what a redriven run keeps', () => {
  test('is all that was done, in order, where the playbook still says so', async () => {
    expect(await kept()).toEqual(['1.1', '1.2', '1.3', '1.4']);
  });

  test('ends before the first step that is not behind it', async () => {
    expect(await kept([verified('1.1'), verified('1.3'), verified('1.4')])).toEqual(['1.1']);
    expect(await kept(done, { now: at(day - 1) })).toEqual(['1.1']);
    expect(await kept(done.slice(0, 2))).toEqual(['1.1', '1.2']);
    expect(await kept([])).toEqual([]);
  });

  test.each<readonly [string, number, Step]>([
    ['another action', 0, { action: 'disable-user', with: settings }],
    ['other settings', 0, { action: 'assign-read-only', with: {} }],
    ['a wait', 0, { wait: 'P30D' }],
    ['another wait', 1, { wait: 'P7D' }],
    ['an action', 1, { action: 'disable-user', with: {} }],
    ['a proof', 1, { prove: 'again' }],
    ['a wait', 2, { wait: 'P30D' }],
    ['an action', 2, { action: 'disable-user', with: {} }],
    ['a proof', 3, { prove: 'again' }],
  ])('ends where the playbook says %s now (%i)', async (_what, index, step) => {
    const wanted = steps.map((one, position) => (position === index ? step : one));
    expect(await kept(done, { wanted })).toEqual(['1.1', '1.2', '1.3', '1.4'].slice(0, index));
  });

  test('ends where the playbook says no more', async () => {
    expect(await kept(done, { wanted: steps.slice(0, 2) })).toEqual(['1.1', '1.2']);
  });

  test('ends where what was done does not stand any more; nobody asks about what comes after', async () => {
    const asked: string[] = [];
    const stands = async (step: { key?: string } = {}) => {
      asked.push(step.key ?? '');
      return step.key !== '1.1';
    };
    expect(await kept(done, { stands: stands as () => Promise<boolean> })).toEqual([]);
    expect(asked).toEqual(['1.1']);
  });

  test('is nothing of another choice, or of a run that was never redriven', async () => {
    expect(await kept(done, { choice: 'keep' })).toEqual([]);
    const run = runFrom(opened(), ...done);
    expect(await keptSteps({ run, choice: 'remove', now: at(day) }, steps, async () => true)).toEqual([]);
  });
});

test('a kept step has nothing left to do, and its undo stays with the step that did it', () => {
  const [action, wait, prove] = planned;
  if (!action || !wait || !prove) throw new Error('there are three');
  expect(keptAs(action, '2.1')).toEqual({
    ...action,
    ...{ key: '2.1', calls: [], undo: [], undoNote: 'undone with step 1.1, which did it' },
  });
  expect(keptAs(wait, '2.2')).toEqual({ key: '2.2', wait: 'P30D', ms: 0 });
  expect(keptAs(prove, '2.3')).toEqual({ key: '2.3', prove: 'again' });
});
