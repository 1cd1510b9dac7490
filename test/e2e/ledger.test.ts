import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitForRuns } from '../../local/stack/follow.ts';
import { samplesOf } from '../../local/stack/samples.ts';
import { type Stack, startStack } from '../../local/stack/stack.ts';
import { runScript } from '../support/cli.ts';

let folder: string;
let stack: Stack;
let token: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quell-ledger-'));
  const settings = { SEAL_SCHEDULE: '* * * * * *' };
  stack = await startStack({ folder: join(folder, 'stack'), port: 0, say: () => undefined, settings });
  token = await stack.token('sam');
  const [, finding] = await samplesOf(stack, new Date());
  await finding?.send();
  await waitForRuns({ url: stack.url, token }, 1);
});
afterAll(async () => {
  await stack?.stop();
  await rm(folder, { recursive: true, force: true });
});

const run = (args: readonly string[]) => runScript(args, { url: stack.url, token });
const quell = (...args: readonly string[]) => run(['cli/quell.ts', ...args]);

/** An export in which the run is sealed: the timer comes every second. Asking for it is an entry, too, and the youngest. */
async function sealedExport(): Promise<string> {
  const file = join(folder, 'export.ndjson');
  for (let tries = 0; tries < 20; tries += 1) {
    await quell('export', file);
    const run = /"journal":"(run-[0-9a-f]{32})"/.exec(await readFile(file, 'utf8'))?.[1] ?? '';
    if ((await quell('prove', file, `${run}#1`)).code === 0) return file;
    await sleep(500);
  }
  throw new Error('the run was never sealed');
}

describe('the ledger, from the outside', { timeout: 120_000 }, () => {
  test('is sealed by itself, exported, verified by both verifiers, and found out where it was changed', async () => {
    const file = await sealedExport();
    const key = /signed by (\S+)/.exec((await quell('verify', file)).out)?.[1] ?? '';
    expect(await quell('verify', file, '--key', key)).toMatchObject({
      code: 0,
      out: expect.not.stringContaining('note:'),
    });
    expect(await run(['verify/quell-verify.mjs', file, key])).toMatchObject({ code: 0, out: 'whole\n' });
    const text = await readFile(file, 'utf8');
    const changed = join(folder, 'changed.ndjson');
    await writeFile(changed, text.replace('"actor":"quell"', '"actor":"nobody"'));
    const [one, other] = [
      await quell('verify', changed, '--key', key),
      await run(['verify/quell-verify.mjs', changed, key]),
    ];
    expect([one.code, other.code]).toEqual([1, 1]);
    expect(one.err).toMatch(/NOT WHOLE: 1 finding\n(\S+#\d+): changed: /);
    expect(other.out.trim()).toBe(/\n(\S+#\d+): changed/.exec(one.err)?.[1]);
    expect((await quell('verify', file, '--key', 'A'.repeat(43))).code).toBe(1);
  });

  test('is remembered: what was seen before is the beginning of what comes later, and can be proved', async () => {
    const file = await sealedExport();
    const seen = join(folder, 'seen.json');
    expect((await quell('verify', file, '--seen', seen)).code).toBe(0);
    expect(await quell('verify', '--seen', seen)).toMatchObject({ code: 0, out: expect.stringMatching(/^whole: /) });
    const proof = join(folder, 'proof.json');
    const journal = /"journal":"(run-[0-9a-f]{32})"/.exec(await readFile(file, 'utf8'))?.[1] ?? '';
    await writeFile(proof, (await quell('prove', file, `${journal}#1`)).out);
    expect((await quell('verify', '--proof', proof)).out).toMatch(new RegExp(`^holds: "${journal} 1 `));
    // What was seen last is newer than that export.
    await quell('export', file);
    await writeFile(proof, (await quell('prove', file, '--seen', seen)).out);
    expect((await quell('verify', '--proof', proof)).out).toMatch(/^holds: seal \d+ is the beginning of seal \d+/);
  });

  test('is searched with saved queries and conditions, also in CSV', async () => {
    expect((await quell('audit')).out).toMatch(/remediation-activity +Remediation activity \(Platform\)/);
    const guards = await quell('audit', '--where', 'task is guard');
    expect(guards.out).toMatch(/guard +ben\.still@.*\n1 record/);
    const csv = await quell('audit', 'remediation-activity', '--where', 'task is guard or task is ask', '--csv');
    expect(csv.out).toMatch(/^time,username,task,/);
    expect(await quell('audit', '--where', 'foo is x')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^where, at character 1: foo is no attribute/),
    });
    expect(await quell('audit', 'nonsense')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/There is no query nonsense/),
    });
  });

  test('everything derived is built again with one command', async () => {
    const before = await quell('audit', '--where', 'task is guard', '--ndjson');
    expect((await quell('index', 'rebuild')).out).toMatch(/^rebuilt from the ledger: \d+ entries of \d+ journals/);
    const after = await quell('audit', '--where', 'task is guard', '--ndjson');
    expect(after.out).toBe(before.out);
    expect((await quell('runs')).out).toMatch(/inactive-user-review +Ben Still/);
  });
});
