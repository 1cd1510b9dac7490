import { describe, expect, test } from 'vitest';
import type { Exclusion } from '../../shared/domain/exclusion.ts';
import type { ExclusionList } from '../../shared/ports-reports.ts';
import { expectFault, oddTexts } from './adapters-storage.ts';

/** An exclusion of this identity. */
export function exclusionOf(system: string, identity: string): Exclusion {
  return {
    system,
    identity,
    reason: 'on parental leave: bis März',
    expiresAt: '2026-09-01T00:00:00.000Z',
    run: 'run-1',
  };
}

/** What every store of exclusions does. @param make an empty one */
export function describeExclusions(name: string, make: () => ExclusionList): void {
  describe(`${name} exclusions`, () => {
    test('are found by system and identity, and by nothing else', async () => {
      const exclusions = make();
      expect(await exclusions.find('s', 'a')).toBeNull();
      await exclusions.put(exclusionOf('s', 'a'));
      expect(await exclusions.find('s', 'a')).toEqual(exclusionOf('s', 'a'));
      expect(await exclusions.find('s', 'b')).toBeNull();
      expect(await exclusions.find('a', 's')).toBeNull();
    });

    test('are replaced as a whole, and removed quietly', async () => {
      const exclusions = make();
      await exclusions.put(exclusionOf('s', 'a'));
      await exclusions.put({ ...exclusionOf('s', 'a'), reason: 'extended', run: 'run-2' });
      expect(await exclusions.find('s', 'a')).toMatchObject({ reason: 'extended', run: 'run-2' });
      await exclusions.remove('s', 'a');
      await exclusions.remove('s', 'a');
      expect(await exclusions.find('s', 'a')).toBeNull();
    });

    test('that end in a period are found, the soonest first', async () => {
      const exclusions = make();
      const ending = (identity: string, expiresAt: string) => ({ ...exclusionOf('s', identity), expiresAt });
      const days = { a: '03-02', b: '03-01', c: '03-31', d: '04-01', e: '02-28' };
      for (const [identity, day] of Object.entries(days))
        await exclusions.put(ending(identity, `2026-${day}T00:00:00.000Z`));
      await exclusions.put(ending('f', '2026-03-02T01:00:00+02:00'));
      const march = { from: '2026-03-01T00:00:00Z', before: '2026-04-01T00:00:00Z' };
      const found = await exclusions.ending({ ...march, limit: 10 });
      expect(found.map(({ identity }) => identity)).toEqual(['b', 'f', 'a', 'c']);
      expect((await exclusions.ending({ ...march, limit: 2 })).map(({ identity }) => identity)).toEqual(['b', 'f']);
      expect(await exclusions.ending({ ...march, before: march.from, limit: 10 })).toEqual([]);
    });

    test('can have odd names, and where the border lies between the two matters', async () => {
      const exclusions = make();
      for (const text of oddTexts) await exclusions.put(exclusionOf(text, text));
      for (const text of oddTexts) expect(await exclusions.find(text, text)).toEqual(exclusionOf(text, text));
      await exclusions.put(exclusionOf('a/b', 'c'));
      expect(await exclusions.find('a', 'b/c')).toBeNull();
      await expectFault(exclusions.find('s', ''), 'halt', 'storage-key');
    });
  });
}
