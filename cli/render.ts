import { exactLines, runTimeline, type TimelineLine } from '../shared/domain/timeline.ts';
import type { Row, RunView } from './shapes.ts';

/** Colour only where somebody looks at it: https://no-color.org. */
const colour = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;
const paint = (code: number) => (text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
export const bold = paint(1);
export const dim = paint(2);
const red = paint(31);
const green = paint(32);
const yellow = paint(33);

/** Long enough to be unique, short enough to type; every command takes the beginning of an id. */
export function shortId(id: string): string {
  return id.slice(0, id.indexOf('-') + 9);
}

/** Runs as a table, newest first. */
export function table(rows: readonly Row[]): string {
  if (rows.length === 0) return 'no runs';
  const cells = rows.map((row) => [
    shortId(row.id),
    row.openedAt.slice(0, 16).replace('T', ' '),
    row.state,
    row.playbook,
    row.identity.displayName,
    row.system.name,
    why(row),
  ]);
  const head = ['run', 'opened (UTC)', 'state', 'playbook', 'identity', 'system', 'why'];
  const widths = head.map((title, column) =>
    Math.max(...[head, ...cells].map((line) => (line[column] ?? title).length)),
  );
  const line = (values: readonly string[]) =>
    values
      .map((value, column) => value.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [bold(line(head)), ...cells.map((values, index) => stateColour(rows[index]?.state ?? '')(line(values)))].join(
    '\n',
  );
}

/** Why nothing was done, as far as a row has room for it. */
function why({ state, because }: Row): string {
  const told = ['held', 'refused', 'rejected', 'not-confirmed', 'expired', 'failed'].includes(state);
  if (!told) return '';
  return because.length > 60 ? `${because.slice(0, 59)}…` : because;
}

function stateColour(state: string): (text: string) => string {
  if (state === 'deciding' || state === 'held') return yellow;
  if (state === 'failed') return red;
  return state === 'done' ? green : (text) => text;
}

/** A timeline as lines: time, stage, text, and the details below. */
export function timeline(lines: readonly TimelineLine[]): string {
  return lines
    .flatMap(({ time, stage, text, details }) => [
      `  ${dim(time.slice(11, 23))}  ${stageColour(stage)(stage.padEnd(8))}  ${text}`,
      ...details.map((detail) => `  ${' '.repeat(24)}${dim(detail)}`),
    ])
    .join('\n');
}

function stageColour(stage: string): (text: string) => string {
  if (stage === 'failed' || stage === 'refused') return red;
  if (stage === 'verified' || stage === 'decision') return green;
  return bold;
}

/** One run, whole: its row, its story, and what can be done next. */
export function run(view: RunView): string {
  const { id, alert, state } = view.run;
  const whole =
    view.break === null
      ? `${view.entries.length} entries, chain whole`
      : `CHAIN BROKEN at ${view.break.sequence}: ${view.break.reason}`;
  const head = `${bold(id)}  ${stateColour(state)(state)}  ${dim(`${whole}  answers ${alert}`)}`;
  return [head, timeline(runTimeline(view.entries)), ...next(view)].join('\n');
}

/** What comes next: a question, a rest, or nothing. */
function next(view: RunView): readonly string[] {
  const { state, because, at } = view.run;
  if (state === 'deciding') return question(view);
  if (state === 'held') return [`  ${yellow(because)}`];
  return state === 'resting' ? [`  ${yellow(because)} until ${at?.slice(0, 16).replace('T', ' ')} UTC`] : [];
}

/** What the approver can do, exactly, and the commands to do it. */
function question({ run: { id, because }, asked, plans }: RunView): readonly string[] {
  const choices = (plans ?? []).filter(({ choice }) => asked?.choices.includes(choice));
  return [
    '',
    `  ${yellow(because)} until ${asked?.expiresAt.slice(0, 16).replace('T', ' ')} UTC`,
    ...choices.flatMap((plan) => [
      '',
      `  ${bold(plan.label)}${plan.people > 1 ? ` (${plan.people} people)` : ''}   npx quell approve ${shortId(id)} --choice ${plan.choice}`,
      ...exactLines(plan).map((line) => dim(`  ${line}`)),
    ]),
    '',
    `  ${bold('None of it')}   npx quell reject ${shortId(id)} --reason "…"`,
  ];
}
