import { describe, expect, test } from 'vitest';
import { later } from '../../shared/domain/duration.ts';
import { Fault } from '../../shared/domain/fault.ts';
import { periodAt, periodBefore, periodNamed } from '../../shared/domain/period.ts';
import { deliverDue } from '../../shared/engine/reports/deliver.ts';
import { historiesIn, lookBackMs } from '../../shared/engine/reports/histories.ts';
import { listReports } from '../../shared/engine/reports/list.ts';
import { definitionOf, makeReport, readReport } from '../../shared/engine/reports/make.ts';
import type { Index, Ledger } from '../../shared/ports.ts';
import type { ExclusionList, ReportStore } from '../../shared/ports-reports.ts';
import { expectFault } from './adapters-storage.ts';
import { reportingOn, shippedReports, writeRun, writeRuns } from './report-cases.ts';

interface Stores {
  readonly ledger: Ledger;
  readonly index: Index;
  readonly exclusions: ExclusionList;
  readonly store: ReportStore;
}

/** Monday, seven minutes after eight. */
const monday = '2026-11-30T08:07:00.000Z';
const [made] = [shippedReports.filter(({ query }) => query !== undefined)];

/** Every row of every report of a month, as these stores have them. */
export async function everyRow(stores: Stores, count: number): Promise<object> {
  await writeRuns(stores, count, '2026-11-28T20:00:00.000Z');
  const run = `run-${'5'.padStart(32, '0')}`;
  for (const [identity, expiresAt] of [
    ['five', '2026-12-20T00:00:00.000Z'],
    ['other', '2027-03-01T00:00:00.000Z'],
  ] as const)
    await stores.exclusions.put({ system: 'sub-2', identity, reason: 'still needed', expiresAt, run });
  const reporting = reportingOn(stores, () => monday, stores);
  const reports = [];
  for (const { report } of made)
    reports.push(await makeReport(reporting, definitionOf(reporting, report), periodAt('monthly', monday)));
  return Object.fromEntries(reports.map(({ name, all }) => [name, all.rows]));
}

/** What making and delivering reports does. @param make empty stores */
export function describeReporting(name: string, make: () => Stores): void {
  describe(`${name}: reading runs`, () => {
    test('finds every run that may matter once, over many pages, and what is older not', async () => {
      const stores = make();
      const period = periodAt('daily', monday);
      const early = later(period.from, -lookBackMs);
      for (let number = 0; number < 207; number += 1)
        await writeRun(stores, { number, case: 'not-confirmed', openedAt: later(early, number % 3) });
      await writeRun(stores, { number: 900, case: 'not-confirmed', openedAt: later(early, -1) });
      await writeRun(stores, { number: 901, case: 'not-confirmed', openedAt: period.to });
      const ids = [];
      for await (const { run } of historiesIn(stores, period)) ids.push(run.id);
      expect([ids.length, new Set(ids).size]).toEqual([207, 207]);
    });

    test('stops at the most it may read, and says so', async () => {
      const stores = make();
      for (let number = 0; number < 9; number += 1)
        await writeRun(stores, { number, case: 'open', openedAt: later(monday, -number * 1000) });
      const readUpTo = async (most: number) => {
        const histories = historiesIn(stores, periodAt('daily', monday), most);
        for (let count = 0; ; count += 1) {
          const { done, value } = await histories.next();
          if (done) return [count, value];
        }
      };
      expect(await readUpTo(9)).toEqual([9, false]);
      expect(await readUpTo(8)).toEqual([8, true]);
      expect(await readUpTo(3)).toEqual([3, true]);
    });
  });

  describe(`${name}: delivering reports`, () => {
    const soon = () => {
      const stores = make();
      const definitions = () => made.filter(({ report }) => ['approvals', 'failed-runs'].includes(report));
      const clock = { now: monday };
      return { stores, clock, reporting: reportingOn(stores, () => clock.now, { ...stores, definitions }) };
    };

    test('makes what has ended, keeps it in every format, and tells where it is', async () => {
      const { stores, reporting } = soon();
      await writeRun(stores, { number: 1, case: 'failed', openedAt: '2026-11-29T03:00:00.000Z' });
      // Three days of one, two weeks of the other.
      expect(await deliverDue(reporting)).toBe(5);
      expect(await stores.store.get('failed-runs/2026-11-29.csv')).toContain('the directory does not allow it');
      expect(await stores.store.get('approvals/2026-W48.html')).toContain('<h1>Approvals</h1>');
      expect(await stores.store.get('approvals/2026-W49.html')).toBeNull();
      const word = reporting.told.find(({ key }) => key === 'report:failed-runs:2026-11-29');
      expect(word?.call.body).toMatchObject({
        text: 'Failed runs, 2026-11-29: Failed 1, Partly taken back 0, Playbooks 1',
        audience: ['Information Security Operations', 'Incident Response'],
        kept: ['reports/failed-runs/2026-11-29.html', expect.anything(), expect.anything()],
        link: 'https://quell.example.com/api/reports/failed-runs?period=2026-11-29',
      });
      expect(JSON.stringify(word)).not.toMatch(/sig=|token|SharedAccess/i);
    });

    test('twice is once', async () => {
      const { reporting } = soon();
      await deliverDue(reporting);
      const first = reporting.told.length;
      expect(await deliverDue(reporting)).toBe(0);
      expect(reporting.told).toHaveLength(first);
    });

    test('what was missed is made up for, and says what it would have said in time', async () => {
      const inTime = soon();
      const late = soon();
      for (const { stores, clock } of [inTime, late]) {
        await writeRun(stores, { number: 1, case: 'failed', openedAt: '2026-11-28T03:00:00.000Z' });
        // Fails when the day is over.
        await writeRun(stores, { number: 3, case: 'failed', openedAt: '2026-11-28T20:00:00.000Z', hours: 30 });
        clock.now = '2026-11-29T00:07:00.000Z';
      }
      await deliverDue(inTime.reporting);
      for (const { stores, clock } of [inTime, late]) {
        await writeRun(stores, { number: 2, case: 'failed', openedAt: '2026-11-30T03:00:00.000Z' });
        clock.now = monday;
      }
      await deliverDue(late.reporting);
      const kept = await inTime.stores.store.get('failed-runs/2026-11-28.csv');
      expect(kept).toContain('run-00000000000000000000000000000001');
      expect(kept).not.toContain('run-00000000000000000000000000000003');
      expect(await late.stores.store.get('failed-runs/2026-11-28.csv')).toBe(kept);
      late.clock.now = '2027-06-01T00:07:00.000Z';
      expect(await deliverDue(late.reporting)).toBe(5);
    });

    test('interrupted at any point, it goes on; word goes out again only with the same key', async () => {
      const { stores, reporting } = soon();
      for (let calls = 0; ; calls += 1) {
        if (calls > 60) throw new Error('it never ends');
        let left = calls;
        const fuse = () => {
          left -= 1;
          if (left < 0) throw new Fault('retry', 'cut', 'The line was cut.');
        };
        const store: ReportStore = {
          get: stores.store.get,
          put: async (...one) => {
            fuse();
            return stores.store.put(...one);
          },
        };
        const effects = {
          send: async (...one: Parameters<typeof reporting.effects.send>) => {
            fuse();
            return reporting.effects.send(...one);
          },
        };
        await deliverDue({ ...reporting, store, effects });
        if (left >= 0) break;
      }
      expect(new Set(reporting.told.map(({ key }) => key)).size).toBe(5);
      expect(await deliverDue(reporting)).toBe(0);
      for (const ending of ['html', 'csv', 'md', 'json'])
        expect(await stores.store.get(`approvals/2026-W48.${ending}`)).not.toBeNull();
    });

    test('one that cannot be made does not keep the others', async () => {
      const { stores, reporting } = soon();
      const render: typeof reporting.render = async (report, format) => {
        if (report.name === 'approvals') throw new Error('no ink');
        return reporting.render(report, format);
      };
      expect(await deliverDue({ ...reporting, render })).toBe(3);
      expect(await stores.store.get('approvals/2026-W48.json')).toBeNull();
      expect(await deliverDue(reporting)).toBe(2);
    });

    test('without a webhook they are kept all the same', async () => {
      const { stores, reporting } = soon();
      const send = () => Promise.reject(new Fault('refuse', 'no-webhook', 'There is nobody to tell.'));
      expect(await deliverDue({ ...reporting, effects: { send } })).toBe(5);
      expect(JSON.parse((await stores.store.get('approvals/2026-W48.json')) ?? '')).toMatchObject({ told: false });
    });
  });

  describe(`${name}: reading reports`, () => {
    test('a kept one as it was kept; any other as it is now', async () => {
      const stores = make();
      const reporting = reportingOn(stores, () => monday, stores);
      const week = periodBefore(periodAt('weekly', monday)).name;
      const wanted = { name: 'approvals', period: null, format: 'csv' } as const;
      expect((await readReport(reporting, wanted)).text).toMatch(/^When \(UTC\),Asked \(UTC\)/);
      await stores.store.put(`approvals/${week}.csv`, 'kept', 'text/csv');
      expect(await readReport(reporting, wanted)).toEqual({ text: 'kept', contentType: 'text/csv; charset=utf-8' });
      const now = await readReport(reporting, { ...wanted, period: 'now', format: 'html' });
      expect(now.text).toContain('So far, until 2026-11-30 08:07');
    });

    test('what there is not, or not yet, or not here, is told', async () => {
      const reporting = reportingOn(make(), () => monday);
      const read = (report: string, period: string | null = null) =>
        readReport(reporting, { name: report, period, format: 'csv' });
      await expectFault(read('nothing'), 'reject', 'unknown-report');
      await expectFault(read('guide-pci-history'), 'reject', 'report-without-data');
      await expectFault(read('approvals', 'yesterday'), 'reject', 'wrong-period');
      await expectFault(read('approvals', '2027-W01'), 'reject', 'wrong-period');
    });

    test('the listing says for whom, how often, what was delivered, and what is missing', async () => {
      const stores = make();
      const reporting = reportingOn(stores, () => monday, stores);
      await stores.store.put(`approvals/2026-W48.json`, '{}', 'application/json');
      const { reports } = Object(await listReports(reporting));
      expect(reports).toHaveLength(shippedReports.length);
      const named = (wanted: string) => reports.find(({ report }: { report: string }) => report === wanted);
      expect(named('approvals').cadence).toEqual([{ cadence: 'weekly', period: '2026-W48', delivered: true }]);
      expect(named('guide-pci-history')).toMatchObject({
        guide: 'PCI History',
        format: [],
        missing: expect.stringMatching(/./),
      });
      expect(periodNamed(named('budgets').cadence[0].period)).not.toBeNull();
    });
  });
}
