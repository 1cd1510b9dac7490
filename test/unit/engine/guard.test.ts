import { describe, expect, test } from 'vitest';
import type { Engine } from '../../../shared/engine/engine.ts';
import { canBeRefused, guard, guardFacts, refusalsOf } from '../../../shared/engine/guard.ts';
import type { Journal } from '../../../shared/engine/journal.ts';
import { stepOf } from '../../support/domain-run.ts';
import { breakGlass, onlyRun, playbook, quiet, raise, stackOf } from '../../support/engine.ts';
import { approverGroup, assigned, subscription, userId } from '../../support/world-state.ts';

const id = userId(1);

async function planned() {
  const stack = stackOf([playbook('inactive-user-review')], 'approve');
  await raise(stack.engine);
  await quiet(stack);
  return { stack, engine: stack.engine, run: await onlyRun(stack) };
}

describe('what a guard could refuse', () => {
  test('is what changes something: neither word, nor an action with nothing left to do', () => {
    expect(canBeRefused(stepOf('1', 'delete-user', 'destructive'))).toBe(true);
    expect(canBeRefused(stepOf('1', 'exclude-from-reports', 'annotate'))).toBe(true);
    expect(canBeRefused(stepOf('1', 'delete-user', 'destructive', { calls: [] }))).toBe(false);
    expect(canBeRefused(stepOf('1', 'notify', 'notify'))).toBe(false);
  });

  test('is refused action by action; what cannot be refused is not asked about', async () => {
    const { engine, run } = await planned();
    const facts = { ...(await guardFacts(engine, run)), safety: { ...engine.safety, breakGlass: [id] } };
    const disable = stepOf('1', 'disable-user', 'reversible');
    const refused = refusalsOf(engine, facts, [disable, stepOf('2', 'delete-user', 'destructive')]);
    expect(refused.map(({ action }) => action)).toEqual(['disable-user', 'delete-user']);
    expect(refusalsOf(engine, facts, [{ ...disable, calls: [] }, stepOf('2', 'notify', 'notify')])).toEqual([]);
  });
});

describe('what the guards look at', () => {
  test('is read from the directory, the system and the exclusions, for this identity', async () => {
    const { stack, engine, run } = await planned();
    stack.far.change((state) => {
      state.groups[approverGroup]?.push(id);
      state.privileges[id] = [{ role: 'Helpdesk', scope: 'directory', held: 'active', through: 'direct' }];
      state.exclusions[`${subscription}/${id}`] = {
        ...{
          system: subscription,
          identity: id,
          reason: 'on leave',
          expiresAt: '2027-01-01T00:00:00.000Z',
          run: 'run-0',
        },
      };
    });
    expect(await guardFacts(engine, run)).toMatchObject({
      ...{ now: engine.clock(), run: run.id, approver: true, safety: engine.safety },
      presence: { state: 'live', user: { id } },
      privileges: [{ role: 'Helpdesk' }],
      exclusion: { reason: 'on leave' },
    });
  });

  test('is nobody who approves, and no power, where there is none', async () => {
    const { engine, run } = await planned();
    expect(await guardFacts(engine, run)).toMatchObject({ approver: false, privileges: [], exclusion: null });
  });

  test('is what the directory knows, where nothing is connected that knows the system', async () => {
    const { engine, run } = await planned();
    const blind: Engine = { ...engine, world: { ...engine.world, accessControl: {} } };
    expect((await guardFacts(blind, run)).privileges).toEqual([]);
  });

  test('tells roles that are held from those one activation away', async () => {
    const { stack, engine, run } = await planned();
    const owner = assigned(id, { roleName: 'Owner', name: 'bbbbbbbb-0000-4000-8000-0000000000ff' });
    stack.far.change((state) => {
      state.assignments.owner = owner;
      state.eligible.push(owner);
    });
    expect((await guardFacts(engine, run)).privileges).toMatchObject([
      { role: 'Owner', held: 'active', through: 'direct' },
      { role: 'Owner', held: 'eligible', through: 'direct' },
    ]);
  });
});

test('every plan is put before the guards, and each refusal written down under its choice', async () => {
  const { engine, run } = await planned();
  const noted: object[] = [];
  const journal = { run: () => run, note: async (...entry: object[]) => void noted.push(entry) } as unknown as Journal;
  const strict: Engine = { ...engine, safety: { ...engine.safety, breakGlass: [breakGlass, id] } };
  await guard(strict, journal);
  expect(noted).toMatchObject([
    ['guarded', { choices: (run.plans ?? []).map(({ choice, digest }) => ({ choice, digest })) }],
  ]);
  const [, { choices }] = Object(noted[0]);
  for (const { choice, refusals } of choices)
    expect([choice, refusals.map(({ guard: by }: { guard: string }) => by)]).toEqual([
      choice,
      expect.arrayContaining(['break-glass']),
    ]);
  noted.length = 0;
  await guard(engine, { ...journal, run: () => ({ ...run, plans: null }) });
  expect(noted).toEqual([['guarded', { choices: [] }]]);
});
