import { describe, expect, test } from 'vitest';
import { deleteUser } from '../../../shared/actions/delete-user.ts';
import { disableUser } from '../../../shared/actions/disable-user.ts';
import { revokeSessions } from '../../../shared/actions/revoke-sessions.ts';
import { planIn, storeAfter, target, worldOf } from '../../support/domain-actions.ts';
import { at, t0 } from '../../support/domain-time.ts';
import { absent, deleted, live, userId } from '../../support/domain-users.ts';

const enabling = (accountEnabled: boolean) => ({
  to: 'graph',
  method: 'PATCH',
  path: `/users/${userId}`,
  body: { accountEnabled },
});

describe('disable-user', () => {
  const satisfiedIn = async (presence = live()) =>
    disableUser.satisfied(await disableUser.observe(worldOf({ presence }), target), await planIn(disableUser));

  test('blocks sign-in, and the undo allows it again', async () => {
    expect(await planIn(disableUser)).toMatchObject({
      before: { enabled: true },
      after: { enabled: false },
      calls: [enabling(false)],
      undo: [enabling(true)],
    });
  });

  test('the undo after the calls leaves everything as it was', async () => {
    const { calls, undo } = await planIn(disableUser);
    const before = new Map([[`graph/users/${userId}`, { accountEnabled: true, displayName: 'Dana' }]]);
    const after = storeAfter(before, calls);
    expect(after).not.toEqual(before);
    expect(storeAfter(after, undo ?? [])).toEqual(before);
  });

  test.each([
    ['is disabled', live({ enabled: false })],
    ['is deleted', deleted()],
    ['is nowhere', absent],
  ])('of a user who %s needs no call, and must not enable anybody later', async (_what, presence) => {
    expect(await planIn(disableUser, { presence })).toMatchObject({ before: { enabled: false }, calls: [], undo: [] });
    expect(await satisfiedIn(presence)).toBe(true);
  });

  test('is not satisfied while sign-in is allowed', async () => expect(await satisfiedIn()).toBe(false));
});

describe('delete-user', () => {
  const satisfiedIn = async (presence = live()) =>
    deleteUser.satisfied(await deleteUser.observe(worldOf({ presence }), target), await planIn(deleteUser));

  test('deletes by id, softly, and the undo restores', async () => {
    expect(await planIn(deleteUser)).toMatchObject({
      before: { presence: 'live' },
      after: { presence: 'deleted' },
      calls: [{ to: 'graph', method: 'DELETE', path: `/users/${userId}`, body: null }],
      undo: [{ to: 'graph', method: 'POST', path: `/directory/deletedItems/${userId}/restore`, body: {} }],
    });
  });

  test('never purges', async () => {
    for (const { method, path } of (await planIn(deleteUser)).calls)
      expect(method === 'DELETE' && path.includes('deletedItems')).toBe(false);
  });

  test('of a deleted user needs no call, and must not restore anybody later', async () => {
    expect(await planIn(deleteUser, { presence: deleted() })).toMatchObject({ calls: [], undo: [] });
  });

  test('of a user who is nowhere halts: nobody may call it done', async () => {
    await expect(deleteUser.observe(worldOf({ presence: absent }), target)).rejects.toMatchObject({
      disposition: 'halt',
      code: 'identity-gone',
    });
  });

  test.each([
    ['deleted', deleted(), true],
    ['live', live(), false],
    ['live and disabled', live({ enabled: false }), false],
  ])('where the user is %s is satisfied: %s', async (_what, presence, expected) => {
    expect(await satisfiedIn(presence)).toBe(expected);
  });
});

describe('revoke-sessions', () => {
  const planned = '2026-03-01T08:00:00.700Z';
  const satisfiedAt = async (sessionsValidFrom: string | null) =>
    revokeSessions.satisfied(
      await revokeSessions.observe(worldOf({ presence: live({ sessionsValidFrom }) }), target),
      await planIn(revokeSessions, {}, {}, planned),
    );

  test('calls once, and there is nothing to put back', async () => {
    expect(await planIn(revokeSessions)).toMatchObject({
      before: {},
      after: { validFromAtLeast: t0 },
      calls: [{ to: 'graph', method: 'POST', path: `/users/${userId}/revokeSignInSessions`, body: {} }],
      undo: [],
      residual: [],
    });
  });

  test('what the time was before is no drift', async () => {
    const facts = { presence: live({ sessionsValidFrom: at(-1) }) };
    expect(await planIn(revokeSessions, facts)).toEqual(await planIn(revokeSessions));
  });

  test('of a guest leaves the sessions at home', async () => {
    expect((await planIn(revokeSessions, { presence: live({ guest: true }) })).residual).toHaveLength(1);
  });

  test.each<readonly [string, string | null, boolean]>([
    ['never', null, false],
    ['in the second before the plan', '2026-03-01T07:59:59Z', false],
    ['in the second of the plan, which the directory writes without fractions', '2026-03-01T08:00:00Z', true],
    ['after it', '2026-03-01T08:00:01Z', true],
    ['at a time nobody can read', 'yesterday', false],
  ])('revoked %s is satisfied: %s, %s', async (_when, time, expected) =>
    expect(await satisfiedAt(time)).toBe(expected),
  );

  test('of a user who is nowhere is never satisfied', async () => {
    const state = await revokeSessions.observe(worldOf({ presence: absent }), target);
    expect(revokeSessions.satisfied(state, await planIn(revokeSessions))).toBe(false);
  });
});
