import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { findingInWords } from '../shared/domain/finding.ts';
import { type Verdict, verification } from '../shared/domain/integrity.ts';
import { canonical } from '../shared/domain/json.ts';
import { type Statement, statementSchema } from '../shared/domain/seal.ts';
import { Complaint, type Connection } from './http.ts';
import { linesFrom } from './pages.ts';

/** What the options of these commands say. */
export interface IntegrityOptions {
  readonly key?: readonly string[] | undefined;
  readonly seen?: string | undefined;
  readonly proof?: string | undefined;
  readonly json?: boolean | undefined;
}

/** `quell export FILE`: the whole ledger and its seals. @returns a sentence */
export async function exportTo(to: Connection, file: string): Promise<string> {
  let lines = 0;
  async function* text() {
    for await (const line of linesFrom(to, '/api/export')) {
      lines += 1;
      yield `${line}\n`;
    }
  }
  // Only for whoever writes it: an export holds names.
  await pipeline(Readable.from(text()), createWriteStream(file, { mode: 0o600 }));
  return `${lines} lines in ${file}; see: npx quell verify ${file}`;
}

/** `quell verify FILE`, or without a file of the ledger as it stands. @throws Complaint with everything that is wrong */
export async function verify(lines: AsyncIterable<string>, options: IntegrityOptions): Promise<string> {
  const seen = options.seen === undefined ? null : await readSeen(options.seen);
  const run = verification({ keys: options.key ?? null, seen });
  for await (const line of lines) run.take(line);
  const verdict = run.end();
  if (options.json) return asJson(verdict);
  if (verdict.findings.length > 0) throw new Complaint(foundWrong(verdict));
  if (options.seen !== undefined && verdict.newest)
    await writeFile(options.seen, `${canonical(verdict.newest)}\n`, { mode: 0o600 });
  return whole(verdict, options.key !== undefined);
}

/** The lines of an export in a file. */
export async function* linesOf(file: string): AsyncGenerator<string> {
  const stream = createReadStream(file);
  const opened = new Promise<void>((resolve, reject) => {
    stream.once('open', () => resolve());
    stream.once('error', () => reject(new Complaint(`${file} cannot be read`)));
  });
  await opened;
  yield* createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
}

/** The seal that was seen last; the first time there is none. */
async function readSeen(file: string): Promise<Statement | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return null;
  const statement = statementSchema.safeParse(JSON.parse(text));
  if (!statement.success) throw new Complaint(`${file} does not hold a seal that was seen before`);
  return statement.data;
}

const mostShown = 100;

function foundWrong({ findings }: Verdict): string {
  const shown = findings.slice(0, mostShown).map(findingInWords);
  const more = findings.length > mostShown ? [`… and ${findings.length - mostShown} more`] : [];
  return [`NOT WHOLE: ${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}`, ...shown, ...more].join(
    '\n',
  );
}

function whole({ entries, unsealed, seals, newest, keys }: Verdict, pinned: boolean): string {
  const head = `whole: ${entries} entries, ${seals} seals`;
  if (!newest) return `${head}\nnote: nothing is sealed, so nobody can see what was cut off`;
  const note = pinned
    ? []
    : ['note: the key is the one that the seals name; give --key with the thumbprint you were told, and it is proved'];
  return [
    head,
    `newest seal ${newest.number} of ${newest.time}, root ${newest.root}`,
    `signed by ${keys.join(', ')}`,
    ...(unsealed > 0 ? [`${unsealed} entries are younger than that seal: their chain fits`] : []),
    ...note,
  ].join('\n');
}

function asJson(verdict: Verdict): string {
  if (verdict.findings.length > 0) process.exitCode = 1;
  return JSON.stringify(verdict, null, 2);
}
