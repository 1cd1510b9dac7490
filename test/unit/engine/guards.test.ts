import { describe, expect, test } from 'vitest';
import type { Access } from '../../../shared/domain/access.ts';
import { advance } from '../../../shared/engine/advance.ts';
import type { Engine } from '../../../shared/engine/engine.ts';
import { beginOnly, claims, onlyRun, playbook, quiet, raise, stackOf, types, untilEnd } from '../../support/engine.ts';
import { assigned, pathOf, scope, userId } from '../../support/world-state.ts';

const id = userId(1);
const owner = { roleName: 'Owner', name: 'bbbbbbbb-0000-4000-8000-0000000000ff' };

describe('power in the system itself', () => {
  const none: Access = { direct: [], above: [], throughGroup: [], eligible: [] };
  const withAccess = (access: Partial<Access>) => {
    const stack = stackOf([playbook('inactive-user-delete')], 'enforce');
    const { azure } = stack.engine.world.accessControl;
    if (!azure) throw new Error('no azure');
    const control = { ...azure, access: async () => ({ ...none, ...access }) };
    const engine: Engine = { ...stack.engine, world: { ...stack.engine.world, accessControl: { azure: control } } };
    return { stack, engine };
  };

  test.each<readonly [string, Partial<Access>, string]>([
    ['held', { direct: [assigned(id, owner)] }, `Owner on ${scope}`],
    ['held above', { above: [assigned(id, { ...owner, scope: '/' })] }, 'Owner on /'],
    ['held through a group', { throughGroup: [assigned('a-group', owner)] }, `Owner on ${scope} through group a-group`],
    ['one activation away', { eligible: [assigned(id, owner)] }, `Owner (eligible) on ${scope}`],
    [
      'one activation away through a group',
      { eligible: [assigned('a-group', owner)] },
      `Owner (eligible) on ${scope} through group a-group`,
    ],
    [
      'held and one activation away',
      { direct: [assigned(id, owner)], eligible: [assigned(id, owner)] },
      `Owner on ${scope}; Owner (eligible) on ${scope}`,
    ],
  ])('%s, stops the run and is named', async (_what, access, words) => {
    const { stack, engine } = withAccess(access);
    await raise(engine);
    await quiet(stack, engine);
    expect((await onlyRun(stack)).ended).toMatchObject({
      outcome: 'refused',
      reason: `privileged: holds power over others: ${words}`,
    });
    expect(stack.far.sent).toEqual([]);
  });

  test('of no kind, does not', async () => {
    const { stack, engine } = withAccess({
      direct: [assigned(id)],
      throughGroup: [assigned('a-group')],
      eligible: [assigned(id)],
    });
    await raise(engine);
    await quiet(stack, engine);
    expect(stack.far.state.live[id]?.enabled).toBe(false);
  });
});

describe('a guard that speaks only after the plan', () => {
  test('stops the step, and is written down under the choice', async () => {
    const stack = stackOf([playbook('inactive-user-delete')], 'enforce');
    let looks = 0;
    const { directory } = stack.engine.world;
    const engine: Engine = {
      ...stack.engine,
      world: {
        ...stack.engine.world,
        directory: {
          ...directory,
          privileges: async () => {
            looks += 1;
            return looks < 2
              ? []
              : [{ role: 'User Administrator', scope: 'directory', held: 'active', through: 'direct' }];
          },
        },
      },
    };
    await raise(engine);
    await quiet(stack, engine);
    const run = await onlyRun(stack);
    expect(run.ended?.outcome).toBe('refused');
    expect(run.guarded).toMatchObject([
      { choice: 'remove', digest: run.decision?.digest, refusals: [{ guard: 'privileged', action: 'disable-user' }] },
    ]);
    expect(stack.far.sent).toEqual([]);
  });
});

describe('a super user', () => {
  const alert = claims({ rule: 'super-users', ruleName: 'Super Users', nominations: [] });
  const superUsers = (where = scope) => {
    const stack = stackOf([playbook('super-user-notify')], 'enforce');
    stack.far.change((state) => {
      const one = assigned(id, { ...owner, scope: where });
      state.assignments[pathOf(one)] = one;
    });
    return stack;
  };

  test('is found, proved from the system, and word is sent', async () => {
    const stack = superUsers();
    await raise(stack.engine, alert);
    await untilEnd(stack);
    const run = await onlyRun(stack);
    expect(run.proof).toMatchObject({
      claim: 'super',
      verdict: 'true',
      reason: 'holds Owner over the whole system',
      evidence: [{ fact: 'Owner', value: scope, source: 'azure' }],
    });
    expect(run.ended?.outcome).toBe('done');
    expect(Object.keys(stack.far.state.word)).toHaveLength(1);
  });

  test('of a part of the system only is none', async () => {
    const stack = superUsers(`${scope}/resourceGroups/one`);
    await raise(stack.engine, { ...alert, nominations: [{ kind: 'user', by: 'id', value: id }] });
    await untilEnd(stack);
    expect((await onlyRun(stack)).ended).toMatchObject({ outcome: 'not-confirmed' });
    expect(Object.keys(stack.far.state.word)).toEqual([]);
  });

  test('cannot be proved where nothing is connected that knows the system', async () => {
    const stack = superUsers();
    await raise(stack.engine, alert);
    const run = await beginOnly(stack);
    const blind: Engine = { ...stack.engine, world: { ...stack.engine.world, accessControl: {} } };
    await expect(advance(blind, run)).rejects.toMatchObject({
      disposition: 'halt',
      code: 'no-access-control',
      message: 'Nothing is connected that knows azure.',
    });
    expect(await types(stack, run)).toEqual(['run-opened']);
  });
});
