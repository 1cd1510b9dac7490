import { describe, expect, test } from 'vitest';
import type { Entry } from '../../shared/domain/ledger.ts';
import type { Ledger } from '../../shared/ports.ts';
import type { Journals } from '../../shared/ports-custody.ts';
import { bodyOf } from './adapters-ledger.ts';

/** Five journals. @returns their entries in the order of their names */
async function fill(ledger: Ledger): Promise<readonly Entry[]> {
  const written: Entry[] = [];
  const names = [
    'alert-1',
    'alert-1',
    ...Array(5).fill('controls'),
    'run-1',
    'run-10',
    'run-10',
    'run-10',
    'run-2',
    'run-2',
  ];
  for (const [n, journal] of names.entries()) {
    const previous = written.at(-1);
    written.push(await ledger.append(journal, previous && previous.journal === journal ? previous : null, bodyOf(n)));
  }
  return written;
}

/** What every ledger does for whoever has to look at all of it. @param make an empty one */
export function describeJournals(name: string, make: () => Ledger & Journals): void {
  describe(`${name} ledger, all journals`, () => {
    test('none, where there are none', async () => {
      expect(await make().after(null, 10)).toEqual([]);
    });

    test('whole journals by name, however few are asked for at a time', async () => {
      const ledger = make();
      const written = await fill(ledger);
      for (const limit of [1, 2, 3, 5, 6, 14, 15, 16, 1000]) {
        const found: Entry[] = [];
        for (let page = await ledger.after(null, limit); page.length > 0; ) {
          const last = page.at(-1)?.journal ?? '';
          expect(page.length).toBeLessThanOrEqual(Math.max(limit, 5));
          expect(page.filter(({ journal }) => journal === last)).toEqual(await ledger.read(last));
          found.push(...page);
          page = await ledger.after(last, limit);
        }
        expect(found).toEqual(written);
      }
      expect(await ledger.after('run-1', 4)).toEqual(await ledger.read('run-10'));
      expect(await ledger.after('run-2', 4)).toEqual([]);
    });
  });
}
