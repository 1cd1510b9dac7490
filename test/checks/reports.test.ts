import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { memoryIndex } from '../../shared/adapters/memory/index.ts';
import { memoryLedger } from '../../shared/adapters/memory/ledger.ts';
import { audiences, formats } from '../../shared/domain/report-definition.ts';
import { listReports } from '../../shared/engine/reports/list.ts';
import { readReport } from '../../shared/engine/reports/make.ts';
import { readReports } from '../../shared/report-folder.ts';
import { reportingOn, shippedReports, writeRuns } from '../support/report-cases.ts';

const { problems } = readReports('reports');

test('the shipped reports are valid', () => {
  expect(problems).toEqual([]);
  expect(shippedReports).toHaveLength(16);
});

const iam = ['IAM', 'Security Assurance and Audit'];
const owners = 'Target authorization system technical owners';

/**
 * Reports and audiences of Microsoft's operations guide, phase 3: "Identify key stakeholders who consume reports"
 * (https://learn.microsoft.com/entra/architecture/permissions-manage-ops-guide-three).
 */
const guide: Readonly<Record<string, readonly string[]>> = {
  'Access Key Entitlements and Usage': ['Information Security Operations', owners],
  'User Entitlements and Usage': [...iam, owners],
  'Group Entitlements and Usage': [...iam, owners],
  'Identity Permissions': [...iam, owners],
  'Permissions Analytics': [...iam, owners],
  'Role/Policy Details': [...iam, owners],
  'PCI History': ['Information Security Operations', 'Cloud Infrastructure', 'Security Assurance and Audit'],
  'All Permissions for Identity': [...iam, 'Incident Response', owners],
};

test("the guide's eight reports are there for its six audiences, and say what cannot be made of them", async () => {
  const stores = { ledger: memoryLedger(), index: memoryIndex() };
  const { reports } = Object(await listReports(reportingOn(stores, () => '2026-11-30T08:07:00.000Z')));
  const listed = reports.filter((one: { guide: string | null }) => one.guide !== null);
  const named = listed.map((one: { guide: string; audience: string[] }) => [one.guide, [...one.audience].sort()]);
  expect(Object.fromEntries(named)).toEqual(
    Object.fromEntries(Object.entries(guide).map(([name, who]) => [name, [...who].sort()])),
  );
  expect(new Set(Object.values(guide).flat())).toEqual(new Set(Object.values(audiences)));
  for (const one of listed)
    expect([one.guide, one.missing === null || one.missing.length > 40]).toEqual([one.guide, true]);
  expect(listed.filter((one: { missing: string | null }) => one.missing === null)).toHaveLength(1);
});

test('every report that can be made is made in every format, from runs of every kind', async () => {
  const stores = { ledger: memoryLedger(), index: memoryIndex() };
  await writeRuns(stores, 32, '2026-11-28T20:00:00.000Z');
  const reporting = reportingOn(stores, () => '2026-11-30T08:07:00.000Z');
  for (const { report, missing } of shippedReports) {
    if (missing !== undefined) continue;
    for (const format of formats)
      for (const period of ['2026-11', '2026-W48', '2026-11-28', '2026-11-28T13', 'now', null]) {
        const { text } = await readReport(reporting, { name: report, period, format });
        expect([report, format, period, text.length > 20]).toEqual([report, format, period, true]);
      }
  }
});

test('docs/reports.md names every report, and every kind of rows', () => {
  const page = readFileSync('docs/reports.md', 'utf8');
  for (const { report } of shippedReports) expect(page).toContain(`\`${report}\``);
  for (const { query } of shippedReports)
    if (query) expect(page).toMatch(new RegExp(`^\\| \`${query.rows}\` +\\|`, 'm'));
});
