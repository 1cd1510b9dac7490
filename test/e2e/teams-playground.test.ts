import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { Connection } from '../../cli/http.ts';
import type { Row } from '../../cli/shapes.ts';
import { listRuns, readRun } from '../../local/stack/api.ts';
import { type Stack, startStack } from '../../local/stack/stack.ts';
import { ENGINE, PEOPLE, SUBSCRIPTION_A } from '../../local/tenant/seed.ts';
import { runCard } from '../../shared/channels/teams/card/card.ts';
import { messageOf } from '../../shared/channels/teams/message.ts';
import { runOf } from '../../shared/domain/run.ts';
import { hasChromium, startChromium } from '../support/chromium.ts';
import { channelId, startPlayground, startSigningProxy } from '../support/playground.ts';
import { tenantReader } from '../support/tenant-reader.ts';

/* A real client end to end: Microsoft 365 Agents Playground in Chromium, with every token of the Bot Connector checked. */

if (!hasChromium) console.warn('skipped: the Teams client needs Chromium at /usr/bin/chromium');

const pageUrl = 'https://quell.example/api/approvals';
const pictures = 'out/teams/playground';

describe.runIf(hasChromium)('Teams, end to end', () => {
  let folder: string;
  let stack: Stack;
  let to: Connection;
  let browser: Browser;
  let sam: Awaited<ReturnType<typeof startPlayground>>;
  let olga: Awaited<ReturnType<typeof startPlayground>>;
  let proxy: Awaited<ReturnType<typeof startSigningProxy>>;
  let page: Page;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'quell-teams-'));
    await mkdir(pictures, { recursive: true });
    const playbooks = join(folder, 'playbooks');
    await mkdir(playbooks);
    await writeFile(join(playbooks, 'review.yaml'), stringify(review('access-review', ['inactive-users'], 'PT10M')));
    await writeFile(join(playbooks, 'brief.yaml'), stringify(review('brief-review', ['brief-users'], 'PT6S')));
    proxy = await startSigningProxy();
    stack = await startStack({
      folder: join(folder, 'stack'),
      port: 0,
      say: () => undefined,
      settings: {
        PLAYBOOKS: playbooks,
        PLAYBOOK_MODES: 'access-review@1=approve,brief-review@1=approve',
        PAGE_URL: pageUrl,
        TEAMS_APP_ID: ENGINE.appId,
        TEAMS_CHANNEL: channelId,
        TEAMS_KEYS_URL: proxy.keysUrl,
        HINT_GRACE: 'PT2S',
      },
    });
    // One after the other: all at once, they wait for each other on a small machine.
    [browser, sam, olga] = await Promise.all([
      startChromium(),
      startPlayground(join(folder, 'sam'), { name: 'Sam SecOps', objectId: PEOPLE.sam }, proxy.url),
      startPlayground(join(folder, 'olga'), { name: 'Olga Owner', objectId: PEOPLE.olga }, proxy.url),
    ]);
    proxy.towards(stack.url);
    to = { url: stack.url, token: await stack.token('sam') };
    page = await opened(sam.url);
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await Promise.all([sam?.stop(), olga?.stop(), proxy?.close(), stack?.stop()]);
    await rm(folder, { recursive: true, force: true });
  });

  /** The client with the channel open; its fonts come from a network that is not there. */
  async function opened(url: string): Promise<Page> {
    const tab = await browser.newPage({ viewport: { width: 1500, height: 1000 } });
    await tab.route(/res-1\.cdn\.office\.net/, (route) => route.abort());
    await tab.goto(url);
    await tab.getByRole('treeitem', { name: /Approvals/ }).dispatchEvent('click');
    return tab;
  }

  async function ask(person: string, ruleName = 'Inactive Users'): Promise<Row> {
    await stack.send({
      specversion: '1.0',
      type: 'quell.alert.v1',
      source: 'urn:contoso:access-review',
      id: `${ruleName}-${person}`,
      time: new Date().toISOString(),
      data: {
        ruleName,
        title: 'Nobody has seen them [click](https://evil.example)',
        system: { type: 'azure', id: SUBSCRIPTION_A },
        nominations: [{ kind: 'user', by: 'id', value: person }],
        identityCount: 1,
      },
    });
    return until(async () =>
      (await listRuns(to)).find(({ identity, state }) => identity.id === person && state === 'deciding'),
    );
  }

  const state = async (id: string) => (await listRuns(to)).find((row) => row.id === id)?.state;
  const ends = (id: string, wanted: string) => until(async () => (await state(id)) === wanted || undefined);
  /** The card of a run, found by whom it is about. */
  const cardOf = (tab: Page, name: string) => tab.locator('.ac-adaptiveCard', { hasText: name }).last();
  const shot = (name: string, tab = page) => tab.screenshot({ path: join(pictures, `${name}.png`) });

  test('a card appears, a click decides, the card is replaced, and the tenant is changed', async () => {
    const run = await ask(PEOPLE.benStill);
    const card = cardOf(page, 'Ben Still');
    await card.getByText('Approval needed').waitFor();
    expect(await card.locator('a').count()).toBe(0);
    await shot('1-asked');
    await card.getByRole('button', { name: 'Not needed, make read-only' }).click();
    await ends(run.id, 'done');
    // Where the answer to the click came after it, the timer shows it once more: within a minute and a quarter.
    await cardOf(page, 'Ben Still').getByText('Done and verified').waitFor({ timeout: 90_000 });
    expect(await cardOf(page, 'Ben Still').getByRole('button', { name: 'Reject' }).count()).toBe(0);
    await shot('2-done');
    const tenant = await tenantReader(stack);
    const filter = encodeURIComponent(`principalId eq '${PEOPLE.benStill}'`);
    const path = `/subscriptions/${SUBSCRIPTION_A}/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01&$filter=${filter}`;
    expect(JSON.stringify(await tenant.azureList(path))).toContain('acdd72a7-3385-48ef-bd42-f606fba81ae7');
  });

  test('rejecting without a reason says so; with one it is final', async () => {
    const run = await ask(PEOPLE.adaQuiet);
    const card = cardOf(page, 'Ada Quiet');
    await card.getByRole('button', { name: 'Reject' }).click();
    await page.getByText('A reason is needed to reject.').waitFor();
    await shot('3-no-reason');
    expect(await state(run.id)).toBe('deciding');
    await card.getByRole('textbox').fill('is on leave');
    await card.getByRole('button', { name: 'Reject' }).click();
    await ends(run.id, 'rejected');
    await cardOf(page, 'Ada Quiet').getByText('is on leave').first().waitFor();
  });

  test('a double click decides once', async () => {
    const run = await ask(PEOPLE.groupOnly);
    await cardOf(page, 'Greta Grouped')
      .getByRole('button', { name: /^Needed/ })
      .dblclick();
    await ends(run.id, 'done');
    const { entries } = await readRun(to, run.id);
    expect(entries.filter(({ type }) => type === 'decided')).toHaveLength(1);
    await cardOf(page, 'Greta Grouped').getByText('Done and verified').waitFor();
  });

  test('a question that nobody answers expires, and its card says so', async () => {
    const run = await ask(PEOPLE.managementGroupOnly, 'Brief Users');
    await cardOf(page, 'Mia Inherited').getByText('Approval needed').waitFor();
    await ends(run.id, 'expired');
    await cardOf(page, 'Mia Inherited').getByText('Expired: nobody decided').waitFor();
    await shot('5-expired');
  });

  test('the app says where it is installed, and a test card arrives', async () => {
    const headers = { authorization: `Bearer ${to.token}` };
    const listed = await fetch(`${stack.url}/api/teams`, { headers });
    expect(JSON.stringify(await listed.json())).toContain('SecOps');
    const posted = await fetch(`${stack.url}/api/teams/test-card`, { method: 'POST', headers });
    expect(posted.status).toBe(200);
    await page.getByText('Quell can ask here').last().waitFor();
  });

  test('what deletes needs a second person, who sits elsewhere', async () => {
    const run = await ask(PEOPLE.conditioned);
    await cardOf(page, 'Connor Conditioned').getByRole('button', { name: 'Remove in stages' }).click();
    await cardOf(page, 'Connor Conditioned').getByText('1 of 2').waitFor();
    expect(await state(run.id)).toBe('deciding');
    const tab = await opened(olga.url);
    await sleep(500);
    const { entries } = await readRun(to, run.id);
    const card = messageOf(runCard(runOf(run.id, entries), `${pageUrl}/${run.id}`), 'Approval needed');
    const posted = await fetch(`${olga.url}/_connector/v3/conversations/${encodeURIComponent(channelId)}/activities`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(card),
    });
    expect(posted.status).toBe(201);
    await cardOf(tab, 'Connor Conditioned').getByRole('button', { name: 'Remove in stages' }).click();
    await until(async () => ((await state(run.id)) === 'deciding' ? undefined : true));
    await cardOf(page, 'Connor Conditioned').getByText('Sam SecOps and Olga Owner').waitFor();
    await shot('4-second-person', tab);
    await tab.close();
  });
});

function review(name: string, rules: string[], expires: string) {
  return {
    name,
    version: 1,
    description: 'Asks whether an inactive user is still needed.',
    priority: 100,
    on: { rules, systems: ['azure'] },
    proof: { claim: 'inactive', days: 90 },
    mode: 'observe',
    approval: { expires },
    choices: {
      needed: {
        label: 'Needed, leave out of reports for 90 days',
        steps: [{ action: 'exclude-from-reports', with: { expires: 'P90D', reason: 'inactive but still needed' } }],
      },
      'not-needed': { label: 'Not needed, make read-only', steps: [{ action: 'assign-read-only' }] },
      remove: {
        label: 'Remove in stages',
        steps: [{ action: 'disable-user' }, { wait: 'P30D' }, { prove: 'again' }, { action: 'delete-user' }],
      },
    },
    tests: [
      { name: 'asks', given: { rule: rules[0], lastSignInDaysAgo: 200 }, expect: { answers: true, proof: 'true' } },
    ],
  };
}

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 200; tries += 1) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(100);
  }
  throw new Error(`never: ${look}`);
}
