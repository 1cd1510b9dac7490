import { describe, expect, test } from 'vitest';
import type { Index, ListedRun, OpenItem, RunQuery } from '../../shared/ports.ts';
import { expectFault, oddTexts } from './adapters-storage.ts';

/** An open journal that is due at this time of a certain day. */
export function itemOf(journal: string, time: string): OpenItem {
  return { journal, kind: 'run', session: `session of ${journal}`, due: `2026-03-01T${time}.000Z` };
}

/** A run opened on this day of a certain month. */
export function runOf(run: string, day: string, of: Partial<ListedRun> = {}): ListedRun {
  return { run, alert: 'alert-1', identity: 'id-1', receivedAt: `2026-03-${day}T09:00:00.000Z`, ...of };
}

const noon = '2026-03-01T12:00:00.000Z';

/** What every index does. @param make an empty index */
export function describeIndex(name: string, make: () => Index): void {
  describe(`${name} index: what is open`, () => {
    test('nothing, at first', async () => {
      const index = make();
      expect(await index.due(noon, 10)).toEqual([]);
      await index.close('run-1');
    });

    test('is due when its time has come, the oldest first', async () => {
      const index = make();
      const [late, now, early] = [itemOf('a', '12:00:01'), itemOf('b', '12:00:00'), itemOf('c', '08:00:00')];
      for (const item of [late, now, early, itemOf('d', '08:00:00')]) await index.open(item);
      expect(await index.due(noon, 10)).toEqual([early, itemOf('d', '08:00:00'), now]);
      expect(await index.due(noon, 1)).toEqual([early]);
      expect(await index.due(noon, 0)).toEqual([]);
    });

    test('noting it again replaces what was noted; closing forgets it', async () => {
      const index = make();
      await index.open(itemOf('a', '08:00:00'));
      await index.open({ ...itemOf('a', '11:00:00'), kind: 'alert' });
      expect(await index.due(noon, 10)).toEqual([{ ...itemOf('a', '11:00:00'), kind: 'alert' }]);
      await index.close('a');
      expect(await index.due(noon, 10)).toEqual([]);
    });

    test('what was noted by somebody who knew more is not put off, however late the other comes', async () => {
      const index = make();
      const [soon, far] = [itemOf('a', '08:00:00'), itemOf('a', '11:00:00')];
      await index.open({ ...soon, knows: 4 });
      await index.open({ ...far, knows: 3 });
      expect(await index.due(noon, 10)).toEqual([{ ...soon, knows: 4 }]);
      await index.open({ ...far, knows: 4 });
      expect(await index.due(noon, 10)).toEqual([{ ...far, knows: 4 }]);
      await index.list(runOf('a', '01'), { open: { ...soon, knows: 3 }, close: 'alert-1' });
      expect(await index.due(noon, 10)).toEqual([{ ...far, knows: 4 }]);
      await index.open({ ...soon, knows: 5 });
      expect(await index.due(noon, 10)).toEqual([{ ...soon, knows: 5 }]);
      await index.close('a');
      await index.open({ ...far, knows: 1 });
      expect(await index.due(noon, 10)).toEqual([{ ...far, knows: 1 }]);
    });

    test('what is firm is neither put off nor forgotten by somebody who knows no more', async () => {
      const index = make();
      const firm = { ...itemOf('a', '08:00:00'), knows: 4, firm: noon };
      const far = itemOf('a', '11:00:00');
      await index.open({ ...far, knows: 4 });
      await index.open(firm);
      for (const knows of [3, 4]) {
        await index.open({ ...far, knows });
        await index.list(runOf('a', '01'), { open: { ...far, knows } });
        await index.close('a', knows);
      }
      expect(await index.due(noon, 10)).toEqual([firm]);
      await index.open({ ...firm, due: '2026-03-01T08:30:00.000Z' });
      expect(await index.due(noon, 10)).toEqual([{ ...firm, due: '2026-03-01T08:30:00.000Z' }]);
      await index.open({ ...firm, knows: 3 });
      expect(await index.due(noon, 10)).toMatchObject([{ knows: 4 }]);
      await index.open({ ...far, knows: 5 });
      expect(await index.due(noon, 10)).toEqual([{ ...far, knows: 5 }]);
    });

    test('is forgotten by whoever knows as much or more, and by whoever does not say', async () => {
      const index = make();
      const item = { ...itemOf('a', '08:00:00'), knows: 4 };
      for (const [knows, left] of [
        [3, 1],
        [4, 0],
        [5, 0],
        [undefined, 0],
      ] as const) {
        await index.open(item);
        await index.close('a', knows);
        expect(await index.due(noon, 10)).toHaveLength(left);
      }
      await index.open({ ...item, firm: noon });
      await index.close('a', 5);
      expect(await index.due(noon, 10)).toEqual([]);
      await index.open({ ...item, firm: noon });
      await index.close('a');
      expect(await index.due(noon, 10)).toEqual([]);
      await index.close('a', 4);
    });

    test('was looked at: it is due later and firm while it is for longer, unless something else was noted since', async () => {
      const index = make();
      const [eleven, found] = ['2026-03-01T11:00:00.000Z', { ...itemOf('a', '08:00:00'), knows: 4 }];
      await index.open({ ...found, firm: noon });
      for (const other of [
        found,
        { ...found, firm: noon, knows: 3 },
        { ...itemOf('a', '07:00:00'), knows: 4, firm: noon },
      ] as const)
        await index.looked(other, eleven);
      expect(await index.due(noon, 10)).toEqual([{ ...found, firm: noon }]);
      await index.looked({ ...found, firm: noon }, eleven);
      expect(await index.due(noon, 10)).toEqual([{ ...found, firm: noon, due: eleven }]);
      await index.looked({ ...found, firm: noon, due: eleven }, noon);
      expect(await index.due(noon, 10)).toEqual([{ ...found, firm: noon, due: noon }]);
      const after = '2026-03-01T12:00:00.001Z';
      await index.looked({ ...found, firm: noon, due: noon }, after);
      expect(await index.due(after, 10)).toEqual([{ ...found, due: after }]);
      await index.close('a', 4);
      await index.looked({ ...found, due: after }, eleven);
      expect(await index.due(noon, 10)).toEqual([]);
      const alert = { ...itemOf('b', '08:00:00'), kind: 'alert' } as const;
      await index.open(alert);
      const [seen] = await index.due(noon, 10);
      if (seen) await index.looked(seen, '2026-03-01T12:30:00+01:00');
      expect(await index.due(noon, 10)).toEqual([{ ...alert, due: '2026-03-01T11:30:00.000Z' }]);
      await expectFault(index.looked(alert, 'soon'), 'halt', 'storage-time');
    });

    test('times are compared as times, however they are written', async () => {
      const index = make();
      await index.open({ ...itemOf('a', ''), due: '2026-03-01T13:30:00+02:00' });
      await index.open({ ...itemOf('b', ''), due: '2026-03-01T12:00:00Z' });
      const due = await index.due('2026-03-01T12:00:00Z', 10);
      expect(due.map((item) => item.due)).toEqual(['2026-03-01T11:30:00.000Z', noon]);
      await expectFault(index.due('soon', 1), 'halt', 'storage-time');
      await expectFault(index.open({ ...itemOf('c', ''), due: '' }), 'halt', 'storage-time');
    });

    test('journals and sessions can have odd names', async () => {
      const index = make();
      for (const text of oddTexts) await index.open({ ...itemOf(text, '08:00:00'), session: text });
      const due = await index.due(noon, 100);
      expect(due.map(({ journal }) => journal).sort()).toEqual([...oddTexts].sort());
      expect(due.every(({ journal, session }) => journal === session)).toBe(true);
      for (const text of oddTexts) await index.close(text);
      expect(await index.due(noon, 100)).toEqual([]);
    });
  });

  describe(`${name} index: the lists`, () => {
    test('have the newest first, as many as asked for', async () => {
      const index = make();
      expect(await index.runs({ limit: 10 })).toEqual([]);
      const [first, second, third] = [runOf('z', '01'), runOf('a', '02'), runOf('m', '28')];
      for (const run of [second, third, first, runOf('b', '02')]) await index.list(run);
      expect(await index.runs({ limit: 10 })).toEqual([third, second, runOf('b', '02'), first]);
      expect(await index.runs({ limit: 2 })).toEqual([third, second]);
      expect(await index.runs({ limit: 0 })).toEqual([]);
    });

    test('can be of a period, and of what comes after another', async () => {
      const index = make();
      const all = ['01', '02', '03', '04', '05'].map((day) => runOf(`run-${day}`, day));
      const twin = runOf('run-03-twin', '03', { identity: 'x' });
      for (const run of [...all, twin]) await index.list(run);
      const names = async (query: Omit<RunQuery, 'limit'>, limit = 10) =>
        (await index.runs({ ...query, limit })).map(({ run }) => run);
      const period = { from: '2026-03-02T09:00:00.000Z', before: '2026-03-05T09:00:00Z' };
      expect(await names(period)).toEqual(['run-04', 'run-03', 'run-03-twin', 'run-02']);
      expect(await names({ ...period, identity: 'x' })).toEqual(['run-03-twin']);
      expect(await names({ ...period, from: '2026-03-02T09:00:00.001Z' })).not.toContain('run-02');
      expect(await names({ ...period, before: '2026-03-05T09:00:00.001Z' })).toContain('run-05');
      const third = runOf('run-03', '03');
      expect(await names({ ...period, after: third })).toEqual(['run-03-twin', 'run-02']);
      expect(await names({ after: twin }, 1)).toEqual(['run-02']);
      expect(await names({ from: period.before, before: period.from })).toEqual([]);
      await expectFault(index.runs({ from: 'soon', limit: 1 }), 'halt', 'storage-time');
    });

    test('have a run once, however often it is entered', async () => {
      const index = make();
      for (let times = 0; times < 3; times += 1) await index.list(runOf('a', '01'));
      for (const query of [{}, { identity: 'id-1' }])
        expect(await index.runs({ ...query, limit: 10 })).toEqual([runOf('a', '01')]);
    });

    test('can be of one identity', async () => {
      const index = make();
      const [one, two, three] = [
        runOf('a', '01', { identity: 'x' }),
        runOf('b', '02'),
        runOf('c', '03', { identity: 'x' }),
      ];
      for (const run of [one, two, three]) await index.list(run);
      expect(await index.runs({ identity: 'x', limit: 10 })).toEqual([three, one]);
      expect(await index.runs({ identity: 'nobody', limit: 10 })).toEqual([]);
    });

    test('and what is open do not mix, though a run is entered in both at once', async () => {
      const index = make();
      await index.list(runOf('a', '01'), { open: itemOf('a', '08:00:00') });
      await index.list(runOf('b', '02'), { open: itemOf('b', '09:00:00') });
      await index.open(itemOf('run', '10:00:00'));
      expect(await index.runs({ limit: 10 })).toEqual([runOf('b', '02'), runOf('a', '01')]);
      expect(await index.due(noon, 10)).toEqual([
        itemOf('a', '08:00:00'),
        itemOf('b', '09:00:00'),
        itemOf('run', '10:00:00'),
      ]);
      await index.close('a');
      await index.list(runOf('b', '02'));
      expect(await index.due(noon, 10)).toEqual([itemOf('b', '09:00:00'), itemOf('run', '10:00:00')]);
      expect(await index.runs({ limit: 10 })).toHaveLength(2);
    });

    test('forget what is no longer open as they take a run in, also where it is forgotten already', async () => {
      const index = make();
      await index.open(itemOf('alert', '07:00:00'));
      await index.list(runOf('a', '01'), { open: itemOf('a', '08:00:00'), close: 'alert' });
      expect(await index.due(noon, 10)).toEqual([itemOf('a', '08:00:00')]);
      await index.list(runOf('b', '02'), { open: itemOf('b', '09:00:00'), close: 'alert' });
      expect(await index.due(noon, 10)).toEqual([itemOf('a', '08:00:00'), itemOf('b', '09:00:00')]);
      await index.list(runOf('a', '01'), { close: 'a' });
      expect(await index.due(noon, 10)).toEqual([itemOf('b', '09:00:00')]);
      for (const query of [{}, { identity: 'id-1' }])
        expect(await index.runs({ ...query, limit: 10 })).toEqual([runOf('b', '02'), runOf('a', '01')]);
    });

    test('can be of an identity with an odd name, and of no other', async () => {
      const index = make();
      for (const text of oddTexts) await index.list(runOf(text, '01', { identity: text, alert: text }));
      for (const text of oddTexts) {
        const itself = [runOf(text, '01', { identity: text, alert: text })];
        expect(await index.runs({ identity: text, limit: 10 })).toEqual(itself);
      }
      await expectFault(index.list(runOf('a', '01', { identity: 'x'.repeat(451) })), 'halt', 'storage-key');
      await expectFault(index.list(runOf('a', '01', { identity: '\ud800' })), 'halt', 'storage-key');
    });
  });
}
