import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ask, type Connection } from '../../cli/http.ts';
import { auditSchema, type Row } from '../../cli/shapes.ts';
import { readRun } from '../../local/stack/api.ts';
import { waitForRuns } from '../../local/stack/follow.ts';
import { samplesOf } from '../../local/stack/samples.ts';
import { type Stack, startStack } from '../../local/stack/stack.ts';
import { PEOPLE } from '../../local/tenant/seed.ts';
import { hasChromium, startChromium } from '../support/chromium.ts';

/* The approval page in a real browser, over everything else there is. Skipped where there is no Chromium; CI installs it. */

const pictures = 'out/pictures/page';
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, isMobile: true, deviceScaleFactor: 2 };

let folder: string;
let stack: Stack;
let to: Connection;
let browser: Browser;
let rows: readonly Row[];

if (!hasChromium) console.log('no /usr/bin/chromium: the approval page is not tried in a browser');

describe.skipIf(!hasChromium)('the approval page', () => {
  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    folder = await mkdtemp(join(tmpdir(), 'quell-page-'));
    [stack, browser] = await Promise.all([startStack({ folder, port: 0, say: () => undefined }), startChromium()]);
    to = { url: stack.url, token: await stack.token('sam') };
    const [mail] = await samplesOf(stack, new Date());
    await mail?.send();
    rows = await waitForRuns(to, 12);
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const runOf = (identity: string) => rows.find((row) => row.identity.id === identity)?.id ?? '';
  const entriesOf = async (run: string) => (await readRun(to, run)).entries.map(({ type }) => type);
  const audited = async (run: string) => {
    const { entries } = await ask(to, auditSchema, '/api/audit');
    return entries.filter(({ data }) => data.run === run).map(({ data }) => data.code);
  };

  /** The page of a run, in a browser of its own, signed in as somebody. */
  async function opened(run: string, person: RegExp, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await (await browser.newContext(options)).newPage();
    await page.goto(`${stack.url}/api/approve/${run}`);
    await page.getByRole('link', { name: person }).click();
    await page
      .getByText('Signed in as')
      .or(page.getByRole('heading', { level: 1 }))
      .first()
      .waitFor();
    return page;
  }

  async function refreshed(page: Page, text: string): Promise<void> {
    for (let look = 0; look < 60; look += 1) {
      if (await page.getByText(text).first().isVisible()) return;
      await page.waitForTimeout(250);
      await page.reload();
    }
    throw new Error(`the page never said ${text}: ${await textOf(page)}`);
  }

  const textOf = async (page: Page, where = 'main') => (await page.locator(where).first().textContent()) ?? '';
  const headline = (page: Page) => textOf(page, '.status');

  test('one approves, sees the result, reloads and goes back: decided once', async () => {
    const run = runOf(PEOPLE.adaQuiet);
    const page = await opened(run, /Sam/);
    expect(await textOf(page, 'h1')).toBe('What should happen to Ada Quiet?');
    await page.screenshot({ path: join(pictures, 'asking-light.png'), fullPage: true });
    await page.getByRole('button', { name: 'Approve: Not needed, make read-only' }).click();
    await refreshed(page, 'Done and verified');
    expect(await textOf(page)).toContain('Sam SecOps');
    await page.screenshot({ path: join(pictures, 'done-light.png'), fullPage: true });
    await page.reload();
    await page.goBack();
    expect(await page.getByRole('button').count()).toBe(0);
    expect(await headline(page)).toBe('Done and verified');
    expect((await entriesOf(run)).filter((type) => type === 'decided')).toHaveLength(1);
    expect(await audited(run)).toEqual([]);
  });

  test('two people delete, on a phone and in the dark', async () => {
    const run = runOf(PEOPLE.alexDoeTwo);
    const sam = await opened(run, /Sam/, { ...phone, colorScheme: 'dark' });
    await sam.screenshot({ path: join(pictures, 'asking-phone-dark.png'), fullPage: true });
    await sam.getByRole('button', { name: 'Approve: Remove in stages' }).click();
    expect(await textOf(sam)).toContain('You have approved this. Somebody else has to as well.');
    expect(await textOf(sam)).toContain('1 of 2 approvals');
    await sam.screenshot({ path: join(pictures, 'half-phone-dark.png'), fullPage: true });
    const olga = await opened(run, /Olga/, phone);
    await olga.getByRole('button', { name: 'Approve: Remove in stages' }).click();
    await refreshed(olga, 'Done and verified');
    expect(await textOf(olga)).toMatch(/Sam SecOps.*Olga Owner/s);
    await olga.screenshot({ path: join(pictures, 'done-phone-light.png'), fullPage: true });
  });

  test('another tab that is behind is told, and changes nothing', async () => {
    const run = runOf(PEOPLE.managementGroupOnly);
    const first = await opened(run, /Sam/);
    const second = await first.context().newPage();
    await second.goto(first.url());
    await first.getByRole('button', { name: /^Approve: Needed/ }).click();
    await second.getByRole('button', { name: 'Approve: Not needed, make read-only' }).click();
    expect(await textOf(second, '[role=status]')).toMatch(/has (decided this already|ended)/);
    expect(await second.getByRole('button').count()).toBe(0);
    expect(await audited(run)).toHaveLength(1);
  });

  test('without JavaScript: rejecting asks for a reason, and takes it', async () => {
    const run = runOf(PEOPLE.nested);
    const page = await opened(run, /Olga/, { javaScriptEnabled: false });
    await page.getByRole('button', { name: 'Reject' }).click();
    expect(await headline(page)).toContain('Approval needed');
    await page.getByLabel('Reason').fill('the data team wants to look first');
    await page.getByRole('button', { name: 'Reject' }).click();
    await refreshed(page, 'Rejected');
    expect(await textOf(page)).toContain('the data team wants to look first');
    await page.screenshot({ path: join(pictures, 'rejected-light.png'), fullPage: true });
  });

  test('who is no approver sees nothing of it, and can sign in as somebody else', async () => {
    const run = runOf(PEOPLE.groupOnly);
    const page = await opened(run, /Riley/);
    expect(await textOf(page)).toMatch(/Not for you to decide.*is in no approver group/s);
    expect(await page.content()).not.toContain('Greta');
    await page.screenshot({ path: join(pictures, 'not-yours-light.png') });
    await page.getByRole('link', { name: 'Sign in as somebody else' }).click();
    await page.getByRole('link', { name: /Sam/ }).click();
    expect(await textOf(page)).toContain('Greta Grouped');
  });

  test('bots that look and scanners that post change nothing', async () => {
    const run = runOf(PEOPLE.conditioned);
    const before = await entriesOf(run);
    const address = `${stack.url}/api/approve/${run}`;
    const looked = await fetch(address, { redirect: 'manual', headers: { 'user-agent': 'SkypeUriPreview' } });
    expect([looked.status, looked.headers.get('location')?.startsWith(stack.tenantUrl)]).toEqual([303, true]);
    const { plans } = await readRun(to, run);
    const body = new URLSearchParams({ token: 'x', choice: 'needed', digest: plans?.[0]?.digest ?? '' });
    expect((await fetch(address, { method: 'POST', body })).status).toBe(403);
    const page = await opened(run, /Sam/);
    const cookies = await page.context().cookies();
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    expect((await fetch(address, { method: 'POST', body, headers: { cookie } })).status).toBe(403);
    expect(cookies.every(({ httpOnly, sameSite }) => httpOnly && sameSite === 'Lax')).toBe(true);
    expect(await entriesOf(run)).toEqual(before);
    expect(await audited(run)).toEqual(['not-signed-in', 'form-unknown']);
  });

  test('a page of another site cannot post for somebody who is signed in', async () => {
    const run = runOf(PEOPLE.conditioned);
    const before = await entriesOf(run);
    const page = await opened(run, /Sam/);
    const token = (await page.locator('input[name=token]').first().getAttribute('value')) ?? '';
    const fields = `<input name=token value="${token}"><input name=reason value=x>`;
    await page.setContent('<p>');
    const evil = await page.context().newPage();
    await evil.route('http://evil.example/', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<form method=post action="${stack.url}/api/approve/${run}">${fields}<button>Win</button></form>`,
      }),
    );
    await evil.goto('http://evil.example/');
    await evil.getByRole('button').click();
    expect(await textOf(evil)).toContain('Nothing was decided');
    expect(await entriesOf(run)).toEqual(before);
  });

  const violation = z.object({
    id: z.string(),
    impact: z.string().nullish(),
    nodes: z.array(z.object({ html: z.string() })),
  });

  test.each([
    ['asking', PEOPLE.benStill, {}],
    ['asking in the dark', PEOPLE.benStill, { colorScheme: 'dark' as const }],
    ['asking on a phone', PEOPLE.benStill, phone],
    ['done', PEOPLE.adaQuiet, {}],
    ['done in the dark', PEOPLE.adaQuiet, { colorScheme: 'dark' as const }],
    ['rejected', PEOPLE.nested, {}],
  ])('axe finds nothing wrong with it: %s', async (_name, identity, options) => {
    // The page lets no script in, not even this one.
    const page = await opened(runOf(identity), /Sam/, { ...options, bypassCSP: true });
    await page.addScriptTag({ path: axe });
    const found = z.object({ violations: z.array(violation) }).parse(await page.evaluate('axe.run()'));
    expect(found.violations.map(({ id, impact, nodes }) => [id, impact, nodes[0]?.html])).toEqual([]);
    const width = Number(await page.evaluate('document.documentElement.scrollWidth'));
    expect(width).toBeLessThanOrEqual(page.viewportSize()?.width ?? 0);
  });

  test('nothing is loaded from anywhere, and no script runs', async () => {
    const page = await (await browser.newContext()).newPage();
    const hosts = new Set<string>();
    page.on('request', (request) => hosts.add(new URL(request.url()).origin));
    await page.goto(`${stack.url}/api/approve/${runOf(PEOPLE.benStill)}`);
    const [response] = await Promise.all([
      page.waitForResponse((one) => one.url().includes('/api/approve/') && one.status() === 200),
      page.getByRole('link', { name: /Sam/ }).click(),
    ]);
    expect([...hosts].sort()).toEqual([stack.url, stack.tenantUrl].sort());
    expect(response.headers()['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; /);
    expect(response.headers()).toMatchObject({ 'cache-control': 'no-store', 'x-frame-options': 'DENY' });
    expect(await page.locator('script').count()).toBe(0);
    expect(await page.evaluate("getComputedStyle(document.querySelector('h1')).fontSize")).toBe('25.6px');
  });
});
