import { describe, expect, test } from 'vitest';
import { Fault } from '../../../shared/domain/fault.ts';
import type { Engine } from '../../../shared/engine/engine.ts';
import { factsFor } from '../../../shared/engine/facts.ts';
import { onlyRun, playbook, quiet, raise, type Stack, stackOf } from '../../support/engine.ts';
import { assigned, pathOf, userId, type WorldState } from '../../support/world-state.ts';

const id = userId(1);

async function asked(change: (state: WorldState) => void = () => {}): Promise<Stack> {
  const stack = stackOf([playbook('inactive-user-review')], 'approve');
  await raise(stack.engine);
  await quiet(stack);
  stack.far.change(change);
  return stack;
}

const factsOf = async (stack: Stack, engine: Engine = stack.engine) => {
  const facts = await factsFor(engine, await onlyRun(stack));
  return Object.fromEntries(facts.map(({ fact, value }) => [fact, value]));
};

describe('what somebody who is asked is told', () => {
  test('is the account, its roles and licences, and the room in the budgets, each with where it is from', async () => {
    const stack = await asked();
    expect(await factsFor(stack.engine, await onlyRun(stack))).toEqual([
      { fact: 'account', value: 'enabled, member, cloud only', source: 'graph' },
      { fact: 'created', value: '2020-01-01T00:00:00.000Z', source: 'graph' },
      { fact: 'licences', value: 1, source: 'graph' },
      { fact: 'directoryRoles', value: [], source: 'graph' },
      { fact: 'systemRoles', value: ['Contributor'], source: 'azure' },
      { fact: 'budgetLeft', value: expect.stringContaining('100 reversible in Sandbox'), source: 'budget' },
    ]);
  });

  test.each([
    [{ enabled: false }, 'sign-in blocked, member, cloud only'],
    [{ guest: true }, 'enabled, guest, cloud only'],
    [{ synced: true }, 'enabled, member, synced from on-premises'],
  ])('%j is said', async (change, words) => {
    const stack = await asked(({ live }) => Object.assign(live[id] ?? {}, change));
    expect(await factsOf(stack)).toMatchObject({ account: words });
  });

  test('of an account that is deleted, or not there', async () => {
    const gone = await asked(({ live, deleted }) => {
      const user = live[id];
      if (user) deleted[id] = user;
      delete live[id];
    });
    expect(await factsOf(gone)).toMatchObject({ account: 'deleted', licences: 1 });
    const never = await asked(({ live }) => {
      delete live[id];
    });
    expect(await factsOf(never)).toMatchObject({ account: 'absent' });
    expect(Object.keys(await factsOf(never))).toEqual(['account', 'directoryRoles', 'systemRoles', 'budgetLeft']);
  });

  test('roles that are held and those one activation away, each once with how often', async () => {
    const more = assigned(id, { name: 'bbbbbbbb-0000-4000-8000-0000000000aa' });
    const stack = await asked((state) => {
      state.assignments[pathOf(more)] = more;
      state.eligible.push(assigned(id, { roleName: 'Owner' }));
      state.privileges[id] = [
        { role: 'Helpdesk', scope: 'directory', held: 'active', through: 'direct' },
        { role: 'Auditor', scope: 'directory', held: 'eligible', through: 'direct' },
      ];
    });
    expect(await factsOf(stack)).toMatchObject({
      directoryRoles: ['Helpdesk', 'Auditor (eligible)'],
      systemRoles: ['Contributor × 2', 'Owner (eligible)'],
    });
  });

  test('room is told once for each kind of change that the choices would make, and only for those', async () => {
    const stack = await asked();
    const { budgetLeft } = await factsOf(stack);
    expect(String(budgetLeft).split(', ').sort()).toEqual([
      '100 destructive in the directory',
      '100 reversible in Sandbox',
      '100 reversible in the directory',
    ]);
    const one = await onlyRun(stack);
    const idle = (one.plans ?? []).map((plan) => ({
      ...plan,
      steps: plan.steps.map((step) => ('action' in step ? { ...step, calls: [] } : step)),
    }));
    const left = await factsFor(stack.engine, { ...one, plans: idle });
    expect(left.map(({ fact }) => fact)).not.toContain('budgetLeft');
    const run = { ...one, plans: null };
    expect((await factsFor(stack.engine, run)).map(({ fact }) => fact)).not.toContain('budgetLeft');
  });
});

describe('what cannot be read', () => {
  const withDirectory = (stack: Stack, error: Error): Engine => {
    const { world } = stack.engine;
    const directory = { ...world.directory, privileges: () => Promise.reject(error) };
    return { ...stack.engine, world: { ...world, directory } };
  };

  test('says so, and leaves the rest as it is', async () => {
    const stack = await asked();
    const facts = await factsFor(withDirectory(stack, new Fault('retry', 'busy', 'x')), await onlyRun(stack));
    expect(facts).toContainEqual({ fact: 'directoryRoles', value: 'could not be read (busy)', source: 'graph' });
    expect(facts.map(({ fact }) => fact)).toContain('systemRoles');
  });

  test.each([
    ['account', 'graph', { directory: { presence: true } }],
    ['directoryRoles', 'graph', { directory: { privileges: true } }],
    ['systemRoles', 'azure', { access: true }],
    ['budgetLeft', 'budget', { budgets: true }],
  ] as const)('of %s says so under its own name, from %s', async (fact, source, broken) => {
    const stack = await asked();
    const { world, budgets } = stack.engine;
    const down = () => Promise.reject(new Fault('retry', 'down', 'x'));
    const { azure } = world.accessControl;
    if (!azure) throw new Error('no azure');
    const directory =
      'directory' in broken ? Object.fromEntries(Object.keys(broken.directory).map((of) => [of, down])) : {};
    const engine: Engine = {
      ...stack.engine,
      world: {
        ...world,
        directory: { ...world.directory, ...directory },
        accessControl: { azure: 'access' in broken ? { ...azure, access: down } : azure },
      },
      budgets: 'budgets' in broken ? { ...budgets, left: down } : budgets,
    };
    const facts = await factsFor(engine, await onlyRun(stack));
    expect(facts.filter(({ value }) => String(value).startsWith('could not'))).toEqual([
      { fact, value: 'could not be read (down)', source },
    ]);
  });

  test('is not said of a mistake of ours', async () => {
    const stack = await asked();
    await expect(factsFor(withDirectory(stack, new TypeError('ours')), await onlyRun(stack))).rejects.toThrow('ours');
  });

  test('is left out where nothing is connected that knows the system', async () => {
    const stack = await asked();
    const engine: Engine = { ...stack.engine, world: { ...stack.engine.world, accessControl: {} } };
    expect(Object.keys(await factsOf(stack, engine))).toEqual([
      ...['account', 'created', 'licences', 'directoryRoles', 'budgetLeft'],
    ]);
  });
});
