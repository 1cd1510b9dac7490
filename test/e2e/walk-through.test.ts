import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listRuns, readRun } from '../../local/stack/api.ts';
import { samplesOf } from '../../local/stack/samples.ts';
import { type Stack, startStack } from '../../local/stack/stack.ts';
import { PEOPLE } from '../../local/tenant/seed.ts';
import { runScript } from '../support/cli.ts';
import { tenantReader } from '../support/tenant-reader.ts';

/** What each line of the walk has to print, in this order: as many as there are lines. */
const wanted: readonly RegExp[] = [
  /delete-user .*applied/,
  /verified {2}1\.5 delete-user \(applied\)[\s\S]*ended {5}done/,
  /answers {2}inactive-user-delete@1[\s\S]*does not {2}inactive-user-review@1/,
  /1 the same, 0 different/,
  /undoing inactive-user-delete for Dora Dormant/,
  /undo:1\.5 delete-user \(applied\)[\s\S]*undone: as it was before/,
  /inactive-user-delete/,
  /lines in /,
  /^whole: \d+ entries, [1-9]\d* seals/,
  /^whole/,
];

const root = resolve(import.meta.dirname, '../..');
let folder: string;
let stack: Stack;
let token: string;
let ids: { readonly run: string; readonly alert: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quell-walk-'));
  const settings = { LEASE: 'PT3S', SEAL_SCHEDULE: '*/2 * * * * *' };
  stack = await startStack({ folder: join(folder, 'stack'), port: 0, say: () => undefined, settings });
  token = await stack.token('sam');
  const [, , event] = await samplesOf(stack, new Date());
  await event?.send();
  const row = await until(async () =>
    (await listRuns({ url: stack.url, token })).find(({ state }) => state === 'done'),
  );
  ids = { run: row.id, alert: row.alert };
});

afterAll(async () => {
  await stack?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Looks until there is something, for a minute. */
async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 240; tries += 1) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(250);
  }
  throw new Error('it did not happen within a minute');
}

/** The commands between the marks, without what is said beside them. */
async function commandsOf(readme: string): Promise<readonly string[]> {
  const text = await readFile(join(root, readme), 'utf8');
  const walk = text.split('<!-- walk -->')[1]?.split('<!-- end of walk -->')[0] ?? '';
  return walk.split('\n').filter((line) => /^(npx|node) /.test(line));
}

/** A line as a shell would take it apart: words, and words in quotes; two spaces begin the remark. */
function wordsOf(line: string): readonly string[] {
  const [command = ''] = line.split(/ {2,}/);
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain = '']) => quoted ?? plain);
}

/** @throws Error where it ends badly: a walk through has no wrong turns */
async function perform(words: readonly string[]): Promise<string> {
  const args = words.map((word) =>
    word.replace('run-1a2b3c4d', ids.run.slice(0, 12)).replace('alert-1a2b3c4d', ids.alert),
  );
  const script = args[0] === 'npx' ? 'cli/quell.ts' : (args[1] ?? '');
  const { code, out, err } = await runScript([script, ...args.slice(2)], { url: stack.url, token, cwd: folder });
  if (code !== 0) throw new Error(`${words.join(' ')}: ${out}${err}`);
  return out;
}

test('the walk through in the README works as printed, from what happened to undo and proof', async () => {
  const commands = await commandsOf('README.md');
  expect(commands).toHaveLength(wanted.length);
  for (const [index, line] of commands.entries()) {
    // The trail and the seals follow within a minute (here, two seconds).
    const out = await until(async () => {
      const told = await perform(wordsOf(line));
      return wanted[index]?.test(told) ? told : undefined;
    });
    expect(out, line).not.toContain('CHAIN BROKEN');
    if (line.includes('quell undo')) await until(undone);
  }
  const tenant = await tenantReader(stack);
  const { status, body } = await tenant.graph(`/users/${PEOPLE.doraDormant}?$select=id,accountEnabled`);
  expect([status, body]).toMatchObject([200, { accountEnabled: true }]);
});

async function undone(): Promise<true | undefined> {
  const { run } = await readRun({ url: stack.url, token }, ids.run);
  return run.state === 'undone' || undefined;
}
