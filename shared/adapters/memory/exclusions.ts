import type { Exclusion } from '../../domain/exclusion.ts';
import type { ExclusionList } from '../../ports-reports.ts';
import { soonestFirst } from '../exclusion-order.ts';
import { instantOf, keyOf } from '../keys.ts';

/** Exclusions that last as long as the process. */
export function memoryExclusions(): ExclusionList {
  const kept = new Map<string, Exclusion>();
  const name = (system: string, identity: string) => `${keyOf(system)}/${keyOf(identity)}`;
  return {
    find: async (system, identity) => kept.get(name(system, identity)) ?? null,
    put: async (exclusion) => {
      const expiresAt = instantOf(exclusion.expiresAt);
      kept.set(name(exclusion.system, exclusion.identity), { ...exclusion, expiresAt });
    },
    remove: async (system, identity) => {
      kept.delete(name(system, identity));
    },
    ending: async ({ from, before, limit }) => {
      const [first, last] = [instantOf(from), instantOf(before)];
      const within = [...kept.values()].filter(({ expiresAt }) => expiresAt >= first && expiresAt < last);
      return soonestFirst(within).slice(0, limit);
    },
  };
}
