import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Options } from './commands.ts';
import { ask, Complaint, type Connection } from './http.ts';
import { bold } from './render.ts';
import type { Told } from './replay.ts';
import { decisionSchema, type RunView, runSchema } from './shapes.ts';

/** How often and how long it is looked whether the drill has come on: an undo waits until every lease is over. */
const everyMs = 1000;
const mostLooks = 300;

/** What a drill rehearses; one that finds a step done already has not rehearsed it. */
const rehearsed = ['disable-user', 'exclude-from-reports', 'assign-read-only'];

/** `quell undo --drill`: does it on the canary identity, takes it back, and says whether all is as before. Exits with 2 where not. */
export async function drill(to: Connection, { json = false }: Options): Promise<Told> {
  const { run } = await post(to, '/api/drill', {});
  const done = await until(to, run, ({ state }) => !['working', 'resting'].includes(state));
  if (done.run.state !== 'done')
    throw new Complaint(`the drill ended as ${done.run.state}: ${done.run.because} (${run})`);
  await post(to, `/api/runs/${run}/undo`, { reason: 'a drill' });
  const undone = await until(to, run, ({ state }) => state !== 'undoing');
  const report = reportOf(undone);
  const whole = undone.run.state === 'undone' && report.every(({ done: was, back }) => was && back);
  const lines = report.map(
    ({ action, done: was, back }) =>
      `  ${was ? 'done' : 'NOT REHEARSED'}, ${back ? 'verified as before' : 'NOT TAKEN BACK'}  ${action}`,
  );
  const head = `${bold(run)}  ${undone.run.state}: ${undone.run.because}`;
  const text = json ? JSON.stringify({ run, whole, steps: report }, null, 2) : [head, ...lines].join('\n');
  return { text, exitCode: whole ? 0 : 2 };
}

async function post(to: Connection, path: string, body: object): Promise<{ run: string }> {
  const init = { method: 'POST', contentType: 'application/json', body: JSON.stringify(body) };
  return ask(to, decisionSchema, path, init);
}

async function until(to: Connection, id: string, ended: (row: RunView['run']) => boolean): Promise<RunView> {
  for (let looks = 0; looks < mostLooks; looks += 1) {
    const view = await ask(to, runSchema, `/api/runs/${id}`);
    if (ended(view.run)) return view;
    await sleep(everyMs);
  }
  throw new Complaint(`the drill takes too long; see: npx quell run ${id}`);
}

const verifiedSchema = z.object({ step: z.string(), by: z.string() });

function reportOf({ plans, entries }: RunView) {
  const verified = entries.flatMap(({ type, data }) =>
    type === 'step-verified' ? (verifiedSchema.safeParse(data).data ?? []) : [],
  );
  const steps = (plans ?? []).flatMap(({ steps: own }) => own.flatMap((step) => ('action' in step ? [step] : [])));
  return rehearsed.map((action) => {
    const key = steps.find((step) => step.action === action)?.key ?? '';
    const by = verified.find(({ step }) => step === key)?.by;
    return {
      action,
      done: by === 'applied' || by === 'recovered',
      back: verified.some(({ step }) => step === `undo:${key}`),
    };
  });
}
