import type { Row } from '../../cli/shapes.ts';
import { PEOPLE } from '../tenant/seed.ts';

/** How the demo's runs have to end, by source and identity: everybody not named here must not have a run at all. */
export const expected: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'permissions-management-email': {
    [PEOPLE.adaQuiet]: 'done',
    // The finding's run excludes him first, so this one finds him excluded.
    [PEOPLE.benStill]: 'refused',
    [PEOPLE.groupOnly]: 'done',
    [PEOPLE.conditioned]: 'done',
    [PEOPLE.managementGroupOnly]: 'done',
    [PEOPLE.alexDoeOne]: 'done',
    [PEOPLE.alexDoeTwo]: 'done',
    [PEOPLE.nested]: 'rejected',
    [PEOPLE.synced]: 'rejected',
    [PEOPLE.eligibleOwner]: 'refused',
    [PEOPLE.roleAssignable]: 'refused',
    [PEOPLE.tagged]: 'refused',
  },
  'permissions-management-finding': { [PEOPLE.benStill]: 'done' },
  generic: { [PEOPLE.doraDormant]: 'done' },
};

/** What is not as expected; empty where all is. `except` are identities left for the reader. */
export function surprises(rows: readonly Row[], except: ReadonlySet<string>): readonly string[] {
  const wrong = rows.flatMap(({ id, source, identity, state, because }) => {
    const wanted = except.has(identity.id) ? 'deciding' : expected[source]?.[identity.id];
    return state === wanted
      ? []
      : [`${id} (${source}, ${identity.displayName}) is ${state}, not ${wanted ?? 'there'}: ${because}`];
  });
  const count = Object.values(expected).reduce((sum, of) => sum + Object.keys(of).length, 0);
  return rows.length === count ? wrong : [...wrong, `there are ${rows.length} runs, not ${count}`];
}
