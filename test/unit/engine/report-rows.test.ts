import { expect, test } from 'vitest';
import { memoryIndex } from '../../../shared/adapters/memory/index.ts';
import { memoryLedger } from '../../../shared/adapters/memory/ledger.ts';
import { later } from '../../../shared/domain/duration.ts';
import { toJson } from '../../../shared/domain/json.ts';
import type { Entry } from '../../../shared/domain/ledger.ts';
import { periodAt } from '../../../shared/domain/period.ts';
import { rowsFor } from '../../../shared/engine/reports/rows.ts';
import { intended, journalOf, opened, planned, proved, removePlan, type Told } from '../../support/domain-run.ts';
import { reportingOn, writeRun } from '../../support/report-cases.ts';

const monday = '2026-11-30T08:07:00.000Z';
const yesterday = periodAt('daily', '2026-11-29T00:00:00.000Z');
const stores = () => ({ ledger: memoryLedger(), index: memoryIndex() });

test('stops, quarantines and releases are of the period they happened in', async () => {
  const { ledger, index } = stores();
  const by = { by: 'p-1', byName: 'Sam', at: monday, reason: 'wrong people' };
  const stop = { kind: 'stop', scope: 'all', name: null, ...by };
  const quarantine = { kind: 'quarantine', scope: 'playbook', name: 'x', ...by, byName: 'Quell' };
  const bodies = [
    ['2026-11-28T23:59:59.999Z', 'control-set', { control: stop }],
    ['2026-11-29T00:00:00.000Z', 'control-set', { control: quarantine }],
    ['2026-11-29T12:00:00.000Z', 'control-set', { control: stop }],
    ['2026-11-29T13:00:00.000Z', 'controls-released', { byName: 'Ria', reason: 'ok', controls: [stop, quarantine] }],
    ['2026-11-30T00:00:00.000Z', 'control-set', { control: stop }],
  ] as const;
  let last: Entry | null = null;
  for (const [time, type, data] of bodies)
    last = await ledger.append('controls', last, { time, type, actor: 'x', data: toJson(data) });
  const { rows } = await rowsFor(
    reportingOn({ ledger, index }, () => monday),
    'controls',
    yesterday,
  );
  expect(rows.map(({ kind, what, by: who }) => [kind, what, who])).toEqual([
    ['quarantined', 'playbook x', 'Quell'],
    ['stopped', 'everything', 'Sam'],
    ['released', 'everything', 'Ria'],
    ['released', 'playbook x', 'Ria'],
  ]);
});

test('a step takes one place however often it is tried, in the budget of the account or of the system', async () => {
  const { ledger, index } = stores();
  const at = '2026-11-29T10:00:00.000Z';
  const told: readonly Told[] = [
    opened('approve', at),
    proved('true', at),
    planned([removePlan()], at),
    intended('1.1', 1, at, at),
    intended('1.1', 2, at, later(at, 60_000)),
    intended('1.4', 1, at, later(at, 120_000)),
  ];
  let last: Entry | null = null;
  for (const { time, type, actor, data } of journalOf(told))
    last = await ledger.append('run-1', last, { time, type, actor, data });
  await index.list({ run: 'run-1', alert: 'a', identity: 'i', receivedAt: at });
  const { rows } = await rowsFor(
    reportingOn({ ledger, index }, () => monday),
    'budgets',
    yesterday,
  );
  const hourly = rows.filter(({ window }) => window === 'hour');
  expect(hourly.map(({ class: of, system, used, limit }) => [of, system, used, limit])).toEqual([
    ['reversible', 'the directory', 1, 10],
    ['destructive', 'the directory', 1, 10],
  ]);
});

test('exclusions that end within thirty days have the names their run knows', async () => {
  const { ledger, index } = stores();
  const run = await writeRun({ ledger, index }, { number: 2, case: 'excluded', openedAt: '2026-11-01T00:00:00.000Z' });
  const reporting = reportingOn({ ledger, index }, () => monday);
  const put = (identity: string, expiresAt: string, of: string) =>
    reporting.exclusions.put({ system: 's', identity, reason: 'needed', expiresAt, run: of });
  await put('a', '2026-12-29T23:59:59.999Z', run);
  await put('b', '2026-12-30T00:00:00.000Z', run);
  await put('c', '2026-11-29T23:59:59.999Z', run);
  await put('d', '2026-11-30T00:00:00.000Z', 'by hand');
  const { rows } = await rowsFor(reporting, 'exclusions', yesterday);
  expect(rows.map(({ id, days, identity, system }) => [id, days, identity, system])).toEqual([
    ['d', 0, null, 's'],
    ['a', 30, 'Dora Dormant', 'Fabrikam Payments'],
  ]);
});
