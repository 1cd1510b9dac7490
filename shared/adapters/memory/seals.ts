import { Fault } from '../../domain/fault.ts';
import { canonical, toJson } from '../../domain/json.ts';
import type { Seal } from '../../domain/seal.ts';
import type { Seals } from '../../ports-custody.ts';

/** Seals that last as long as the process. */
export function memorySeals(): Seals {
  const kept = new Map<number, Seal>();
  const count = async () => Math.max(0, ...kept.keys());
  return {
    count,
    latest: async () => kept.get(await count()) ?? null,
    read: async (number) => kept.get(number) ?? null,
    put: async (seal) => {
      const { number } = seal.statement;
      const standing = kept.get(number);
      if (standing && canonical(toJson(standing)) !== canonical(toJson(seal)))
        throw new Fault('conflict', 'seal-taken', `Seal ${number} is kept already, and is another.`);
      kept.set(number, structuredClone(seal));
    },
  };
}
