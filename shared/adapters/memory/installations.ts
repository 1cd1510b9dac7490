import type { Installation } from '../../domain/installation.ts';
import type { Installations } from '../../ports-channels.ts';
import { keyOf } from '../keys.ts';

/** Installations that last as long as the process. */
export function memoryInstallations(): Installations {
  const kept = new Map<string, Installation>();
  return {
    list: async () => [...kept.values()].sort((one, other) => (one.at > other.at ? -1 : 1)),
    put: async (installation) => {
      kept.set(keyOf(installation.id), { ...installation });
    },
    remove: async (id) => {
      kept.delete(keyOf(id));
    },
  };
}
