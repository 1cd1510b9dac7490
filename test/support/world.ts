import { covers } from '../../shared/domain/access.ts';
import type { Call } from '../../shared/domain/call.ts';
import type { Fault } from '../../shared/domain/fault.ts';
import type { Directory, Effects, World } from '../../shared/ports.ts';
import type { Clockwork } from './world-clock.ts';
import { carryOut } from './world-effects.ts';
import { firstState, scope, subscription, type WorldState } from './world-state.ts';

/** A call that reached the far side. */
export interface Sent {
  readonly call: Call;
  readonly key: string;
  readonly at: string;
  readonly changed: boolean;
}

/** What goes wrong with a call: it never takes effect, or its answer is lost. */
export interface Trouble {
  readonly fault: Fault;
  readonly when: 'before' | 'after';
}

/** The far sides in memory: a directory, a subscription, the registry of exclusions and a webhook. */
export interface FarSide {
  readonly state: WorldState;
  readonly sent: Sent[];
  /** What troubles a call, or null; asked for every call. */
  trouble: (call: Call) => Trouble | null;
  /** How late reads show a change, in milliseconds. */
  lagMs: number;
  readonly world: World;
  readonly effects: Effects;
  /** Changes something behind the engine's back, to be seen at once. */
  change(work: (state: WorldState) => void): void;
  /** Told of every call that takes effect. */
  onSent: (sent: Sent) => void;
}

export function farSide(clock: Clockwork): FarSide {
  const state = firstState(clock.now());
  let shown: { from: number; state: WorldState }[] = [{ from: 0, state: copyOf(state) }];
  const seen = (): WorldState => {
    const now = Date.parse(clock.now());
    return shown.findLast(({ from }) => from <= now)?.state ?? state;
  };
  const show = (lag: number) => {
    const from = Date.parse(clock.now()) + lag;
    // A change never shows before an earlier one.
    shown = [...shown.filter((one) => one.from <= from), { from, state: copyOf(state) }];
  };
  const side: FarSide = {
    state,
    sent: [],
    trouble: () => null,
    lagMs: 0,
    world: worldOf(seen),
    effects: {
      send: async (call, key) => {
        const trouble = side.trouble(call);
        if (trouble?.when === 'before') throw trouble.fault;
        const sent = { call, key, at: clock.now(), changed: carryOut(state, call, key, clock.now()) };
        side.sent.push(sent);
        side.onSent(sent);
        show(side.lagMs);
        if (trouble) throw trouble.fault;
        return sent.changed ? null : { already: true };
      },
    },
    change: (work) => {
      work(state);
      show(0);
    },
    onSent: () => {},
  };
  return side;
}

/** Thousands are made of it in a simulation, and this is the quickest way: it is all JSON. */
function copyOf(state: WorldState): WorldState {
  return JSON.parse(JSON.stringify(state));
}

function worldOf(seen: () => WorldState): World {
  return {
    directory: directoryOf(seen),
    exclusions: {
      find: async (system, identity) => seen().exclusions[`${system}/${identity}`] ?? null,
    },
    accessControl: {
      azure: {
        system: async (id) =>
          id === subscription ? { type: 'azure', id, name: 'Sandbox', tags: { ...seen().tags } } : null,
        access: async (_system, identity) => {
          const mine = Object.values(seen().assignments).filter((one) => one.principalId === identity);
          return {
            direct: mine.filter((one) => covers(scope, one.scope)),
            above: mine.filter((one) => !covers(scope, one.scope)),
            throughGroup: [],
            eligible: seen().eligible.filter((one) => one.principalId === identity),
          };
        },
        superUsers: async () =>
          Object.values(seen().assignments)
            .filter((one) => one.roleName === 'Owner' && one.scope === scope)
            .map((one) => one.principalId),
      },
    },
  };
}

function directoryOf(seen: () => WorldState): Directory {
  return {
    presence: async (id) => {
      const { live, deleted } = seen();
      const [user, gone] = [live[id.toLowerCase()], deleted[id.toLowerCase()]];
      if (user) return { state: 'live', user: structuredClone(user) };
      return gone ? { state: 'deleted', user: structuredClone(gone) } : { state: 'absent' };
    },
    usersBy: async (by, value) => Object.values(seen().live).filter((user) => user[by] === value),
    quietSince: async (time) =>
      Object.values(seen().live).filter(({ signIns }) => {
        const last = signIns?.interactive ?? null;
        return last !== null && last < time;
      }),
    userCount: async () => Object.keys(seen().live).length,
    groupsAmong: async (id, groups) =>
      groups.filter((group) => seen().live[id.toLowerCase()] && seen().groups[group]?.includes(id.toLowerCase())),
    privileges: async (id) => seen().privileges[id] ?? [],
  };
}
