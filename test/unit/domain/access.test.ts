import { expect, test } from 'vitest';
import { covers, heldNow } from '../../../shared/domain/access.ts';
import { accessOf, assigned, root } from '../../support/domain-users.ts';

test.each([
  ['itself', '/subscriptions/s', '/subscriptions/s', true],
  ['itself in other letters', '/Subscriptions/S', '/subscriptions/s', true],
  ['what is in it', '/subscriptions/s', '/subscriptions/s/resourceGroups/rg1', true],
  [
    'what is in it, in other letters',
    '/subscriptions/s/RESOURCEGROUPS/RG1',
    '/subscriptions/s/resourceGroups/rg1/x',
    true,
  ],
  ['what is in it, where it ends in a slash', '/subscriptions/s/', '/subscriptions/s/resourceGroups/rg1', true],
  ['what is in it, where it ends in slashes', '/subscriptions/s//', '/subscriptions/s/resourceGroups/rg1', true],
  ['everything, from the root', '/', '/subscriptions/s', true],
  ['the root, from the root', '/', '/', true],
  ['not what is around it', '/subscriptions/s/resourceGroups/rg1', '/subscriptions/s', false],
  ['not the root', '/subscriptions/s', '/', false],
  [
    'not one whose name only begins alike',
    '/subscriptions/s/resourceGroups/rg1',
    '/subscriptions/s/resourceGroups/rg10',
    false,
  ],
  ['not one beside it', '/subscriptions/s/resourceGroups/rg1', '/subscriptions/s/resourceGroups/rg2', false],
])('a scope contains %s: %s, %s', (_what, wider, scope, expected) => expect(covers(wider, scope)).toBe(expected));

test('what is held now is what is direct, above and through a group, but not what is eligible', () => {
  const [direct, above, group, eligible] = ['A', 'B', 'C', 'D'].map((role) => [assigned(role, root)]);
  const access = accessOf({
    direct: direct ?? [],
    above: above ?? [],
    throughGroup: group ?? [],
    eligible: eligible ?? [],
  });
  expect(heldNow(access).map(({ roleName }) => roleName)).toEqual(['A', 'B', 'C']);
});
