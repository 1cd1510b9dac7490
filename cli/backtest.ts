import { createWriteStream, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { actions } from '../shared/actions/catalog.ts';
import { archiveLineOf } from '../shared/domain/archive.ts';
import { type BacktestResult, backtest, changes } from '../shared/domain/backtest.ts';
import type { Playbook } from '../shared/domain/playbook.ts';
import { loadPlaybooks } from '../shared/domain/playbook-file.ts';
import { timeOf } from '../shared/domain/selection.ts';
import type { Options } from './commands.ts';
import { Complaint, type Connection } from './http.ts';
import { linesOf } from './integrity.ts';
import { linesFrom } from './pages.ts';
import { bold, dim } from './render.ts';
import type { Told } from './replay.ts';

/** Where the playbooks are that a changed one is put among. */
const folder = 'playbooks';

/**
 * `quell backtest FILE|FOLDER [--since 90d] [--archive FILE]`: exits with 0 where every alert would fare the same, with 2
 * where some would not. With an archive it needs no connection.
 */
export async function backtestCommand(
  connect: () => Promise<Connection>,
  words: readonly string[],
  options: Options,
): Promise<Told> {
  const [path] = words;
  if (path === undefined) throw new Complaint('quell backtest needs a playbook, or a folder of them');
  const playbooks = changedSet(path);
  const lines = options.archive === undefined ? archived(await connect(), options) : linesOf(options.archive);
  const result = await decideAll(lines, playbooks);
  const differs = changes.some((change) => result.changed[change] > 0);
  const text = options.json ? JSON.stringify(result, null, 2) : report(result).join('\n');
  return { text, exitCode: differs ? 2 : 0 };
}

/** `quell archive FILE [--since 90d]`: writes what a backtest needs. */
export async function archiveCommand(
  connect: () => Promise<Connection>,
  [file]: readonly string[],
  options: Options,
): Promise<Told> {
  if (file === undefined) throw new Complaint('quell archive needs a file to write to');
  const to = await connect();
  let cases = 0;
  async function* text() {
    for await (const line of archived(to, options)) {
      if (line.startsWith('{"kind":"case"')) cases += 1;
      yield `${line}\n`;
    }
  }
  await pipeline(Readable.from(text()), createWriteStream(file, { mode: 0o600 }));
  return { text: `${cases} alerts in ${file}; see: npx quell backtest playbooks --archive ${file}`, exitCode: 0 };
}

function archived(to: Connection, { since = '90d' }: Options): AsyncIterable<string> {
  const time = timeOf(since, new Date().toISOString());
  if (time === null) throw new Complaint(`--since ${since}: write a time as 90d, 12h or 2026-03-01`);
  return linesFrom(to, `/api/archive?since=${encodeURIComponent(time)}`);
}

/** Decides every line of an archive. @throws Complaint with the number of a line that is none */
export async function decideAll(lines: AsyncIterable<string>, playbooks: readonly Playbook[]): Promise<BacktestResult> {
  const run = backtest(playbooks, actions);
  let number = 0;
  for await (const text of lines) {
    number += 1;
    if (text === '') continue;
    const line = archiveLineOf(text);
    if (!line) throw new Complaint(`line ${number} is not one of an archive`);
    if (number === 1 && line.kind !== 'archive') throw new Complaint('the first line is not the head of an archive');
    run.take(line);
  }
  return run.result();
}

/** A folder is the whole set; a file takes the place of the playbook of its name in `playbooks/`, or is added. @throws Complaint */
function changedSet(path: string): readonly Playbook[] {
  const files = isFolder(path) ? filesIn(path) : put({ name: path, text: readFileSync(path, 'utf8') });
  const { playbooks, problems } = loadPlaybooks(files, actions);
  if (problems.length === 0) return playbooks;
  throw new Complaint(
    problems.map(({ file, line, column, message }) => `${file}:${line}:${column}  ${message}`).join('\n'),
  );
}

interface File {
  readonly name: string;
  readonly text: string;
}

function put(changed: File): readonly File[] {
  const name = nameIn(changed);
  return [...(isFolder(folder) ? filesIn(folder) : []).filter((one) => nameIn(one) !== name), changed];
}

function nameIn({ text }: File): string | undefined {
  return /^name:\s*(\S+)/m.exec(text)?.[1];
}

function filesIn(path: string): readonly File[] {
  const names = readdirSync(path).filter((name) => name.endsWith('.yaml'));
  return names.sort().map((name) => ({ name: join(path, name), text: readFileSync(join(path, name), 'utf8') }));
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

const words: Readonly<Record<(typeof changes)[number], string>> = {
  'newly-matched': 'newly matched',
  'no-longer-matched': 'no longer matched',
  'other-playbook': 'answered by another playbook',
  'other-steps': 'other steps',
  'other-identities': 'other identities or choices',
};

function report(result: BacktestResult): readonly string[] {
  const { events, same, unknown, changed, examples, identities, budgets } = result;
  return [
    `${bold(String(events))} alerts decided again: ${same} the same`,
    ...changes.flatMap((change) => [
      ...(changed[change] > 0 ? [`${bold(String(changed[change]))} ${words[change]}`] : []),
      ...examples[change]
        .slice(0, 5)
        .flatMap((one) => [
          `  ${one.receivedAt.slice(0, 10)}  ${one.alert.slice(0, 14)}  ${one.rule}`,
          dim(`      before  ${one.before}`),
          dim(`      after   ${one.after}`),
        ]),
    ]),
    ...(unknown > 0 ? [`${unknown} not known whole: what it takes to decide them was not read then`] : []),
    `identities that would be touched, were every question answered yes: ${identities.before} before, ${identities.after} after, ${identities.addedCount} of them new`,
    ...identities.added.slice(0, 5).map((id) => dim(`  ${id}`)),
    ...budgets.map(
      ({ class: kind, system, window, limit, first, steps }) =>
        `budget of ${kind} changes in ${system} would be full at ${first.slice(0, 16).replace('T', ' ')}: ${limit} in a ${window}, no room for ${steps} steps`,
    ),
  ];
}
