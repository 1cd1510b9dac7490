import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assignReadOnly } from '../../../shared/actions/assign-read-only.ts';
import type { Access, Assignment } from '../../../shared/domain/access.ts';
import type { Call } from '../../../shared/domain/call.ts';
import { uuidOf } from '../../../shared/domain/digest.ts';
import type { Change } from '../../../shared/domain/plan.ts';
import { planIn, type Store, storeAfter, target, worldOf } from '../../support/domain-actions.ts';
import { accessOf, assigned, root, userId } from '../../support/domain-users.ts';

const group1 = `${root}/resourceGroups/rg1`;
const group10 = `${root}/resourceGroups/rg10`;
const vault = `${group1}/providers/Microsoft.KeyVault/vaults/v`;
const readerId = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';

const plan = (...direct: readonly Assignment[]) => planIn(assignReadOnly, { access: accessOf({ direct }) });
const addressOf = (scope: string, name: string) =>
  `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}?api-version=2022-04-01`;
const readerName = (scope: string) => uuidOf(`${scope.toLowerCase()}|${userId}|${readerId}`);
const put = (one: Assignment, extra: object = {}): Call => ({
  to: 'azure',
  method: 'PUT',
  path: addressOf(one.scope, one.name),
  body: {
    properties: {
      roleDefinitionId: one.roleDefinitionId,
      principalId: one.principalId,
      principalType: one.principalType,
      ...extra,
    },
  },
});
const reader = (scope: string) => assigned('Reader', scope, { name: readerName(scope) });
const remove = (one: Assignment): Call => ({
  to: 'azure',
  method: 'DELETE',
  path: addressOf(one.scope, one.name),
  body: null,
});

describe('the calls', () => {
  test('Reader first, at the same scope, then away with the role; the undo the other way round', async () => {
    const owner = assigned('Owner', group1);
    const change = await plan(owner);
    expect(change.calls).toEqual([put(reader(group1)), remove(owner)]);
    expect(change.undo).toEqual([put(owner), remove(reader(group1))]);
  });

  test('the name of the new Reader is derived, whatever letters the scope and the user are in', async () => {
    const shouting = assigned('Owner', group1.toUpperCase(), { principalId: userId.toUpperCase() });
    expect((await plan(shouting)).calls[0]?.path).toContain(readerName(group1));
    expect(readerName(group1)).toBe('8044b990-f40e-543b-9c51-a15f5150b160');
  });

  test.each<readonly [string, readonly Assignment[], readonly string[]]>([
    ['two roles at one scope need one Reader', [assigned('Owner', group1), assigned('Contributor', group1)], [group1]],
    ['a wider scope serves for those in it', [assigned('Owner', root), assigned('Owner', vault)], [root]],
    ['at any depth', [assigned('Owner', vault), assigned('Owner', group1)], [group1]],
    [
      'but not for one that only begins alike',
      [assigned('Owner', group1), assigned('Owner', group10)],
      [group1, group10],
    ],
    [
      'a scope in other letters is the same scope',
      [assigned('Owner', group1.toUpperCase()), assigned('Contributor', group1)],
      [group1.toUpperCase()],
    ],
    [
      'a scope with a slash at its end too',
      [assigned('Owner', group1), assigned('Contributor', `${group1}/`)],
      [group1],
    ],
    ['a Reader that is there serves', [assigned('Owner', group1), assigned('Reader', group1)], []],
    ['also from a wider scope', [assigned('Owner', vault), assigned('Reader', root)], []],
    ['also in other letters', [assigned('Owner', group1), assigned('Reader', group1.toLowerCase())], []],
    ['but not from a narrower one', [assigned('Owner', root), assigned('Reader', group1)], [root]],
    ['nor from beside', [assigned('Owner', group1), assigned('Reader', group10)], [group1]],
  ])('%s', async (_rule, direct, scopes) => {
    const { calls } = await plan(...direct);
    const added = calls
      .filter(({ method }) => method === 'PUT')
      .map(({ path }) => path.split('/providers/Microsoft.Auth')[0]);
    expect(added).toEqual(scopes);
    expect(calls.filter(({ method }) => method === 'DELETE')).toHaveLength(
      direct.filter(({ readOnly }) => !readOnly).length,
    );
  });

  test('whoever can read beforehand can read afterwards', () => {
    const scopes = [root, group1, group10, vault].flatMap((scope) => [scope, scope.toUpperCase(), `${scope}/`]);
    const one = fc.tuple(fc.constantFrom('Owner', 'Contributor', 'Reader'), fc.constantFrom(...scopes));
    return fc.assert(
      fc.asyncProperty(fc.array(one, { maxLength: 6 }), async (list) => {
        const direct = list.map(([role, scope], index) => assigned(role, scope, { name: `n${index}` }));
        const change = await plan(...direct);
        const after = accessOf({ direct: [...direct.filter(({ readOnly }) => readOnly), ...readersIn(change)] });
        expect(assignReadOnly.satisfied(await observed(after), change)).toBe(true);
      }),
    );
  });

  test('where nothing but reading is assigned there is nothing to do', async () => {
    const change = await plan(assigned('Reader', root));
    expect(change).toMatchObject({ calls: [], undo: [], undoNote: 'nothing to undo', before: { assigned: [] } });
  });
});

/** The Reader assignments that a change adds. */
function readersIn({ calls }: Change): readonly Assignment[] {
  return calls
    .filter(({ method }) => method === 'PUT')
    .map(({ path }) => reader(path.slice(0, path.indexOf('/providers/Microsoft.Authorization/'))));
}

const observed = (access: Access) => assignReadOnly.observe(worldOf({ access }), target);

describe('the undo', () => {
  test('puts condition and description back as they were', async () => {
    const held = assigned('Owner', group1, {
      condition: '@Resource[x]',
      conditionVersion: '2.0',
      description: 'for x',
    });
    const { undo, before } = await plan(held);
    expect(undo?.[0]).toEqual(put(held, { condition: '@Resource[x]', conditionVersion: '2.0', description: 'for x' }));
    expect(before).toMatchObject({ assigned: [{ role: 'Owner', condition: '@Resource[x]' }] });
  });

  test('after the calls leaves everything as it was', () => {
    const roles = fc.constantFrom('Owner', 'Contributor', 'Reader');
    const places = fc.constantFrom(root, group1, group10, vault);
    const condition = fc.option(fc.constant('@Resource[x]'));
    return fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(roles, places, condition), { maxLength: 8 }), async (list) => {
        const direct = list.map(([role, scope, text], index) =>
          assigned(role, scope, { name: `n${index}`, condition: text, conditionVersion: text && '2.0' }),
        );
        const before: Store = storeAfter(
          new Map(),
          direct.map((one) =>
            put(
              one,
              one.condition === null ? {} : { condition: one.condition, conditionVersion: one.conditionVersion },
            ),
          ),
        );
        const change = await plan(...direct);
        const after = storeAfter(before, change.calls);
        if (change.calls.length > 0) expect(after).not.toEqual(before);
        expect(storeAfter(after, change.undo ?? [])).toEqual(before);
      }),
    );
  });
});

test('the same access gives the same change, in whatever order it is told', async () => {
  const direct = [assigned('Owner', vault), assigned('Contributor', group1), assigned('Owner', group10)];
  expect(await plan(...direct.toReversed())).toEqual(await plan(...direct));
});

test('what stays is named, with why; what can only read is not', async () => {
  const access = accessOf({
    above: [assigned('Owner', '/'), assigned('Reader', '/')],
    throughGroup: [assigned('Contributor', root)],
    eligible: [assigned('Owner', group1)],
  });
  expect((await planIn(assignReadOnly, { access })).residual).toEqual([
    { what: `Contributor on ${root}`, why: 'comes through a group: change the membership' },
    { what: 'Owner on /', why: 'is assigned above this subscription: change it there' },
    { what: `Owner on ${group1}`, why: 'is eligible: one activation away in Privileged Identity Management' },
  ]);
});

describe('satisfied', () => {
  test.each<readonly [string, Partial<Access>, boolean]>([
    ['the role is gone and Reader is there', { direct: [reader(group1)] }, true],
    ['in other letters', { direct: [reader(group1.toUpperCase())] }, true],
    ['Reader is there from above', { above: [assigned('Reader', '/')] }, true],
    ['the role is still there', { direct: [reader(group1), assigned('Owner', group1)] }, false],
    ['another role came', { direct: [reader(group1), assigned('Contributor', group10)] }, false],
    ['the role is gone, but so is the sight', {}, false],
    ['Reader is only below', { direct: [reader(vault)] }, false],
  ])('where %s: %s', async (_what, access, expected) => {
    const change = await plan(assigned('Owner', group1));
    expect(assignReadOnly.satisfied(await observed(accessOf(access)), change)).toBe(expected);
  });
});

test.each(['aws', 'gcp', 'entra'] as const)('it halts on %s', async (type) => {
  const elsewhere = { ...target, system: { ...target.system, type } };
  await expect(assignReadOnly.observe(worldOf(), elsewhere)).rejects.toMatchObject({
    disposition: 'halt',
    code: 'wrong-system',
  });
});

describe('an undo that was cut short', () => {
  test('is not over while the Reader stands that the step gave', async () => {
    const owner = assigned('Owner', group1);
    const change = await plan(owner);
    const half = await plan(owner, reader(group1));
    expect(half.before).not.toEqual(change.before);
    expect((await plan(owner)).before).toEqual(change.before);
  });

  test('a Reader that somebody else gave is not ours to wait for', async () => {
    const owner = assigned('Owner', group1);
    const others = await plan(owner, assigned('Reader', group1, { name: 'of-somebody-else' }));
    expect(others.before).toEqual((await plan(owner)).before);
  });
});
