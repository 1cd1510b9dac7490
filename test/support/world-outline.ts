import type { FarSide } from './world.ts';

/** What the far sides hold in the end, without times that a crash moves. */
export function outlineOf({ far }: { readonly far: FarSide }): object {
  const { live, deleted, assignments, exclusions, word } = far.state;
  const user = (one: (typeof live)[string]) => ({
    id: one.id,
    enabled: one.enabled,
    ended: one.sessionsValidFrom !== null,
    mark: one.excludeMark !== null,
  });
  return {
    live: Object.values(live).map(user),
    deleted: Object.values(deleted).map(user),
    assignments: Object.entries(assignments)
      .map(([path, { roleName }]) => `${roleName} ${path}`)
      .sort(),
    exclusions: Object.values(exclusions).map(({ identity, reason, run }) => ({ identity, reason, run })),
    word: Object.values(word),
  };
}
