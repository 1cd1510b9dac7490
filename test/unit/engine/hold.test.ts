import { describe, expect, test } from 'vitest';
import type { Control } from '../../../shared/domain/control.ts';
import { Fault } from '../../../shared/domain/fault.ts';
import type { Run } from '../../../shared/domain/run.ts';
import type { Engine } from '../../../shared/engine/engine.ts';
import { budgetNow, countedAs, heldByBudget, heldByControls, systemOf } from '../../../shared/engine/hold.ts';
import type { Journal } from '../../../shared/engine/journal.ts';
import { opened, runFrom, stepOf } from '../../support/domain-run.ts';
import { t0 } from '../../support/domain-time.ts';
import { stackOf } from '../../support/engine.ts';
import { audited } from '../../support/forgery.ts';

const disable = stepOf('1.1', 'disable-user', 'reversible');
const run = runFrom(opened());
const stop = (scope: Control['scope'], name: string | null): Control => ({
  ...{ kind: 'stop', scope, name, by: 'x', byName: 'Sam', at: t0, reason: 'wrong people' },
});

/** A journal that only says what would be written. */
function journalOf(standing: Run = run) {
  const noted: object[] = [];
  let now = standing;
  const note = async (type: string, data: { reason: string }) => {
    noted.push({ type, ...data });
    now = { ...now, held: { reason: data.reason, at: t0 } };
  };
  return { noted, journal: { run: () => now, note } as unknown as Journal };
}

describe('held by what is stopped', () => {
  test('with every stop that is on it, said once', async () => {
    const { engine } = stackOf([]);
    const { noted, journal } = journalOf();
    expect(await heldByControls(engine, journal, disable)).toBe(false);
    await engine.controls.put(stop('all', null));
    await engine.controls.put(stop('action', 'disable-user'));
    await engine.controls.put(stop('action', 'delete-user'));
    for (let looks = 0; looks < 2; looks += 1) expect(await heldByControls(engine, journal, disable)).toBe(true);
    expect(noted).toEqual([
      { type: 'held', reason: 'Sam stopped action disable-user: wrong people; Sam stopped everything: wrong people' },
    ]);
  });

  test('never while it is taken back', async () => {
    const { engine } = stackOf([]);
    await engine.controls.put(stop('all', null));
    const undo = { by: 'x', byName: 'X', reason: 'x', at: t0, reopened: 0, ended: null };
    expect(await heldByControls(engine, journalOf({ ...run, undo }).journal, disable)).toBe(false);
    expect(await heldByBudget(engine, journalOf({ ...run, undo }).journal, disable)).toBe(false);
  });
});

describe('held by a budget', () => {
  const full = (change: (engine: Engine) => Partial<Engine> = () => ({})) => {
    const stack = stackOf([]);
    const asked: object[] = [];
    const budgets: Engine['budgets'] = {
      ...stack.engine.budgets,
      reserve: async (wanted) => {
        asked.push(wanted);
        return { granted: false, period: 'hour', used: 2, limit: 2 } as never;
      },
    };
    const engine = { ...stack.engine, budgets };
    return { stack, asked, engine: { ...engine, ...change(engine) } };
  };

  test('the playbook is quarantined, and one entry says so however often it looks', async () => {
    const { stack, asked, engine } = full();
    const { noted, journal } = journalOf();
    expect(await heldByBudget(engine, journal, disable)).toBe(true);
    expect(asked).toMatchObject([{ class: 'reversible', system: 'the directory', key: 'run-1:1.1' }]);
    expect(await engine.controls.list()).toMatchObject([{ kind: 'quarantine', name: 'review' }]);
    expect(noted).toMatchObject([
      { type: 'held', reason: expect.stringMatching(/^Quell quarantined playbook review: /) },
    ]);
    expect(await audited(stack)).toMatchObject([{ what: 'execution', code: 'budget-full', run: 'run-1', by: null }]);
    for (const control of await engine.controls.list()) await engine.controls.remove(control);
    expect(await heldByBudget(engine, journal, disable)).toBe(true);
    expect(await audited(stack)).toHaveLength(1);
  });

  test('what a person stopped is stopped, and not in quarantine as well', async () => {
    const { stack, engine } = full();
    await engine.controls.put(stop('all', null));
    expect(await heldByBudget(engine, journalOf().journal, disable)).toBe(true);
    expect((await engine.controls.list()).map(({ kind }) => kind)).toEqual(['stop']);
    expect(await audited(stack)).toEqual([]);
  });

  test('word and notes take no place in any', async () => {
    const { asked, engine } = full();
    expect(await heldByBudget(engine, journalOf().journal, stepOf('1.1', 'notify', 'notify'))).toBe(false);
    expect(asked).toEqual([]);
  });

  test.each([
    ['reversible', 'reversible'],
    ['destructive', 'destructive'],
    ['annotate', null],
    ['notify', null],
  ] as const)('%s counts as %s', (risk, counted) => {
    expect(countedAs(stepOf('1', 'x', risk))).toBe(counted);
  });

  test('an account is of the directory, access of its system', () => {
    const { engine } = stackOf([]);
    expect(systemOf(engine, run, disable)).toBe('the directory');
    const access = stepOf('1', 'assign-read-only', 'reversible');
    expect(systemOf(engine, run, access)).toBe(`azure ${run.opened.system.id}`);
  });
});

describe('a budget in percent', () => {
  const wide = { hour: 100, day: 100, week: 100, month: 100 };
  const withPercent = (count: () => Promise<number>): Engine => {
    const { engine } = stackOf([]);
    const budgets = { reversible: { ...wide, percent: { hour: 1, day: 2, week: 3, month: 4 } }, destructive: wide };
    const directory = { ...engine.world.directory, userCount: count };
    return { ...engine, world: { ...engine.world, directory }, limits: { ...engine.limits, budgets } } as Engine;
  };

  test('is of the users there are now; without one, nobody is counted', async () => {
    let counts = 0;
    const engine = withPercent(async () => {
      counts += 1;
      return 1000;
    });
    const inPercent = await budgetNow(engine, 'reversible');
    expect([inPercent.hour, inPercent.day]).toEqual([10, 20]);
    expect(await budgetNow(engine, 'destructive')).toEqual(wide);
    expect(counts).toBe(1);
  });

  test('that cannot be counted lets nothing be done', async () => {
    const cause = new Fault('halt', 'odd', 'x');
    const engine = withPercent(() => Promise.reject(cause));
    await expect(budgetNow(engine, 'reversible')).rejects.toMatchObject({
      ...{ disposition: 'retry', code: 'users-uncounted', retryAfterMs: 60_000, cause },
      message: 'How many users there are cannot be read, so nothing is done.',
    });
  });
});
