import { describe, expect, test } from 'vitest';
import type { Alert, Nomination } from '../../../shared/domain/alert.ts';
import type { Engine } from '../../../shared/engine/engine.ts';
import { findIdentities } from '../../../shared/engine/resolve.ts';
import { playbook, stackOf } from '../../support/engine.ts';
import { assigned, someUser, subscription, userId, type WorldState } from '../../support/world-state.ts';

const inactive = playbook('inactive-user-delete');
const system = { type: 'azure', id: subscription, name: 'Sandbox', tags: {} } as const;

function world(change: (state: WorldState, now: string) => void = () => {}) {
  const stack = stackOf([]);
  stack.far.change((state) => change(state, stack.clock.now()));
  return stack.engine;
}
const find = (
  engine: Engine,
  nominations: readonly Nomination[],
  { count = null as number | null, of = inactive, on = system as Parameters<typeof findIdentities>[3] } = {},
) => findIdentities(engine, { nominations, identityCount: count } as unknown as Alert, of, on);
const byId = (value: string): Nomination => ({ kind: 'user', by: 'id', value });

describe('who an alert names', () => {
  test('by object id is exactly that user, once however often', async () => {
    expect(await find(world(), [byId(userId(1)), byId(userId(2)), byId(userId(1))])).toMatchObject({
      identities: [{ id: userId(1), displayName: 'User 1' }, { id: userId(2) }],
      ...{ left: [], how: 'the alert names 3', doubt: null },
    });
  });

  test.each<readonly [string, Nomination, string]>([
    ['a group', { kind: 'group', by: 'id', value: userId(1) }, 'is a group; only users can be resolved'],
    ['what is no object id', byId('user1@example.com'), 'is not an object id of the directory'],
    ['an id with more behind it', byId(`${userId(1)}0`), 'is not an object id of the directory'],
    ['an id with more before it', byId(`0${userId(1)}`), 'is not an object id of the directory'],
    ['nobody', byId(userId(77)), 'does not exist in the directory'],
    [
      'a name that nobody has',
      { kind: 'user', by: 'userPrincipalName', value: 'x@example.com' },
      'nobody in the directory has this name',
    ],
  ])('%s is left, and why', async (_what, nomination, reason) => {
    expect(await find(world(), [nomination])).toMatchObject({
      ...{ identities: [], left: [{ who: nomination.value, reason }] },
    });
  });

  test('somebody who is deleted already is left', async () => {
    const engine = world((state, now) => {
      state.deleted[userId(7)] = someUser(7, now);
    });
    expect((await find(engine, [byId(userId(7))])).left).toEqual([{ who: userId(7), reason: 'is already deleted' }]);
  });

  test('by a name that one user has is that user; a display name alone is a doubt', async () => {
    const upn = { kind: 'user', by: 'userPrincipalName', value: 'user1@example.com' } as const;
    expect(await find(world(), [upn])).toMatchObject({ identities: [{ id: userId(1) }], doubt: null });
    const name = { kind: 'user', by: 'displayName', value: 'User 1' } as const;
    const doubt = 'the alert gives a display name, and anybody can have it';
    expect(await find(world(), [upn, name])).toMatchObject({ identities: [{ id: userId(1) }], doubt });
  });

  test('by a name that several have is left for a person to say which', async () => {
    const engine = world((state, now) => {
      state.live[userId(8)] = { ...someUser(8, now), displayName: 'User 1' };
    });
    expect(await find(engine, [{ kind: 'user', by: 'displayName', value: 'User 1' }])).toMatchObject({
      identities: [],
      left: [
        {
          who: 'User 1',
          reason: `2 users have this name (${userId(1)}, ${userId(8)}): a person has to say which`,
        },
      ],
    });
  });
});

describe('an alert that names nobody', () => {
  const how = '3 users were quiet for 92 days, 3 of them have access here, 3 are proved inactive';

  test('is about those of whom it is true and who have access; how many the alert counts is compared', async () => {
    expect(await find(world(), [])).toMatchObject({
      identities: [{ id: userId(1) }, { id: userId(2) }, { id: userId(3) }],
      ...{ left: [], how, doubt: null },
    });
    expect(await find(world(), [], { count: 3 })).toMatchObject({ how: `the alert counts 3, ${how}`, doubt: null });
    expect(await find(world(), [], { count: 2 })).toMatchObject({
      doubt: 'the alert counts 2 identities, 3 were found',
    });
  });

  test('is not about who has no access here; one activation away is access', async () => {
    const engine = world((state) => {
      state.assignments = {};
      state.eligible.push(assigned(userId(2)));
    });
    expect(await find(engine, [])).toMatchObject({
      identities: [{ id: userId(2) }],
      how: '3 users were quiet for 92 days, 1 of them have access here, 1 are proved inactive',
    });
  });

  test('leaves those it is not proved of, and says why', async () => {
    const engine = world((state, now) => {
      const [one, two] = [state.live[userId(1)], state.live[userId(2)]];
      if (one?.signIns) one.signIns = { ...one.signIns, successful: now };
      if (two?.signIns) two.signIns = { ...two.signIns, nonInteractive: now };
    });
    const { identities, left } = await find(engine, []);
    expect(identities.map(({ id }) => id)).toEqual([userId(3)]);
    expect(left).toEqual([
      { who: 'user1@example.com', reason: expect.stringMatching(/^not inactive: /) },
      { who: 'user2@example.com', reason: expect.stringMatching(/^(unknown|not inactive): /) },
    ]);
  });

  test('looks at many side by side, and at all of them', async () => {
    const engine = world((state, now) => {
      for (let n = 10; n < 22; n += 1) {
        state.live[userId(n)] = someUser(n, now);
        state.assignments[`a${n}`] = assigned(userId(n), { name: `a${n}` });
      }
    });
    expect((await find(engine, [])).identities).toHaveLength(15);
  });

  test('and looks for super users is about those who hold everything and still are', async () => {
    const engine = world((state) => {
      for (const n of [1, 2, 77])
        state.assignments[`owner${n}`] = assigned(userId(n), { roleName: 'Owner', name: `owner${n}` });
    });
    const { identities, left, how } = await find(engine, [], { of: playbook('super-user-notify') });
    expect(identities.map(({ id }) => id)).toEqual([userId(1), userId(2)]);
    expect([left, how]).toEqual([[], '2 users hold everything here']);
  });

  test('finds nobody where nothing is connected that knows the system', async () => {
    const aws = { type: 'aws', id: '1', name: 'A', tags: {} } as const;
    expect(await find(world(), [], { on: aws, count: 1 })).toEqual({
      ...{ identities: [], left: [], how: 'nothing is connected that knows aws', doubt: null },
    });
  });
});
