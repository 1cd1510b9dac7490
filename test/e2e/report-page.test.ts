import { createRequire } from 'node:module';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { memoryIndex } from '../../shared/adapters/memory/index.ts';
import { memoryLedger } from '../../shared/adapters/memory/ledger.ts';
import { readReport } from '../../shared/engine/reports/make.ts';
import { reportingOn, shippedReports, writeRuns } from '../support/report-cases.ts';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const now = '2026-11-30T08:07:00.000Z';
let browser: Browser;

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
});
afterAll(() => browser?.close());

test('every report is accessible by day and by night, fits a phone, and asks for nothing', async () => {
  const stores = { ledger: memoryLedger(), index: memoryIndex() };
  await writeRuns(stores, 48, '2026-11-28T20:00:00.000Z');
  const reporting = reportingOn(stores, () => now);
  // The page itself runs no scripts: its policy has to be set aside for the one that looks at it.
  const page = await browser.newPage({ bypassCSP: true });
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  for (const { report, missing } of shippedReports) {
    if (missing !== undefined) continue;
    const { text } = await readReport(reporting, { name: report, period: '2026-11', format: 'html' });
    for (const [colorScheme, width] of [
      ['light', 1000],
      ['dark', 380],
    ] as const) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
      await page.setContent(text);
      await page.addScriptTag({ path: axe });
      const found = await page.evaluate(`axe.run().then(({ violations }) => violations.map(({ id, nodes }) =>
        id + ': ' + nodes.map(({ html }) => html.slice(0, 120)).join(' | ')))`);
      const across = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      expect([report, colorScheme, found, across]).toEqual([report, colorScheme, [], 0]);
    }
  }
  expect(asked).toEqual([]);
});

test('on paper the numbers of every chart are there', async () => {
  const stores = { ledger: memoryLedger(), index: memoryIndex() };
  await writeRuns(stores, 48, '2026-11-28T20:00:00.000Z');
  const { text } = await readReport(
    reportingOn(stores, () => now),
    {
      name: 'approvals',
      period: '2026-11',
      format: 'html',
    },
  );
  const page = await browser.newPage();
  await page.setContent(text);
  const numbers = page.locator('details table').first();
  expect(await numbers.isVisible()).toBe(false);
  await page.emulateMedia({ media: 'print' });
  expect(await numbers.isVisible()).toBe(true);
});
