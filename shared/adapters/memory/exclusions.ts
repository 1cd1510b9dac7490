import type { Exclusion } from '../../domain/exclusion.ts';
import type { Exclusions } from '../../ports.ts';
import { keyOf } from '../keys.ts';

/** Exclusions that last as long as the process. */
export function memoryExclusions(): Exclusions {
  const kept = new Map<string, Exclusion>();
  const name = (system: string, identity: string) => `${keyOf(system)}/${keyOf(identity)}`;
  return {
    find: async (system, identity) => kept.get(name(system, identity)) ?? null,
    put: async (exclusion) => {
      kept.set(name(exclusion.system, exclusion.identity), { ...exclusion });
    },
    remove: async (system, identity) => {
      kept.delete(name(system, identity));
    },
  };
}
