import type { Connection } from '../../cli/http.ts';
import { bold, dim, run as renderRun, shortId, table, timeline } from '../../cli/render.ts';
import type { Row } from '../../cli/shapes.ts';
import { alertTimeline, runTimeline } from '../../shared/domain/timeline.ts';
import { PEOPLE } from '../tenant/seed.ts';
import { readAlert, readRun } from './api.ts';
import { decideAll } from './decisions.ts';
import { expected, surprises } from './expected.ts';
import { waitForRuns } from './follow.ts';
import type { Sample } from './samples.ts';
import type { Stack } from './stack.ts';

interface Telling {
  readonly stack: Stack;
  readonly to: Connection;
  readonly samples: readonly Sample[];
  /** Identities nobody decides about in the demo. */
  readonly forTheReader: ReadonlySet<string>;
  readonly say: (line: string) => void;
}

/** Who is shown in full for each source; the others get a row. */
const featured: Readonly<Record<string, string>> = {
  'permissions-management-email': PEOPLE.adaQuiet,
  'permissions-management-finding': PEOPLE.benStill,
  generic: PEOPLE.doraDormant,
};

/** Sends the three samples, decides as Sam and Olga, waits until every run has ended, and tells it. @returns what is not as expected */
export async function tellStory(telling: Telling): Promise<readonly string[]> {
  const { stack, to, samples, forTheReader, say } = telling;
  const second = { ...to, token: await stack.token('olga') };
  say('\nThree alerts come in:');
  for (const { title, send } of samples) {
    await send();
    say(`  ${title}`);
  }
  const count = Object.values(expected).reduce((sum, of) => sum + Object.keys(of).length, 0);
  // Ben is in two alerts; the finding's question is answered first.
  const asked = await waitForRuns(
    to,
    count,
    ({ state, source }) => state !== 'working' && (source === 'generic' || state !== 'resting'),
  );
  say(
    `${asked.length} runs opened; ${asked.filter(({ state }) => state === 'deciding').length} ask somebody. Sam from SecOps decides${forTheReader.size === 0 ? '' : ' all but one'}; what deletes needs two people, so Olga approves that too.`,
  );
  await decideAll(
    [to, second],
    asked.filter(({ source }) => source !== 'permissions-management-email'),
    forTheReader,
  );
  await waitForRuns(to, count, (row) => row.source !== 'permissions-management-finding' || isOver(row));
  await decideAll(
    [to, second],
    asked.filter(({ source }) => source === 'permissions-management-email'),
    forTheReader,
  );
  const rows = await waitForRuns(to, count, (row) => isOver(row) || forTheReader.has(row.identity.id));
  for (const [index, { title }] of samples.entries()) await tellSample(telling, { number: index + 1, title, rows });
  await tellTwoPeople(telling, rows);
  await whereNext(telling, rows);
  return surprises(rows, forTheReader);
}

function isOver({ state }: Row): boolean {
  return state !== 'working' && state !== 'resting' && state !== 'deciding';
}

async function tellSample(
  { to, say }: Telling,
  about: { number: number; title: string; rows: readonly Row[] },
): Promise<void> {
  const source = Object.keys(featured)[about.number - 1] ?? '';
  const own = about.rows.filter((row) => row.source === source);
  const shown = own.find(({ identity }) => identity.id === featured[source]);
  const rest = own.filter((row) => row !== shown);
  say(`\n${bold(`${about.number}. ${about.title}`)}`);
  if (!shown) return;
  say(timeline(alertTimeline(await readAlert(to, shown.alert))));
  say(`\n${renderRun(await readRun(to, shown.id))}`);
  if (rest.length > 0) say(`\n${dim(`and ${rest.length} more runs:`)}\n${table(rest)}`);
}

/** Who approved what needs two people. */
async function tellTwoPeople({ to, say }: Telling, rows: readonly Row[]): Promise<void> {
  for (const { id, identity } of rows) {
    const { entries } = await readRun(to, id);
    const words = runTimeline(entries).filter(({ stage }) => stage === 'decision');
    if (words.length < 2) continue;
    say(`\n${bold(`Deleting ${identity.displayName} needed two people`)} (${shortId(id)})\n${timeline(words)}`);
  }
}

async function whereNext({ stack, say, forTheReader }: Telling, rows: readonly Row[]): Promise<void> {
  const waiting = rows.find(({ identity }) => forTheReader.has(identity.id));
  if (!waiting) return;
  const id = shortId(waiting.id);
  say(`
${bold('Your turn')} (in a second terminal, in this folder)
  npx quell runs                                   everything that happened
  npx quell run ${id}                       ${waiting.identity.displayName} waits for your decision
  npx quell approve ${id} --choice not-needed
or in the browser, as Sam (the tenant has no passwords):
  ${stack.url}/api/approve/${waiting.id}
and then
  npx quell run ${id}                       what was done, before and after
  curl -s ${stack.url}/api/runs -H "authorization: Bearer $(node -p 'require("./.local/cli.json").token')"
The tenant can be asked as well: ${stack.tenantUrl}/local/mutations lists every change that was made.
Ctrl-C ends it.`);
}
