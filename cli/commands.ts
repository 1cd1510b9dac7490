import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { actions } from '../shared/actions/catalog.ts';
import { testPlaybooks } from '../shared/domain/playbook-test.ts';
import { alertTimeline } from '../shared/domain/timeline.ts';
import { readPlaybooks } from '../shared/playbook-folder.ts';
import { ask, Complaint, type Connection } from './http.ts';
import { bold, run as renderRun, shortId, table, timeline } from './render.ts';
import {
  alertSchema,
  type Decided,
  decisionSchema,
  type RunView,
  receiptSchema,
  runSchema,
  runsSchema,
} from './shapes.ts';
import { wholeId } from './whole-id.ts';

/** What the options of a command say. */
export interface Options {
  readonly choice?: string | undefined;
  readonly reason?: string | undefined;
  readonly source?: string | undefined;
  readonly limit?: string | undefined;
  readonly 'test-card'?: boolean | undefined;
  readonly playbook?: string | undefined;
  readonly action?: string | undefined;
  readonly to?: string | undefined;
  readonly day?: string | undefined;
  readonly period?: string | undefined;
  readonly format?: string | undefined;
  readonly out?: string | undefined;
  readonly json?: boolean | undefined;
  readonly where?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly rule?: string | undefined;
  readonly identity?: string | undefined;
  readonly outcome?: string | undefined;
  readonly drill?: boolean | undefined;
  readonly strict?: boolean | undefined;
  readonly live?: boolean | undefined;
  readonly directory?: string | undefined;
  readonly archive?: string | undefined;
  readonly after?: string | undefined;
  readonly rate?: string | undefined;
  readonly 'as-of'?: string | undefined;
  readonly yes?: boolean | undefined;
}

/** `quell runs` */
export async function runs(to: Connection, { limit = '50', json = false }: Options): Promise<string> {
  const answer = await ask(to, runsSchema, `/api/runs?limit=${encodeURIComponent(limit)}`);
  return json ? JSON.stringify(answer, null, 2) : table(answer.runs);
}

/** `quell run ID` */
export async function run(to: Connection, id: string, { json = false }: Options): Promise<string> {
  const view = await viewOf(to, id);
  return json ? JSON.stringify(view, null, 2) : renderRun(view);
}

/** `quell alert ID` */
export async function alert(to: Connection, id: string): Promise<string> {
  const answer = await ask(to, alertSchema, `/api/alerts/${await wholeId(to, id)}`);
  return `${bold(answer.alert)}\n${timeline(alertTimeline(answer.entries))}`;
}

/** `quell approve ID [--choice NAME]`: decides on the plan as it stands now, by its digest. */
export async function approve(to: Connection, id: string, { choice, reason }: Options): Promise<string> {
  const view = await viewOf(to, id);
  const choices = view.asked?.choices ?? [];
  const picked = choice ?? (choices.length === 1 ? choices[0] : undefined);
  if (picked === undefined)
    throw new Complaint(`say which: --choice ${choices.join(' | ') || '(the run asks nothing)'}`);
  const plan = view.plans?.find((one) => one.choice === picked);
  if (!plan) throw new Complaint(`${picked} is not a choice of ${view.run.id}: ${choices.join(', ')}`);
  const wanted = { choice: picked, digest: plan.digest, reason: reason ?? null };
  const { approvals } = await decide(to, view.run.id, wanted);
  const { approved = 1, people = 1 } = approvals;
  const more = approved < people ? ` (${approved} of ${people}: somebody else has to approve it too)` : '';
  return `approved ${picked} for ${view.run.identity.displayName}${more}; see: npx quell run ${shortId(view.run.id)}`;
}

/** `quell reject ID --reason TEXT` */
export async function reject(to: Connection, id: string, { reason }: Options): Promise<string> {
  if (!reason) throw new Complaint('rejecting needs --reason');
  const view = await viewOf(to, id);
  await decide(to, view.run.id, { choice: null, digest: null, reason });
  return `rejected for ${view.run.identity.displayName}`;
}

/** `quell undo ID --reason TEXT`: takes back whatever the run changed. */
export async function undo(to: Connection, id: string, { reason }: Options): Promise<string> {
  if (!reason) throw new Complaint('undoing needs --reason');
  const { run: row } = await viewOf(to, id);
  const init = { method: 'POST', contentType: 'application/json', body: JSON.stringify({ reason }) };
  await ask(to, decisionSchema, `/api/runs/${row.id}/undo`, init);
  return `undoing ${row.playbook} for ${row.identity.displayName}; see: npx quell run ${shortId(row.id)}`;
}

async function decide(to: Connection, id: string, answer: object): Promise<Decided> {
  const init = { method: 'POST', contentType: 'application/json', body: JSON.stringify(answer) };
  return ask(to, decisionSchema, `/api/runs/${id}/decision`, init);
}

/** How a file is sent by its ending; a mail has its own door and its own credential, see README. */
const kinds: ReadonlyMap<string, { source: string; contentType: string }> = new Map([
  ['.json', { source: 'permissions-management-finding', contentType: 'application/json' }],
  ['.cloudevent', { source: 'generic', contentType: 'application/cloudevents+json' }],
]);

/** `quell alert send FILE [--source NAME]` */
export async function sendAlert(to: Connection, file: string | undefined, { source }: Options): Promise<string> {
  if (file === undefined) throw new Complaint('quell alert send needs a file');
  const bytes = await readFile(file).catch(() => {
    throw new Complaint(`${file} cannot be read`);
  });
  const kind = kindOf(file, bytes.toString('utf8'));
  const name = source ?? kind.source;
  const init = { method: 'POST', contentType: kind.contentType, body: new Uint8Array(bytes) };
  const receipt = await ask(to, receiptSchema, `/api/alerts/${encodeURIComponent(name)}`, init);
  if (!receipt.accepted) throw new Complaint(`kept, but not understood: ${receipt.message} (${receipt.quarantined})`);
  return `${receipt.known ? 'known already' : 'accepted'}: ${receipt.alert}\nsee: npx quell alert ${receipt.alert}`;
}

function kindOf(file: string, text: string): { source: string; contentType: string } {
  const kind = /"specversion"\s*:/.test(text) ? kinds.get('.cloudevent') : kinds.get(extname(file).toLowerCase());
  if (kind) return kind;
  throw new Complaint(`${file}: send a finding or a CloudEvents message as .json; mail goes to the mail webhook`);
}

/** `quell playbooks test [FOLDER]`: needs no connection, and fails where a playbook does. */
export function playbooksTest(folder: string): { text: string; failed: boolean } {
  const { problems, written, playbooks } = readPlaybooks(folder, actions);
  if (problems.length > 0) {
    const lines = problems.map(({ file, line, column, message }) => `${file}:${line}:${column}  ${message}`);
    return { text: [...lines, `${problems.length} problems`].join('\n'), failed: true };
  }
  const results = testPlaybooks(written, playbooks);
  const failed = results.filter(({ failures }) => failures.length > 0);
  const lines = results.flatMap(({ playbook, test, failures }) => [
    `${failures.length === 0 ? 'ok  ' : 'FAIL'}  ${playbook}: ${test}`,
    ...failures.map((failure) => `        ${failure}`),
  ]);
  return {
    text: [...lines, `${results.length - failed.length} passed, ${failed.length} failed`].join('\n'),
    failed: failed.length > 0,
  };
}

/** A run by its id or the beginning of it. */
async function viewOf(to: Connection, id: string): Promise<RunView> {
  return ask(to, runSchema, `/api/runs/${await wholeId(to, id)}`);
}
