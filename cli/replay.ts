import type { Options } from './commands.ts';
import { confirm } from './confirm.ts';
import { ask, Complaint, type Connection } from './http.ts';
import { dim } from './render.ts';
import { explainedLines, type ReplayResult, redrivenLines, replayPageSchema, whatIfLines } from './replay-lines.ts';
import { quoted, selectionIn, whereOption } from './selection.ts';
import { type Page, rateOf, walk } from './walk.ts';
import { wholeId } from './whole-id.ts';

/** What a command has to tell, and what it exits with. */
export interface Told {
  readonly text: string;
  readonly exitCode: number;
}

const kinds = ['explain', 'what-if', 'redrive'] as const;
type Kind = (typeof kinds)[number];

/** `quell replay explain | what-if | redrive [ID]`: exits with 2 where a history is not decided the same again. */
export async function replay(to: Connection, words: readonly string[], options: Options): Promise<Told> {
  const kind = kinds.find((one) => one === words[0]);
  if (!kind) throw new Complaint(`quell replay ${kinds.join(' | ')} [ID], or a selection such as --since 7d`);
  const journal = words[1] === undefined ? null : await wholeId(to, words[1]);
  if (kind === 'redrive') await announce(to, journal, options);
  const results = await collect(to, { kind, journal, preview: false }, options);
  return told(kind, results, options);
}

interface Wanted {
  readonly kind: Kind;
  readonly journal: string | null;
  readonly preview: boolean;
}

async function collect(to: Connection, wanted: Wanted, options: Options): Promise<readonly ReplayResult[]> {
  const selection = selectionIn(options);
  const results: ReplayResult[] = [];
  const reason = options.reason === undefined ? '' : ` --reason ${quoted(options.reason)}`;
  const page = async (after: string | null): Promise<Page<ReplayResult>> => {
    const body = JSON.stringify({ ...wanted, select: selection, after, reason: options.reason ?? null });
    return ask(to, replayPageSchema, '/api/replay', { method: 'POST', contentType: 'application/json', body });
  };
  await walk({
    page,
    after: options.after ?? null,
    rate: rateOf(options.rate),
    selection,
    again: (after) => `npx quell replay ${wanted.kind}${whereOption(selection)} --after ${quoted(after)}${reason}`,
    each: (result) => results.push(result),
  });
  return results;
}

/** Says what would go on, and asks once. */
async function announce(to: Connection, journal: string | null, options: Options): Promise<void> {
  if (!options.reason) throw new Complaint('redriving needs --reason');
  const meant = await collect(to, { kind: 'redrive', journal, preview: true }, options);
  if (meant.length === 0) throw new Complaint('nothing that failed is meant; nothing was done');
  for (const { journal: id } of meant) console.error(dim(`  ${id}`));
  await confirm(`${meant.length} of them go on from where they failed?`, options.yes);
}

const lines: Readonly<Record<Kind, (results: readonly ReplayResult[]) => readonly string[]>> = {
  explain: explainedLines,
  'what-if': whatIfLines,
  redrive: redrivenLines,
};

function told(kind: Kind, results: readonly ReplayResult[], { json = false }: Options): Told {
  const wrong = results.some((one) => one.failed !== undefined || one.verdict === 'different');
  const text = json ? JSON.stringify({ kind, results }, null, 2) : lines[kind](results).join('\n');
  return { text, exitCode: wrong ? 2 : 0 };
}
