import { describe, expect, test } from 'vitest';
import { actions } from '../../../shared/actions/catalog.ts';
import { notify } from '../../../shared/actions/notify.ts';
import type { JsonObject } from '../../../shared/domain/json.ts';
import { changesAccess, planSchema } from '../../../shared/domain/plan.ts';
import { planIn, target, worldOf } from '../../support/domain-actions.ts';
import { planFor, stepOf } from '../../support/domain-run.ts';
import { t0 } from '../../support/domain-time.ts';
import { accessOf, assigned, dana, live, root, subscription } from '../../support/domain-users.ts';

const all = [...actions.values()];
const settings = new Map<string, JsonObject>([['notify', { text: 'look' }]]);
const busy = { access: accessOf({ direct: [assigned('Owner', root)] }), presence: live() };
const planOf = (name: string) => {
  const action = actions.get(name) ?? notify;
  return planIn(action, busy, settings.get(name) ?? {});
};
const names = all.map(({ name }) => name);

describe('every action', () => {
  test.each(names)('%s: the same world gives the same change', async (name) => {
    expect(await planOf(name)).toEqual(await planOf(name));
  });

  test.each(names)('%s: what it plans is what a ledger accepts', async (name) => {
    const plan = planFor('x', [{ ...stepOf('1.1', name, 'reversible'), ...(await planOf(name)) }]);
    expect(planSchema.safeParse(plan).success).toBe(true);
  });

  test.each(names)('%s: names the person and changes nobody else', async (name) => {
    const { calls, undo, summary } = await planOf(name);
    expect(calls.length).toBeGreaterThan(0);
    if (name !== 'notify') expect(summary).toContain('Dana Quiet (dana@example.com)');
    for (const { to, path } of [...calls, ...(undo ?? [])]) {
      if (to === 'graph') expect(path).toContain(dana.id);
      if (to === 'azure') expect(path).toMatch(new RegExp(`^/subscriptions/${subscription}/`));
      if (to === 'exclusions') expect(path).toBe(`/exclusions/${subscription}/${dana.id}`);
    }
  });

  test.each(names)('%s: before it is done it is not satisfied', async (name) => {
    const action = actions.get(name) ?? notify;
    expect(action.satisfied(await action.observe(worldOf(busy), target), await planOf(name))).toBe(false);
  });

  test.each(names)('%s: refuses settings it does not know', (name) => {
    expect(actions.get(name)?.settingsProblem({ ...settings.get(name), force: true })).toContain('force');
    expect(actions.get(name)?.settingsProblem(settings.get(name) ?? {})).toBeNull();
  });

  test.each(names.filter((name) => name !== 'notify'))('%s: halts on a state it cannot read', (name) => {
    expect(() => actions.get(name)?.plan({ nonsense: true }, target, {}, t0)).toThrow(
      expect.objectContaining({ disposition: 'halt', code: 'action-state' }),
    );
  });

  test.each(all.filter(({ risk }) => changesAccess(risk)))('$name: says what it needs', ({ permissions }) => {
    expect([...permissions.graph, ...permissions.azure]).not.toEqual([]);
  });
});

test('risks are what they are: a guard depends on them', () => {
  expect(Object.fromEntries(all.map(({ name, risk, changesAccount }) => [name, [risk, changesAccount]]))).toEqual({
    'assign-read-only': ['reversible', false],
    'exclude-from-reports': ['annotate', false],
    'disable-user': ['reversible', true],
    'revoke-sessions': ['reversible', false],
    'delete-user': ['destructive', true],
    notify: ['notify', false],
  });
});

test('no action may restore or purge: the directory itself then protects its administrators', () => {
  for (const { permissions } of all) expect(permissions.graph).not.toContain('User.DeleteRestore.All');
});

test.each([
  ['no text', {}],
  ['an empty text', { text: '' }],
  ['too long a text', { text: 'x'.repeat(501) }],
])('notify refuses %s', (_what, given) => expect(notify.settingsProblem(given)).not.toBeNull());

test('exclude-from-reports refuses a time without a fixed length', () => {
  expect(actions.get('exclude-from-reports')?.settingsProblem({ expires: 'P3M' })).toContain('expires');
});

test('notify tells who and where, and has no undo', async () => {
  expect(await planOf('notify')).toMatchObject({
    calls: [
      {
        to: 'webhook',
        method: 'POST',
        path: '/',
        body: {
          text: 'look',
          run: 'run-1',
          identity: { id: dana.id, displayName: 'Dana Quiet', userPrincipalName: 'dana@example.com' },
          system: { type: 'azure', id: subscription, name: 'Example' },
        },
      },
    ],
    undo: null,
  });
});
