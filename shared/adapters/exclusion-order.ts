import type { Exclusion } from '../domain/exclusion.ts';

/** By the time they end; of the same time by system and identity. */
export function soonestFirst(exclusions: readonly Exclusion[]): readonly Exclusion[] {
  const key = ({ expiresAt, system, identity }: Exclusion) => JSON.stringify([expiresAt, system, identity]);
  return exclusions.toSorted((one, other) => (key(one) < key(other) ? -1 : 1));
}
