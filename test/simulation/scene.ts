import { actions } from '../../shared/actions/catalog.ts';
import type { Claims } from '../../shared/domain/alert.ts';
import type { Budget } from '../../shared/domain/budget.ts';
import type { Mode } from '../../shared/domain/mode.ts';
import type { Playbook } from '../../shared/domain/playbook.ts';
import type { Engine } from '../../shared/engine/engine.ts';
import { readPlaybooks } from '../../shared/playbook-folder.ts';
import { breakGlass, claims, type Stack, stackOf } from '../support/engine.ts';
import { assigned, pathOf, scope, someUser, userId, type WorldState } from '../support/world-state.ts';
import type { Random } from './random.ts';

/** The playbooks as they are shipped. */
export const shipped: readonly Playbook[] = readPlaybooks('playbooks', actions).playbooks;

/** Users 1 to 3 are ordinary; the others are there to be left alone, or told about. */
export const owner = userId(4);
export const special = userId(5);
/** An approver who is a user like any other. */
export const approverUser = userId(901);

/** Who must not be touched, whatever an alert says: each turns user 5 into somebody to be left alone. */
const specials: readonly ((state: WorldState) => void)[] = [
  (state) => {
    state.privileges[special] = [{ role: 'User Administrator', scope: '/', held: 'eligible', through: 'group g-1' }];
  },
  (state) => patch(state, { createdAt: '2026-02-20T00:00:00.000Z' }),
  (state) => patch(state, { synced: true }),
  (state) => patch(state, { signIns: null }),
  (state) => {
    const exclusion = { system: scope.split('/')[2] ?? '', identity: special, reason: 'leave', run: 'run-other' };
    state.exclusions[`${exclusion.system}/${special}`] = { ...exclusion, expiresAt: '2026-09-01T00:00:00.000Z' };
  },
  (state) => {
    state.eligible.push(assigned(special, { roleName: 'Owner' }));
  },
];

function patch(state: WorldState, change: Partial<WorldState['live'][string]>): void {
  const user = state.live[special];
  if (user) Object.assign(user, change);
}

/** One world, with what will be heard of it. */
export interface Scene {
  readonly stack: Stack;
  readonly limits: Partial<Engine['limits']>;
  readonly alerts: readonly Claims[];
  /** The far sides before anybody did anything. */
  readonly before: WorldState;
}

const modes: readonly Mode[] = [...Array(4).fill('approve'), ...Array(5).fill('enforce'), 'observe'];

export function sceneOf(random: Random, lagMs: number): Scene {
  const stack = stackOf(shipped);
  stack.far.lagMs = lagMs;
  stack.far.change((state) => populate(state, random));
  const budget = random.chance(0.3) ? narrow(random) : wide;
  const limits = {
    modes: new Map(shipped.map(({ name, version }) => [`${name}@${version}`, random.pick(modes)])),
    budgets: { reversible: budget, destructive: budget },
    canarySoakMs: random.pick([0, 60_000, 3_600_000]),
  };
  const alerts = Array.from({ length: 1 + random.int(random.pick([1, 2, 3])) }, (_, n) => alertOf(random, n));
  return { stack, limits, alerts, before: structuredClone(stack.far.state) };
}

const wide: Budget = { hour: 100, day: 100, week: 100, month: 100 };

function narrow(random: Random): Budget {
  const hour = 1 + random.int(2);
  return { hour, day: hour + random.int(3), week: 6, month: 8 };
}

function populate(state: WorldState, random: Random): void {
  state.tags = { environment: random.chance(0.6) ? 'sandbox' : 'production' };
  const now = '2026-03-01T12:00:00.000Z';
  for (const user of [someUser(4, now), someUser(5, now), someUser(901, now), someUser(903, now)])
    state.live[user.id] = user;
  state.live[breakGlass] = { ...someUser(911, now), id: breakGlass };
  for (const id of [special, approverUser, breakGlass]) state.assignments[pathOf(assigned(id))] = assigned(id);
  state.assignments[pathOf(assigned(owner))] = assigned(owner, { roleName: 'Owner' });
  const group = assigned(userId(2), {
    name: 'cccccccc-0000-4000-8000-000000000002',
    scope: `${scope}/resourceGroups/app`,
    condition: '@Resource[x] == 1',
    conditionVersion: '2.0',
  });
  state.assignments[pathOf(group)] = group;
  random.pick(specials)(state);
  // What a run wants may be so already: by an administrator just now, as the clock of the directory has it.
  const gone = random.chance(0.2) ? [1, 2, 3].filter(() => random.chance(0.6)) : [];
  for (const n of gone)
    Object.assign(state.live[userId(n)] ?? {}, { enabled: false, sessionsValidFrom: '2026-03-01T12:10:00.000Z' });
}

function alertOf(random: Random, n: number): Claims {
  const title = `Alert ${n}`;
  if (random.chance(0.08)) return claims({ title, rule: 'super-users', ruleName: 'Super Users', nominations: [] });
  if (random.chance(0.08)) return claims({ title, nominations: [], identityCount: random.pick([null, 1, 3, 9]) });
  const who = random.pick([1, 1, 1, 2, 2, 2, 3, 3, 5, random.pick([901, 911, 5, 1])]);
  const names = random.chance(0.3) ? [...new Set([who, 3, 1])] : [who];
  return claims({ title, nominations: names.map((one) => nomination(one, random)) });
}

function nomination(n: number, random: Random): Claims['nominations'][number] {
  if (random.chance(0.1)) return { kind: 'user', by: 'displayName', value: `User ${n}` };
  if (random.chance(0.2)) return { kind: 'user', by: 'userPrincipalName', value: `user${n}@example.com` };
  return { kind: 'user', by: 'id', value: userId(n) };
}
