import { describe, expect, test } from 'vitest';
import { excludeFromReports } from '../../../shared/actions/exclude-from-reports.ts';
import type { Exclusion } from '../../../shared/domain/exclusion.ts';
import { planIn, storeAfter, target, worldOf } from '../../support/domain-actions.ts';
import { runId } from '../../support/domain-run.ts';
import { at, day, t0 } from '../../support/domain-time.ts';
import { absent, deleted, live, subscription, userId } from '../../support/domain-users.ts';

const rowOf = (differs: Partial<Exclusion> = {}): Exclusion => ({
  system: subscription,
  identity: userId,
  reason: 'found inactive and still needed',
  expiresAt: at(90 * day),
  run: runId,
  ...differs,
});
const path = `/exclusions/${subscription}/${userId}`;
const marking = (value: string | null) => ({
  to: 'graph',
  method: 'PATCH',
  path: `/users/${userId}`,
  body: {
    customSecurityAttributes: {
      AlertResponse: {
        '@odata.type': '#Microsoft.DirectoryServices.CustomSecurityAttributeValue',
        ckExcludeFromReports: value,
      },
    },
  },
});

test('writes the row and then the mark; the undo takes both away: null takes an attribute away', async () => {
  expect(await planIn(excludeFromReports)).toMatchObject({
    before: { row: null, mark: null },
    after: { row: rowOf(), mark: 'until 2026-05-30' },
    calls: [{ to: 'exclusions', method: 'PUT', path, body: rowOf() }, marking('until 2026-05-30')],
    undo: [{ to: 'exclusions', method: 'DELETE', path, body: null }, marking(null)],
  });
});

test('over an earlier exclusion, the undo puts the earlier one back', async () => {
  const earlier = rowOf({ run: 'run-0', expiresAt: at(day), reason: 'on leave' });
  const facts = { exclusion: earlier, presence: live({ excludeMark: 'until 2026-03-02' }) };
  const { calls, undo, before } = await planIn(excludeFromReports, facts);
  expect(before).toEqual({ row: earlier, mark: 'until 2026-03-02' });
  expect(undo).toEqual([{ to: 'exclusions', method: 'PUT', path, body: earlier }, marking('until 2026-03-02')]);
  const store = storeAfter(new Map(), undo ?? []);
  expect(storeAfter(storeAfter(store, calls), undo ?? [])).toEqual(store);
});

test('reason and time come from the playbook', async () => {
  const { after } = await planIn(excludeFromReports, {}, { expires: 'P1D', reason: 'on leave' });
  expect(after).toEqual({ row: rowOf({ reason: 'on leave', expiresAt: at(day) }), mark: 'until 2026-03-02' });
});

test('an id that is no path segment is written as one', async () => {
  const odd = { ...target, system: { ...target.system, id: 'a/b?c' } };
  const change = excludeFromReports.plan({ row: null, mark: null }, odd, {}, t0);
  expect(change.calls[0]?.path).toBe(`/exclusions/a%2Fb%3Fc/${userId}`);
});

describe('satisfied', () => {
  test.each<readonly [string, Exclusion | null, string | null, boolean]>([
    ['row and mark are there', rowOf(), 'until 2026-05-30', true],
    ['there is no row', null, 'until 2026-05-30', false],
    ['there is no mark', rowOf(), null, false],
    ['the mark is another', rowOf(), 'until 2026-05-31', false],
    ['the row is of another run', rowOf({ run: 'run-0' }), 'until 2026-05-30', false],
    ['the row ends at another time', rowOf({ expiresAt: at(91 * day) }), 'until 2026-05-30', false],
  ])('where %s', async (_what, exclusion, excludeMark, expected) => {
    const state = await excludeFromReports.observe(worldOf({ exclusion, presence: live({ excludeMark }) }), target);
    expect(excludeFromReports.satisfied(state, await planIn(excludeFromReports))).toBe(expected);
  });
});

test.each([
  ['deleted', deleted({ excludeMark: 'until 2030-01-01' })],
  ['absent', absent],
])('the mark of a user who is %s is not read', async (_what, presence) => {
  expect(await excludeFromReports.observe(worldOf({ presence }), target)).toEqual({ row: null, mark: null });
});
