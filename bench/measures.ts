import type { Measure } from './lib/figures.ts';

/** A measurement, and what it may take. */
export interface Entry {
  readonly measure: Measure;
  /** Longer than this, in seconds, and it is ended: about twice what it takes on a quiet machine. */
  readonly limit: number;
}

/** All of them, in the order in which they are made and shown; each is loaded by the process that makes it. */
export const measures: Readonly<Record<string, Entry>> = {
  match: { limit: 120, measure: async (size) => (await import('./measures/match.ts')).measureMatch(size) },
  hash: { limit: 60, measure: async (size) => (await import('./measures/hash.ts')).measureHash(size) },
  cold: { limit: 240, measure: async (size) => (await import('./measures/cold.ts')).measureCold(size) },
  ingest: { limit: 240, measure: async (size) => (await import('./measures/ingest.ts')).measureIngest(size) },
  growth: { limit: 420, measure: async (size) => (await import('./measures/growth.ts')).measureGrowth(size) },
  identities: {
    limit: 420,
    measure: async (size) => (await import('./measures/identities.ts')).measureIdentities(size),
  },
  memory: { limit: 540, measure: async (size) => (await import('./measures/memory.ts')).measureMemory(size) },
  storm: { limit: 480, measure: async (size) => (await import('./measures/storm.ts')).measureStorm(size) },
  peers: { limit: 600, measure: async (size) => (await import('./measures/peers.ts')).measurePeers(size) },
  probes: { limit: 480, measure: async (size) => (await import('./measures/probes.ts')).measureProbes(size) },
};
