import { describe, expect, test } from 'vitest';
import { memoryIndex } from '../../../shared/adapters/memory/index.ts';
import { memoryLedger } from '../../../shared/adapters/memory/ledger.ts';
import { periodAt, periodNamed } from '../../../shared/domain/period.ts';
import { definitionOf, makeReport } from '../../../shared/engine/reports/make.ts';
import { escapeMarkdown } from '../../../shared/reports/escape.ts';
import { render } from '../../../shared/reports/render.ts';
import { periodInWords } from '../../../shared/reports/words.ts';
import { reportingOn, shippedReports, writeRuns } from '../../support/report-cases.ts';

const now = '2026-11-29T21:00:00.000Z';
const stores = { ledger: memoryLedger(), index: memoryIndex() };
await writeRuns(stores, 48, '2026-11-28T20:00:00.000Z');
const reporting = reportingOn(stores, () => now);
const made = shippedReports.filter(({ query }) => query !== undefined);

async function report(name: string) {
  return makeReport(reporting, definitionOf(reporting, name), periodAt('monthly', now));
}

describe.each(made.map((one) => one.report))('%s', (name) => {
  test('is a page without scripts, addresses or live markup, the same every time', async () => {
    const one = await report(name);
    const html = await render(one, 'html');
    expect(await render(one, 'html')).toBe(html);
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/<script|<link|<img|<iframe|\son\w+=|javascript:|<b>Max|src=|@import|url\(/i);
    // Names of namespaces are no addresses.
    expect(html.replaceAll(/xmlns(:xlink)?="[^"]+"/g, '').replaceAll('http://x', '')).not.toMatch(/https?:/);
    // Every chart that is drawn has its numbers beside it, and no colour that is not the page's.
    expect(html.split('<svg').length).toBe(html.split('<summary>').length);
    expect(html.replace(/<style>[\s\S]*?<\/style>/, '')).not.toMatch(/#0[123]0[123]0\d|fill="#(?!fff)/);
  });

  test('is a table for spreadsheets with every row, and Markdown that is only text', async () => {
    const one = await report(name);
    const csv = await render(one, 'csv');
    expect(csv.split('\r\n')).toHaveLength(one.all.rows.length + 2);
    expect(csv).not.toMatch(/(^|,)"?=/m);
    const markdown = await render(one, 'markdown');
    expect(markdown).not.toMatch(/(?<!\\)<b>/);
    const widths = markdown.split('\n').filter((line) => line.startsWith('| '));
    expect(widths.every((line) => /^\|.*\|$/.test(line))).toBe(true);
  });
});

test('what somebody calls himself is text in Markdown', () => {
  expect(escapeMarkdown('<b>x</b> | [a](http://x) `y` *z*\nwww.x')).toBe(
    '\\<b\\>x\\</b\\> \\| \\[a\\](http\\://x) \\`y\\` \\*z\\* www\\.x',
  );
});

test.each([
  ['2026-11-28T13', '28 November 2026, 13:00 – 14:00'],
  ['2026-11-28', '28 November 2026'],
  ['2026-W48', '23 – 29 November 2026'],
  ['2026-W49', '30 November – 6 December 2026'],
  ['2026-W53', '28 December 2026 – 3 January 2027'],
  ['2026-11', 'November 2026'],
])('%s is %s', (name, words) => {
  const period = periodNamed(name);
  expect(period && periodInWords(period)).toBe(words);
});
