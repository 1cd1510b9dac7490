import { describe, expect, test } from 'vitest';
import type { ReportStore } from '../../shared/ports-reports.ts';
import { expectFault } from './adapters-storage.ts';

/** What every store of reports does. @param make an empty one */
export function describeReports(name: string, make: () => ReportStore): void {
  describe(`${name} reports`, () => {
    test('are handed back as they were kept, whatever letters they have', async () => {
      const store = make();
      expect(await store.get('approvals/2026-W48.html')).toBeNull();
      const text = `<p>Zoë 😀 ${'x'.repeat(200_000)}</p>`;
      expect(await store.put('approvals/2026-W48.html', text, 'text/html; charset=utf-8')).toBe(true);
      expect(await store.get('approvals/2026-W48.html')).toBe(text);
      expect(await store.get('approvals/2026-W48.csv')).toBeNull();
    });

    test('are kept once: whoever comes second is told, and changes nothing', async () => {
      const store = make();
      const all = ['first', 'second', 'third'].map((text) =>
        store.put('failed-runs/2026-11-28T13.md', text, 'text/markdown'),
      );
      expect((await Promise.all(all)).filter(Boolean)).toHaveLength(1);
      const kept = await store.get('failed-runs/2026-11-28T13.md');
      expect(await store.put('failed-runs/2026-11-28T13.md', 'later', 'text/markdown')).toBe(false);
      expect(await store.get('failed-runs/2026-11-28T13.md')).toBe(kept);
    });

    test.each(['', 'x', '../x/2026.html', 'a/../2026.html', 'a/2026-W48.exe', '/a/2026-W48.html', 'A/2026-W48.html'])(
      'cannot be called %j',
      async (odd) => {
        await expectFault(make().put(odd, '', 'text/plain'), 'halt', 'report-name');
        await expectFault(make().get(odd), 'halt', 'report-name');
      },
    );
  });
}
