import type { Access } from '../../shared/domain/access.ts';
import type { Call } from '../../shared/domain/call.ts';
import type { Exclusion } from '../../shared/domain/exclusion.ts';
import type { Presence } from '../../shared/domain/identity.ts';
import type { Json, JsonObject } from '../../shared/domain/json.ts';
import type { Change } from '../../shared/domain/plan.ts';
import type { Action, Target, World } from '../../shared/ports.ts';
import { runId } from './domain-run.ts';
import { t0 } from './domain-time.ts';
import { accessOf, dana, live, subscription } from './domain-users.ts';

export const target: Target = {
  run: runId,
  identity: dana,
  system: { type: 'azure', id: subscription, name: 'Example' },
};

interface Facts {
  readonly presence?: Presence;
  readonly access?: Access;
  readonly exclusion?: Exclusion | null;
}

/** A world in which one user stands as told. It can only be read. */
export function worldOf({ presence = live(), access = accessOf(), exclusion = null }: Facts = {}): World {
  return {
    directory: {
      presence: async () => presence,
      usersBy: async () => [],
      quietSince: async () => [],
      userCount: async () => 1,
      groupsAmong: async () => [],
      privileges: async () => [],
    },
    accessControl: {
      azure: { system: async () => null, access: async () => access, superUsers: async () => [] },
    },
    exclusions: { find: async () => exclusion },
  };
}

/** What an action plans in such a world. */
export async function planIn(action: Action, facts: Facts = {}, settings: JsonObject = {}, now = t0): Promise<Change> {
  return action.plan(await action.observe(worldOf(facts), target), target, settings, now);
}

/** A store that calls are carried out on: `PUT` sets, `PATCH` merges, `DELETE` takes away. Names compare without case. */
export type Store = ReadonlyMap<string, Json>;

export function storeAfter(store: Store, calls: readonly Call[]): Store {
  const after = new Map(store);
  for (const { to, method, path, body } of calls) {
    const key = `${to}${path}`.toLowerCase();
    if (method === 'DELETE') after.delete(key);
    else after.set(key, method === 'PATCH' ? merged(after.get(key) ?? null, body) : body);
  }
  return after;
}

function merged(held: Json, change: Json): Json {
  if (!isObject(change)) return change;
  const base = isObject(held) ? held : {};
  const members = Object.entries(change).map(([key, value]) => [key, merged(base[key] ?? null, value)]);
  return { ...base, ...Object.fromEntries(members) };
}

function isObject(value: Json): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
