import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { actions } from '../../shared/actions/catalog.ts';
import { type Asked, asked } from '../../shared/domain/fact.ts';
import { loadPlaybooks } from '../../shared/domain/playbook-file.ts';
import { claims, playbook, quiet, raise, runs, type Stack, stackOf, untilEnd } from '../support/engine.ts';
import { someUser, userId } from '../support/world-state.ts';

/** What really went wrong elsewhere, once each: the rule that follows from it, held here. */

const enforcing = () => stackOf([playbook('inactive-user-delete')], 'enforce');

const changes = ({ far }: Stack) => far.sent.filter(({ changed }) => changed);

describe('Google, Diskerase: an empty set was taken for everything', () => {
  test('an alert that names nobody, where nobody is inactive, opens no run', async () => {
    const stack = enforcing();
    stack.far.change((state) => {
      for (const n of [1, 2, 3]) state.live[userId(n)] = someUser(n, stack.clock.now(), 3);
    });
    await raise(stack.engine, claims({ nominations: [] }));
    await quiet(stack);
    expect(await runs(stack)).toEqual([]);
    expect(stack.far.sent).toEqual([]);
  });

  test.each(['*', '%', 'all', ' '])('%j names nobody', async (value) => {
    const stack = enforcing();
    await raise(stack.engine, claims({ nominations: [{ kind: 'user', by: 'id', value }] }));
    await quiet(stack);
    expect(await runs(stack)).toEqual([]);
    expect(stack.far.sent).toEqual([]);
  });
});

describe('Atlassian, 2022: ids of one kind were taken for ids of another', () => {
  test.each(['group', 'role', 'service-principal', 'service-account'] as const)(
    'a %s with the id of a user is not that user',
    async (kind) => {
      const stack = enforcing();
      await raise(stack.engine, claims({ nominations: [{ kind, by: 'id', value: userId(1) }] }));
      await quiet(stack);
      expect(await runs(stack)).toEqual([]);
      expect(stack.far.sent).toEqual([]);
    },
  );

  test('marking and deleting are not the same step: nothing destructive without a stage before it', () => {
    const text = readFileSync('playbooks/inactive-user-delete.yaml', 'utf8').replace(/ +- wait: P30D\n/, '');
    expect(loadPlaybooks([{ name: 'delete.yaml', text }], actions).problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('what cannot be put back comes last'),
    ]);
  });
});

describe('KPMG, 2020: a policy for one account was applied to all', () => {
  test('more than the alert counted are found: nobody is touched before a person decides about each', async () => {
    const stack = enforcing();
    await raise(stack.engine, claims({ nominations: [], identityCount: 1 }));
    await quiet(stack);
    const all = await runs(stack);
    expect(all).toHaveLength(3);
    expect(all.map(({ opened, asked }) => [opened.mode, asked?.choices])).toEqual(
      all.map(() => ['approve', ['remove']]),
    );
    expect(stack.far.sent).toEqual([]);
  });

  test('more than one alert may touch, and none is', async () => {
    const stack = enforcing();
    stack.far.change((state) => {
      for (const n of [4, 5, 6, 7, 8]) {
        state.live[userId(n)] = someUser(n, stack.clock.now());
        const [path, held] = Object.entries(state.assignments)[0] ?? [];
        if (path && held)
          state.assignments[`${path}${n}`] = { ...held, name: `${held.name}${n}`, principalId: userId(n) };
      }
    });
    await raise(stack.engine, claims({ nominations: [], identityCount: null }));
    await quiet(stack);
    expect(await runs(stack)).toEqual([]);
    expect(stack.far.sent).toEqual([]);
  });
});

describe('UniSuper, 2024: a parameter left blank meant "delete after a year"', () => {
  const written = readFileSync('playbooks/inactive-user-delete.yaml', 'utf8');
  test.each([
    ['a blank wait', written.replace('wait: P30D', 'wait:')],
    ['a blank action', written.replace('action: delete-user', 'action:')],
    ['no proof', written.replace(/proof:\n {2}claim: inactive\n {2}days: 90\n/, '')],
    ['blank days', written.replace('days: 90', 'days:')],
    ['a blank expiry', written.replace('expires: P3D', 'expires:')],
    ['a blank mode', written.replace('mode: observe', 'mode:')],
  ])('%s is not valid, whatever a default would be', (_name, text) => {
    expect(text).not.toBe(written);
    expect(loadPlaybooks([{ name: 'delete.yaml', text }], actions).problems).not.toEqual([]);
  });
});

describe("Microsoft's operations guide: the user is deleted because a mail arrived", () => {
  test('a user who signed in last week is not touched, whatever the alert says', async () => {
    const stack = enforcing();
    stack.far.change((state) => {
      state.live[userId(1)] = someUser(1, stack.clock.now(), 7);
    });
    await raise(stack.engine);
    await untilEnd(stack);
    expect((await runs(stack)).map(({ ended }) => ended?.outcome)).toEqual(['not-confirmed']);
    expect(changes(stack)).toEqual([]);
  });

  test('a user who comes back in the month between is not deleted', async () => {
    const stack = enforcing();
    await raise(stack.engine);
    await quiet(stack);
    expect(stack.far.state.live[userId(1)]?.enabled).toBe(false);
    stack.far.change((state) => {
      const user = state.live[userId(1)];
      if (user) user.signIns = { successful: null, interactive: stack.clock.now(), nonInteractive: null };
    });
    await untilEnd(stack);
    expect(stack.far.state.live[userId(1)]).toBeDefined();
    expect((await runs(stack)).map(({ ended }) => ended?.outcome)).toEqual(['not-confirmed']);
  });
});

describe('a policy engine, 2026: everybody was inactive, since nobody asked when they signed in', () => {
  const text = readFileSync('playbooks/inactive-user-delete.yaml', 'utf8');
  const withoutSignIns: Asked = { ...asked, user: { ...asked.user, signInActivity: [] } };

  test('a playbook that would decide on what is not asked for is not valid, and its author is told where', () => {
    const line = text.split('\n').findIndex((one) => one.includes('claim: inactive')) + 1;
    const found = loadPlaybooks([{ name: 'delete.yaml', text }], actions, withoutSignIns).problems;
    expect(found).toEqual([
      {
        file: 'delete.yaml',
        line,
        column: 10,
        message: 'proof: claim: inactive reads signIns of the user, and no request asks for it',
      },
    ]);
  });

  test('users of whom the directory says nothing are not acted on, however many', async () => {
    const stack = enforcing();
    stack.far.change((state) => {
      for (const user of Object.values(state.live)) user.signIns = null;
    });
    const all = [1, 2, 3].map((n) => ({ kind: 'user', by: 'id', value: userId(n) }) as const);
    await raise(stack.engine, claims({ nominations: all }));
    await untilEnd(stack);
    expect((await runs(stack)).map(({ proof }) => proof?.verdict)).toEqual(['unknown', 'unknown', 'unknown']);
    expect(changes(stack)).toEqual([]);
  });
});

describe('npm, 2025 and 2026: code ran because a package was installed', () => {
  const lockSchema = z.object({
    packages: z.record(z.string(), z.object({ dev: z.boolean().optional(), hasInstallScript: z.boolean().optional() })),
  });
  const { packages } = lockSchema.parse(JSON.parse(readFileSync('package-lock.json', 'utf8')));
  const shipped = Object.entries(packages).filter(([name, { dev }]) => name !== '' && !dev);

  test('nothing that is shipped runs a script when it is installed', () => {
    expect(shipped.filter(([, { hasInstallScript }]) => hasInstallScript).map(([name]) => name)).toEqual([]);
  });

  test('what may run one is on a list', () => {
    const { allowScripts } = z
      .object({ allowScripts: z.record(z.string(), z.boolean()) })
      .parse(JSON.parse(readFileSync('package.json', 'utf8')));
    const scripted = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript);
    const names = scripted.map(([name]) => name.split('node_modules/').at(-1) ?? '');
    expect(names.filter((name) => allowScripts[name] === undefined && name !== 'fsevents')).toEqual([]);
  });

  test('what is shipped is pinned exactly', () => {
    const { dependencies } = z
      .object({ dependencies: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync('package.json', 'utf8')));
    expect(Object.values(dependencies).filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });
});
