import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitForRuns } from '../../local/stack/follow.ts';
import { eventOf, findingOf, samplesOf } from '../../local/stack/samples.ts';
import { type Stack, startStack } from '../../local/stack/stack.ts';
import { type Ended, runScript } from '../support/cli.ts';

let folder: string;
let stack: Stack;
let token: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quell-cli-'));
  stack = await startStack({
    folder: join(folder, 'stack'),
    port: 0,
    settings: { REPORTS_SCHEDULE: '*/5 * * * * *' },
    say: () => undefined,
  });
  token = await stack.token('sam');
  const [, finding] = await samplesOf(stack, new Date());
  await finding?.send();
  await waitForRuns({ url: stack.url, token }, 1);
});

afterAll(async () => {
  await stack?.stop();
  await rm(folder, { recursive: true, force: true });
});

function quell(args: readonly string[], environment: Record<string, string> = {}): Promise<Ended> {
  return runScript(['cli/quell.ts', ...args], { url: stack.url, token, environment });
}

describe('quell', () => {
  test('shows how far playbooks may go, and lets nobody promote what has not earned it', async () => {
    const { out } = await quell(['playbooks']);
    expect(out).toContain('local trial: modes are given by the settings');
    expect(out).toMatch(/inactive-user-review@1 +approve +\(allowed approve, earned observe\)/);
    const promote = ['playbooks', 'promote', 'inactive-user-review@1'];
    expect(await quell([...promote, '--to', 'approve', '--reason', 'x'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('0 observed since the last veto or change; 50 are asked for'),
    });
    expect((await quell([...promote, '--reason', 'x'])).err).toContain('it goes: quell playbooks promote');
    expect((await quell([...promote, '--to', 'all', '--reason', 'x'])).err).toContain('to: ');
    expect((await quell(['playbooks', 'praise'])).err).toContain('no command playbooks praise');
    const riley = { QUELL_TOKEN: await stack.token('riley') };
    expect((await quell([...promote, '--to', 'approve', '--reason', 'x'], riley)).err).toContain('administer');
    expect((await quell(['playbooks'], riley)).code).toBe(0);
  });

  test('lists runs, shows one, and takes the beginning of an id', async () => {
    const { out } = await quell(['runs']);
    const id = /run-[0-9a-f]{8}/.exec(out)?.[0] ?? '';
    expect(out).toMatch(/deciding +inactive-user-review +Ben Still +Contoso Production/);
    const shown = await quell(['run', id]);
    expect(shown.code).toBe(0);
    for (const part of [
      'opened',
      'proved',
      'plan',
      'guards',
      'asked',
      'DELETE azure/subscriptions/',
      `npx quell approve ${id} --choice needed`,
    ])
      expect(shown.out).toContain(part);
  });

  test('sends an alert, and knows it the second time', async () => {
    const file = join(folder, 'event.json');
    await writeFile(file, JSON.stringify(eventOf(new Date())));
    expect((await quell(['alert', 'send', file])).out).toMatch(/^accepted: alert-[0-9a-f]{32}/);
    const again = await quell(['alert', 'send', file]);
    expect(again.out).toMatch(/^known already: alert-/);
    const alert = /alert-[0-9a-f]{32}/.exec(again.out)?.[0] ?? '';
    expect((await quell(['alert', alert])).out).toContain('Quarterly review: nobody has seen Dora');
  });

  test('rejects with a reason, and then there is nothing left to approve', async () => {
    const file = join(folder, 'finding.json');
    await writeFile(file, JSON.stringify(findingOf(new Date(0))));
    await quell(['alert', 'send', file], { QUELL_TOKEN: await stack.token('max') });
    const rows = await waitForRuns({ url: stack.url, token }, 3);
    const id = rows.find(({ state, openedAt }) => state === 'deciding' && openedAt)?.id ?? '';
    expect(await quell(['reject', id])).toMatchObject({ code: 1, err: 'rejecting needs --reason\n' });
    expect(await quell(['reject', id, '--reason', 'is on leave'])).toMatchObject({ code: 0 });
    await waitForRuns({ url: stack.url, token }, 3);
    expect((await quell(['run', id])).out).toContain('Sam SecOps rejected: is on leave');
    expect(await quell(['approve', id, '--choice', 'needed'])).toMatchObject({ code: 1 });
  });

  test('says who was refused what', async () => {
    const { out } = await quell(['security']);
    expect(out).toMatch(/decision refused, api, Sam SecOps .*run-[0-9a-f]{32}: .*\(run-ended\)/);
    expect((await quell(['security', '--day', '2020-01-01'])).out).toBe('2020-01-01: nothing was refused\n');
  });

  test.each([
    [['run', 'run-ffffffff'], /^there is no run run-ffffffff\n$/],
    [['run'], /^quell run needs an ID; quell runs lists them\n$/],
    [['frob'], /^quell has no command frob; quell help lists them\n$/],
    [['runs', '--nonsense'], /^Unknown option '--nonsense'/],
    [['alert', 'send', '/nowhere/at/all.json'], /^\/nowhere\/at\/all\.json cannot be read\n$/],
    [['playbooks', 'test', '/nowhere'], /no such file or directory/],
  ])('%j is one clear line and exit 1', async (args, line) => {
    const { code, err, out } = await quell(args);
    expect({ code, out, lines: err.trim().split('\n').length }).toEqual({ code: 1, out: '', lines: 1 });
    expect(err).toMatch(line);
  });

  test('nobody there, no token, wrong role: one line each', async () => {
    expect((await quell(['runs'], { QUELL_URL: 'http://127.0.0.1:1' })).err).toMatch(
      /^http:\/\/127\.0\.0\.1:1 is not to be reached/,
    );
    expect((await quell(['runs'], { QUELL_TOKEN: 'nonsense' })).err).toMatch(/bearer token is needed|not valid here/);
    expect((await quell(['runs'], { QUELL_TOKEN: await stack.token('max') })).err).toMatch(
      /^The right to read is missing; it comes with Quell\.Reader or .* \(role-missing\)\n$/,
    );
  });

  test('shows reports, writes them, and says which cannot be made', async () => {
    const { out } = await quell(['reports']);
    expect(out).toMatch(/approvals {2}Approvals\n {2}for Information Security Operations/);
    expect(out).toMatch(/PCI History[\s\S]*not made here: the Permissions Creep Index ended/);
    const shown = await quell(['report', 'inactive-identities', '--period', 'now']);
    expect(shown.out).toMatch(/^# Inactive identities[\s\S]*So far, until[\s\S]*- Identities: \*\*[1-9]/);
    const file = join(folder, 'report.html');
    expect((await quell(['report', 'remediation', '--period', 'now', '--out', file])).out).toContain(`wrote ${file}`);
    expect(await readFile(file, 'utf8')).toMatch(/^<!doctype html>[\s\S]*<h1>Remediation<\/h1>/);
    // The timer makes what has ended, and word of it comes without the timer being asked.
    const delivered = async () => {
      const { messages } = Object(await (await fetch(`${stack.tenantUrl}/local/inbox`)).json());
      return messages.filter(({ body }: { body: { report?: string } }) => body.report === 'approvals');
    };
    await expect
      .poll(delivered, { timeout: 20_000 })
      .toMatchObject([
        { count: 1, body: { command: expect.stringMatching(/^npx quell report approvals --period \d{4}-W\d\d$/) } },
        { count: 1 },
      ]);
    expect((await quell(['report', 'nothing'])).err).toMatch(/^There is no report nothing; there are approvals/);
    expect((await quell(['report'])).err).toContain('quell report needs a NAME');
  });

  test('tests playbooks without any connection', async () => {
    const { code, out } = await quell(['playbooks', 'test'], { QUELL_URL: '', QUELL_TOKEN: '' });
    expect(code).toBe(0);
    expect(out).toMatch(/12 passed, 0 failed/);
  });
});
