import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ASSIGNMENTS, AZURE_ROLES, PEOPLE, SCOPES, SUBSCRIPTION_A, SUBSCRIPTION_B } from '../../local/tenant/seed.ts';
import { actions } from '../../shared/actions/catalog.ts';
import type { Call } from '../../shared/domain/call.ts';
import { identityOf } from '../../shared/domain/identity.ts';
import type { JsonObject } from '../../shared/domain/json.ts';
import type { Change } from '../../shared/domain/plan.ts';
import type { Action, Target, World } from '../../shared/ports.ts';
import { faultOf, type Systems, startSystems } from '../support/systems.ts';

type Who = keyof typeof PEOPLE;

let systems: Systems;
beforeAll(async () => {
  systems = await startSystems();
});
afterEach(() => systems.reset());
afterAll(() => systems.close());

const world = (): World => ({
  directory: systems.directory,
  accessControl: { azure: systems.access },
  exclusions: systems.exclusions,
});

async function targetOf(who: Who, system: string): Promise<Target> {
  const presence = await systems.directory.presence(PEOPLE[who]);
  if (presence.state !== 'live') throw new Error(`${who} is ${presence.state}`);
  return { run: 'run-1', identity: identityOf(presence.user), system: { type: 'azure', id: system, name: 'Contoso' } };
}

function actionOf(name: string): Action {
  const action = actions.get(name);
  if (!action) throw new Error(`no action ${name}`);
  return action;
}

async function send(calls: readonly Call[], key = 'run-1:step'): Promise<void> {
  for (const [index, call] of calls.entries()) await systems.effects.send(call, `${key}:${index}`, 'destructive');
}

/** The action on a person as far as the plan, and what can be looked at afterwards. */
async function planned(
  name: string,
  who: Who,
  { system = SUBSCRIPTION_A, settings = {} }: { system?: string; settings?: JsonObject } = {},
) {
  const action = actionOf(name);
  const target = await targetOf(who, system);
  const observe = () => action.observe(world(), target);
  const before = await observe();
  const change: Change = action.plan(before, target, settings, new Date().toISOString());
  return { change, before, observe, satisfied: async () => action.satisfied(await observe(), change) };
}

const undone: readonly (readonly [string, Who, string])[] = [
  ['disable-user', 'adaQuiet', SUBSCRIPTION_A],
  ['disable-user', 'guest', SUBSCRIPTION_A],
  ['disable-user', 'disabled', SUBSCRIPTION_A],
  ['delete-user', 'doraDormant', SUBSCRIPTION_B],
  ['delete-user', 'unicode', SUBSCRIPTION_B],
  ['exclude-from-reports', 'adaQuiet', SUBSCRIPTION_A],
  ['exclude-from-reports', 'tagged', SUBSCRIPTION_A],
  ['assign-read-only', 'adaQuiet', SUBSCRIPTION_A],
  ['assign-read-only', 'benStill', SUBSCRIPTION_A],
  ['assign-read-only', 'conditioned', SUBSCRIPTION_A],
  ['assign-read-only', 'yesterday', SUBSCRIPTION_A],
  ['assign-read-only', 'olga', SUBSCRIPTION_A],
  ['assign-read-only', 'groupOnly', SUBSCRIPTION_A],
  ['assign-read-only', 'managementGroupOnly', SUBSCRIPTION_B],
  ['assign-read-only', 'guest', SUBSCRIPTION_B],
];

describe.each(undone)('%s on %s', (name, who, system) => {
  it('takes hold, once or twice, and is undone, once or twice, to what was there', async () => {
    const { change, before, observe, satisfied } = await planned(name, who, { system });
    await send(change.calls);
    expect(await satisfied()).toBe(true);
    const after = await observe();
    await send(change.calls);
    expect(await observe()).toEqual(after);

    await send(change.undo ?? []);
    expect(await observe()).toEqual(before);
    await send(change.undo ?? []);
    expect(await observe()).toEqual(before);
  });

  it('is there already when the answer got lost and it is sent again', async () => {
    const { change, before, observe, satisfied } = await planned(name, who, { system });
    for (const [index, call] of change.calls.entries()) {
      if (call.to !== 'exclusions') await lose(call, index);
      await systems.effects.send(call, `k:${index}`, 'destructive');
    }
    expect(await satisfied()).toBe(true);
    await send(change.undo ?? []);
    expect(await observe()).toEqual(before);
  });
});

async function lose(call: Call, index: number): Promise<void> {
  await systems.fault({ match: { method: call.method }, status: 504, after: true });
  expect(await faultOf(systems.effects.send(call, `k:${index}`, 'destructive'))).toMatchObject({
    disposition: 'uncertain',
  });
}

it('every action there is is held to this', () => {
  const held = new Set([...undone.map(([name]) => name), 'notify', 'revoke-sessions']);
  expect([...actions.keys()].filter((name) => !held.has(name))).toEqual([]);
});

describe('revoke-sessions', () => {
  it('takes hold, also twice', async () => {
    const { change, satisfied } = await planned('revoke-sessions', 'adaQuiet');
    expect(await satisfied()).toBe(false);
    await send(change.calls);
    await send(change.calls);
    expect(await satisfied()).toBe(true);
  });

  it('does not take hold for a guest, and is not called done', async () => {
    const { change, satisfied } = await planned('revoke-sessions', 'guest');
    await send(change.calls);
    expect(await satisfied()).toBe(false);
  });
});

describe('notify', () => {
  it('is told once to a receiver that knows the key, however often it is sent', async () => {
    const { change } = await planned('notify', 'adaQuiet', { settings: { text: 'Somebody is inactive.' } });
    await systems.effects.send(change.calls[0] ?? expect.unreachable(), 'k:0', 'destructive');
    await systems.effects.send(change.calls[0] ?? expect.unreachable(), 'k:0', 'destructive');
    await systems.effects.send(change.calls[0] ?? expect.unreachable(), 'k:1', 'destructive');
    const inbox: unknown = await (await fetch(`${systems.url}/local/inbox`)).json();
    expect(inbox).toMatchObject({
      messages: [
        { count: 2, headers: { 'idempotency-key': 'k:0' }, body: { text: 'Somebody is inactive.', run: 'run-1' } },
        { count: 1, headers: { 'idempotency-key': 'k:1' } },
      ],
    });
  });
});

describe('assign-read-only', () => {
  const names = async (who: Who) =>
    (await systems.access.access(SUBSCRIPTION_A, PEOPLE[who])).direct.map(({ roleName, scope }) => [roleName, scope]);

  it('leaves Reader where the role was, and what was read already as it was', async () => {
    const { change } = await planned('assign-read-only', 'adaQuiet');
    await send(change.calls);
    expect((await names('adaQuiet')).sort()).toEqual([
      ['Reader', SCOPES.data],
      ['Reader', SCOPES.payments],
    ]);
  });

  it('puts everything back under its own name, words and condition', async () => {
    const { change } = await planned('assign-read-only', 'conditioned');
    const was = systems.tenant.truth().assignments.find(({ name }) => name === ASSIGNMENTS.conditioned);
    await send([...change.calls, ...(change.undo ?? [])]);
    const is = systems.tenant.truth().assignments.find(({ name }) => name === ASSIGNMENTS.conditioned);
    const kept = ({ name, scope, role, condition, conditionVersion, description }: NonNullable<typeof was>) => {
      return { name, scope, role, condition, conditionVersion, description };
    };
    expect(is && kept(is)).toEqual(was && kept(was));
    expect(is?.condition).toContain("StringEquals 'public'");
  });

  it('is done where somebody else gave Reader in the meantime, under another name', async () => {
    const { change, satisfied } = await planned('assign-read-only', 'benStill');
    systems.tenant.change((state) => {
      const ben = state.assignments.find(({ name }) => name === ASSIGNMENTS.ben);
      const other = 'eeee0000-0000-4000-8000-00000000ffff';
      if (ben) state.assignments.push({ ...ben, name: other, role: AZURE_ROLES.reader });
    });
    expect(await systems.effects.send(change.calls[0] ?? expect.unreachable(), 'k', 'destructive')).toEqual({
      already: true,
    });
    await send(change.calls);
    expect(await satisfied()).toBe(true);
  });

  it('is refused where nobody would be left to give access, and Reader stays beside it', async () => {
    const { change } = await planned('assign-read-only', 'olga', { system: SUBSCRIPTION_B });
    const fault = await faultOf(send(change.calls));
    expect(fault).toMatchObject({ disposition: 'refuse', code: 'CannotDeleteLastRbacAdminAssignment' });
    expect(fault.message).toContain('Cannot delete the last RBAC admin assignment');
    await send(change.undo ?? []);
    const { direct } = await systems.access.access(SUBSCRIPTION_B, PEOPLE.olga);
    expect(direct).toMatchObject([{ name: ASSIGNMENTS.ownerOfB, roleName: 'Owner' }]);
  });
});

describe('delete-user', () => {
  it.each(['globalAdmin', 'roleAssignable'] as const)('is refused by the directory for %s', async (who) => {
    const { change, observe, before } = await planned('delete-user', who);
    const fault = await faultOf(send(change.calls));
    expect(fault).toMatchObject({ disposition: 'refuse', code: 'Authorization_RequestDenied' });
    expect(await observe()).toEqual(before);
  });

  it('is not called done for a user who is in neither place', async () => {
    const { change } = await planned('delete-user', 'doraDormant');
    systems.tenant.change((state) => {
      delete state.users[PEOPLE.doraDormant];
    });
    for (const calls of [change.calls, change.undo ?? []])
      expect(await faultOf(send(calls))).toMatchObject({ disposition: 'halt', code: 'not-found' });
  });

  it('waits where reading lags behind, until it shows what happened', async () => {
    const { change } = await planned('delete-user', 'doraDormant');
    await systems.lag(60_000);
    await send(change.calls);
    expect(await faultOf(send(change.calls))).toMatchObject({ disposition: 'retry', code: 'lagging' });
    systems.pass(60_001);
    await send(change.calls);
    await send(change.undo ?? []);
    expect(await faultOf(send(change.undo ?? []))).toMatchObject({ disposition: 'retry', code: 'lagging' });
    systems.pass(60_001);
    await send(change.undo ?? []);
    expect(await systems.directory.presence(PEOPLE.doraDormant)).toMatchObject({ state: 'live' });
  });

  it('brings all access back with a restore', async () => {
    const access = await systems.access.access(SUBSCRIPTION_B, PEOPLE.doraDormant);
    const { change } = await planned('delete-user', 'doraDormant');
    await send([...change.calls, ...(change.undo ?? [])]);
    expect(await systems.access.access(SUBSCRIPTION_B, PEOPLE.doraDormant)).toEqual(access);
  });

  it('cannot be undone where the name was given to somebody else, and says so', async () => {
    const { change } = await planned('delete-user', 'doraDormant');
    await send(change.calls);
    systems.tenant.change((state) => {
      const ben = state.users[PEOPLE.benStill];
      const userPrincipalName = 'dora.dormant@contoso.onmicrosoft.com';
      if (ben) state.users[PEOPLE.benStill] = { ...ben, userPrincipalName };
    });
    const fault = await faultOf(send(change.undo ?? []));
    expect(fault).toMatchObject({ disposition: 'reject', status: 500 });
    expect(fault.message).toContain('userPrincipalName already exists');
  });
});
