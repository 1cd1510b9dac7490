import { Fault } from '../../shared/domain/fault.ts';
import type { Mode } from '../../shared/domain/mode.ts';
import type { Run } from '../../shared/domain/run.ts';
import { setControl } from '../../shared/engine/control.ts';
import { decide } from '../../shared/engine/decide.ts';
import { undo } from '../../shared/engine/undo.ts';
import type { Caller } from '../../shared/ports.ts';
import { approver, claims, digestOf, nextDue, playbook, quiet, raise, runs, type Stack, stackOf } from './engine.ts';
import type { FarSide } from './world.ts';
import { day, minute } from './world-clock.ts';
import { assigned, pathOf, someUser, userId } from './world-state.ts';

/** Chance from a seed: the same seed, the same story. */
export type Chance = (below: number) => number;

export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const names = ['inactive-user-review', 'inactive-user-delete', 'super-user-notify'];
const modes: readonly Mode[] = ['observe', 'approve', 'enforce'];
const head: Caller = { ...approver, roles: [...approver.roles, 'Quell.Administrator'] };

/**
 * Runs the real engine through a story of a few alerts: users of every kind, decisions of every kind, faults of every
 * kind, stops, late reads, and some of it taken back; until nothing is open any more.
 */
export async function historyOf(seed: number, users = 4): Promise<Stack> {
  const chance = chanceOf(seed);
  const playbooks = names.map((name) => playbook(name, { mode: modes[chance(3)] ?? 'approve' }));
  const stack = stackOf(playbooks);
  populate(stack, chance, users);
  trouble(stack.far, stack, chance);
  for (let n = 1; n <= users; n += 1) await raise(stack.engine, alertAbout(n, chance));
  await settle(stack, chance);
  for (const run of await runs(stack)) if (chance(5) === 0) await takeBack(stack, run);
  await settle(stack, chance);
  return stack;
}

function populate({ far, clock }: Stack, chance: Chance, users: number): void {
  far.change((state) => {
    state.tags = chance(2) === 0 ? { environment: 'sandbox' } : { environment: 'production' };
    for (let n = 1; n <= users; n += 1) {
      const user = anyUser(n, clock.now(), chance);
      state.live[user.id] = user;
      state.assignments[pathOf(assigned(user.id))] = assigned(user.id, chance(10) === 0 ? { roleName: 'Owner' } : {});
      if (chance(12) === 0)
        state.privileges[user.id] = [{ role: 'Helpdesk', scope: 'directory', held: 'eligible', through: 'direct' }];
    }
  });
}

function anyUser(n: number, now: string, chance: Chance): ReturnType<typeof someUser> {
  const user = someUser(n, now, [200, 200, 200, 91, 10][chance(5)]);
  const odd: readonly Partial<typeof user>[] = [
    { signIns: null },
    { synced: true },
    { createdAt: now },
    { enabled: false },
  ];
  return { ...user, ...odd[chance(30)] };
}

function trouble(far: FarSide, { clock }: Stack, chance: Chance): void {
  far.lagMs = [0, 0, 300, 5000][chance(4)] ?? 0;
  const faults = [
    new Fault('retry', 'busy', 'Too many requests.', { retryAfterMs: 2 * minute }),
    new Fault('uncertain', 'no-answer', 'No answer came.'),
    new Fault('refuse', 'forbidden', 'Not allowed.'),
  ];
  far.trouble = () => {
    const fault = faults[chance(40)];
    clock.move(chance(900));
    return fault ? { fault, when: chance(2) === 0 ? 'before' : 'after' } : null;
  };
}

function alertAbout(n: number, chance: Chance) {
  const rule = chance(6) === 0 ? 'super-users' : 'inactive-users';
  const value = chance(15) === 0 ? userId(777) : userId(n);
  const by = { kind: 'user', by: 'id', value } as const;
  return claims({ rule, ruleName: rule, nominations: chance(12) === 0 ? [] : [by], dedupeKey: `alert ${n}` });
}

/** Lets everything happen that will, with people at it now and then. */
async function settle(stack: Stack, chance: Chance): Promise<void> {
  for (let turn = 0; turn < 120; turn += 1) {
    await quietly(() => quiet(stack));
    for (const run of await runs(stack)) await person(stack, run, chance);
    if (chance(15) === 0) await control(stack, chance(2) === 0);
    if (turn > 60) await control(stack, false);
    await signIn(stack, chance);
    await quietly(() => quiet(stack));
    if (!(await stepOn(stack))) return;
  }
}

async function stepOn(stack: Stack): Promise<boolean> {
  try {
    return await nextDue(stack);
  } catch {
    return true;
  }
}

async function person(stack: Stack, run: Run, chance: Chance): Promise<void> {
  if (!run.asked || run.decision || run.ended || chance(3) === 0) return;
  const choice = run.asked.choices[chance(run.asked.choices.length)] ?? '';
  const yes = { choice, digest: digestOf(run, choice), reason: null };
  const answer = chance(4) === 0 ? { choice: null, digest: null, reason: 'is on leave' } : yes;
  await quietly(() => decide(stack.engine, run.id, answer, approver));
}

function control(stack: Stack, stopped: boolean): Promise<void> {
  const wanted = { scope: 'action', name: 'delete-user', stopped, reason: 'a rehearsal' } as const;
  return quietly(() => setControl(stack.engine, wanted, head));
}

/** Somebody comes back, or gets another role: what was proved and planned no longer holds. */
async function signIn({ far, clock }: Stack, chance: Chance): Promise<void> {
  if (chance(2) > 0) return;
  const id = userId(1 + chance(4));
  far.change((state) => {
    const user = state.live[id];
    const time = new Date(Date.parse(clock.now()) - chance(3) * day).toISOString();
    if (user && chance(2) === 0) user.signIns = { successful: time, interactive: time, nonInteractive: time };
    const extra = assigned(id, { name: `cccccccc-0000-4000-8000-${id.slice(-12)}` });
    state.assignments[pathOf(extra)] = extra;
  });
}

function takeBack(stack: Stack, run: Run): Promise<void> {
  return quietly(() => undo(stack.engine, run.id, 'was wrong', approver));
}

/** Refusals and conflicts are part of the story. */
async function quietly(work: () => Promise<unknown>): Promise<void> {
  await work().catch((error: unknown) => {
    if (!(error instanceof Fault)) throw error;
  });
}
