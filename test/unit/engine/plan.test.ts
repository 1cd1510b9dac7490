import { describe, expect, test } from 'vitest';
import type { Step } from '../../../shared/domain/playbook.ts';
import type { Run } from '../../../shared/domain/run.ts';
import type { Engine } from '../../../shared/engine/engine.ts';
import type { Journal } from '../../../shared/engine/journal.ts';
import { actionNamed, plan } from '../../../shared/engine/plan.ts';
import { systemScope } from '../../../shared/engine/prove.ts';
import { onlyRun, playbook, quiet, raise, stackOf } from '../../support/engine.ts';
import { day } from '../../support/world-clock.ts';

async function planned(steps: readonly Step[], localWaitMs: number | null = null) {
  const choices = { first: { label: 'First', steps }, second: { label: 'Second', steps } };
  const stack = stackOf([playbook('inactive-user-delete', { choices })], 'approve');
  const engine: Engine = { ...stack.engine, limits: { ...stack.engine.limits, localWaitMs } };
  await raise(engine);
  await quiet(stack, engine);
  return { engine, run: await onlyRun(stack) };
}

const disable = { action: 'disable-user', with: {} };
const waits = [disable, { wait: 'P2D' }, { prove: 'again' }] as const;
const stepsOf = ({ run }: { run: Run }) => (run.plans ?? []).flatMap(({ steps }) => steps);

describe('a plan', () => {
  test('has a number for each step, counted over all choices', async () => {
    const steps = stepsOf(await planned(waits));
    expect(steps.map(({ key }) => key)).toEqual(['1.1', '1.2', '1.3', '1.4', '1.5', '1.6']);
    expect(steps.slice(0, 3)).toMatchObject([
      { action: 'disable-user', risk: 'reversible', settings: {} },
      { wait: 'P2D', ms: 2 * day },
      { prove: 'again' },
    ]);
  });

  test('waits no longer than a trial does, and no longer than it says', async () => {
    expect(stepsOf(await planned(waits, 5000))[1]).toMatchObject({ wait: 'P2D', ms: 5000 });
    expect(stepsOf(await planned(waits, 3 * day))[1]).toMatchObject({ ms: 2 * day });
  });

  test('is not made before it is proved', async () => {
    const { engine, run } = await planned([disable]);
    const journal = { run: () => ({ ...run, proof: null }) } as Journal;
    await expect(plan(engine, journal)).rejects.toMatchObject({
      ...{ disposition: 'halt', code: 'unproved' },
      message: `${run.id} was to be planned before it was proved.`,
    });
  });
});

test('an action that is not there is a broken invariant: playbooks are checked when they are loaded', async () => {
  const { engine } = await planned([disable]);
  expect(actionNamed(engine.actions, 'disable-user').name).toBe('disable-user');
  expect(() => actionNamed(engine.actions, 'disable-usr')).toThrow(
    expect.objectContaining({
      disposition: 'halt',
      code: 'unknown-action',
      message: 'There is no action disable-usr.',
    }),
  );
});

test('the whole of a system is its subscription, or what it calls itself', () => {
  expect(systemScope({ type: 'azure', id: 'x', name: 'X' })).toBe('/subscriptions/x');
  expect(systemScope({ type: 'aws', id: 'x', name: 'X' })).toBe('/x');
});
