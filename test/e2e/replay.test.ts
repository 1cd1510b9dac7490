import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listRuns } from '../../local/stack/api.ts';
import { waitForRuns } from '../../local/stack/follow.ts';
import { samplesOf } from '../../local/stack/samples.ts';
import { type Stack, startStack } from '../../local/stack/stack.ts';
import { type Ended, runScript } from '../support/cli.ts';

let folder: string;
let stack: Stack;
let responder: string;
let approver: string;
let run: string;
let alert: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quell-replay-'));
  stack = await startStack({ folder: join(folder, 'stack'), port: 0, say: () => undefined });
  [responder, approver] = await Promise.all([stack.token('sam'), stack.token('olga')]);
  const [, finding] = await samplesOf(stack, new Date());
  await finding?.send();
  await waitForRuns({ url: stack.url, token: responder }, 1);
  const [row] = await listRuns({ url: stack.url, token: responder });
  [run, alert] = [row?.id ?? '', row?.alert ?? ''];
}, 120_000);

afterAll(async () => {
  await stack?.stop();
  await rm(folder, { recursive: true, force: true });
});

function quell(args: readonly string[], token = responder): Promise<Ended> {
  return runScript(['cli/quell.ts', ...args], { url: stack.url, token });
}

describe('quell replay', () => {
  test('explains what happened, against the real stores', async () => {
    const one = await quell(['replay', 'explain', run]);
    expect([one.code, one.out]).toEqual([
      0,
      expect.stringMatching(/1 histories decided again: 1 the same, 0 different/),
    ]);
    const answer = await quell(['replay', 'explain', alert, '--json']);
    expect(JSON.parse(answer.out).results[0]).toMatchObject({ verdict: 'same', journal: alert });
    expect((await quell(['replay', 'explain', '--since', '1h'])).code).toBe(0);
  });

  test('asks what today would bring, and changes nothing', async () => {
    const { code, out } = await quell(['replay', 'what-if', alert]);
    expect(code).toBe(0);
    expect(out).toContain('inactive-user-review would answer for 1');
    expect(out).toContain('not super-user-notify@1: answers super-users, not inactive-users');
    expect(out).toContain('nothing was changed');
  });

  test('redrives nothing that did not fail, and needs the right', async () => {
    expect((await quell(['replay', 'redrive', '--since', '1h', '--reason', 'x', '--yes'])).err).toContain(
      'nothing that failed',
    );
    expect((await quell(['replay', 'redrive', run, '--reason', 'x', '--yes'], approver)).err).toContain(
      'right to replay',
    );
    expect((await quell(['replay', 'redrive', run])).err).toBe('redriving needs --reason\n');
  });

  test('says what is wrong with a selection in one line', async () => {
    const { code, err } = await quell(['replay', 'explain', '--where', 'playbok=x']);
    expect([code, err]).toEqual([1, expect.stringMatching(/^playbok=x: write name=value, with since, until/)]);
  });
});

test('quell why tells the clause and the evidence', async () => {
  const { code, out } = await quell(['why', alert]);
  expect(code).toBe(0);
  expect(out).toMatch(/answers {2}inactive-user-review@1/);
  expect(out).toMatch(/does not {2}inactive-user-delete@1 {2}when: .* is not true/);
  expect(out).toMatch(/lastSuccessfulSignIn .* \(graph, \d+ s old\)/);
  expect((await quell(['why', alert, '--as-of', '1d'])).out).toContain('it had not been answered by then');
});

test('an archive is taken, and a changed playbook backtested on it, offline', async () => {
  const file = join(folder, 'archive.ndjson');
  expect(await quell(['archive', file, '--since', '1d'])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^\d alerts in/),
  });
  const same = await quell(['backtest', 'playbooks', '--archive', file], '');
  expect([same.code, same.out]).toEqual([0, expect.stringMatching(/1 alerts decided again: 1 the same/)]);
  const changed = join(folder, 'inactive-user-review.yaml');
  const text = await readFile('playbooks/inactive-user-review.yaml', 'utf8');
  await writeFile(
    changed,
    text
      .replace('rules: [inactive-users]', 'rules: [something-else]')
      .replaceAll('rule: inactive-users', 'rule: something-else'),
  );
  const other = await quell(['backtest', changed, '--archive', file, '--json'], '');
  expect([other.code, JSON.parse(other.out).changed]).toEqual([2, expect.objectContaining({ 'no-longer-matched': 1 })]);
  expect((await quell(['backtest', changed, '--since', '1d'])).code).toBe(2);
});

test('playbooks are checked together, and counted against the directory of now', async () => {
  expect(await quell(['playbooks', 'check'], '')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/3 playbooks: 0 errors/),
  });
  expect((await quell(['playbooks', 'check', '--strict'], '')).code).toBe(2);
  expect((await quell(['playbooks', 'check', '--live'])).out).toMatch(
    /worst {4}inactive-user-delete \d+ identities: \d+ are inactive/,
  );
});

test('a selection is taken back after it was shown', async () => {
  await quell(['approve', run, '--choice', 'needed']);
  for (let tries = 0; tries < 100; tries += 1) {
    const [row] = await listRuns({ url: stack.url, token: responder });
    if (row?.state === 'done') break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const where = ['undo', '--where', 'playbook=inactive-user-review and outcome=done', '--reason', 'was wrong'];
  const unasked = await quell(where);
  expect(unasked.code).toBe(1);
  expect(unasked.err).toContain('puts back exclude-from-reports');
  expect(unasked.err).toContain('give --yes');
  expect(await quell([...where, '--yes'])).toMatchObject({
    code: 0,
    out: expect.stringContaining('undoing 1 of 1'),
  });
}, 60_000);
