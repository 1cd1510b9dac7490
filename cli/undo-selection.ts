import { z } from 'zod';
import type { Options } from './commands.ts';
import { confirm } from './confirm.ts';
import { ask, Complaint, type Connection } from './http.ts';
import { dim, shortId } from './render.ts';
import type { Told } from './replay.ts';
import { quoted, selectionIn, whereOption } from './selection.ts';
import { decisionSchema, summarySchema } from './shapes.ts';
import { rateOf, walk } from './walk.ts';

const planSchema = z.object({
  run: summarySchema,
  steps: z.array(z.object({ action: z.string(), calls: z.array(z.unknown()) })),
  irreversible: z.array(z.string()),
});
type UndoPlan = z.infer<typeof planSchema>;
const pageSchema = z.object({ plans: z.array(planSchema), next: z.string().nullable(), looked: z.number() });

/** `quell undo --where …`: shows what taking all of it back comes to, asks once, and takes it back. */
export async function undoSelection(to: Connection, options: Options): Promise<Told> {
  const { reason } = options;
  if (!reason) throw new Complaint('undoing needs --reason');
  const selection = selectionIn(options);
  if (Object.keys(selection).length === 0) throw new Complaint('say what: --where "playbook=NAME and since=2d"');
  const again = `npx quell undo${whereOption(selection)} --reason ${quoted(reason)}`;
  const plans: UndoPlan[] = [];
  await walk({
    page: async (after) => {
      const body = JSON.stringify({ select: selection, after });
      const init = { method: 'POST', contentType: 'application/json', body };
      const { plans: results, next, looked } = await ask(to, pageSchema, '/api/undo-plans', init);
      return { results, next, looked };
    },
    ...{ after: null, rate: rateOf(options.rate), selection },
    again: () => again,
    each: (plan) => plans.push(plan),
  });
  const meant = plans.filter(
    ({ run, steps }) => steps.length > 0 && !['undone', 'partly-undone', 'undoing'].includes(run.state),
  );
  if (meant.length === 0) return { text: 'nothing that is meant has anything to undo', exitCode: 0 };
  for (const line of meant.flatMap(planLines)) console.error(line);
  await confirm(
    `Take back what ${meant.length === 1 ? 'this run' : `these ${meant.length} runs`} changed?`,
    options.yes,
  );
  return takeBack(to, meant, { reason, again });
}

function planLines({ run, steps, irreversible }: UndoPlan): readonly string[] {
  const what = steps.map(({ action, calls }) => `${action} (${calls.length} calls)`).join(', ');
  const cannot = irreversible.length > 0 ? `; cannot be undone: ${irreversible.join(', ')}` : '';
  return [
    `  ${shortId(run.id)}  ${run.identity.displayName}  ${run.playbook}`,
    dim(`      puts back ${what}${cannot}`),
  ];
}

async function takeBack(
  to: Connection,
  plans: readonly UndoPlan[],
  { reason, again }: { reason: string; again: string },
): Promise<Told> {
  const failed: string[] = [];
  let stopped = false;
  const onSignal = () => {
    stopped = true;
  };
  process.once('SIGINT', onSignal);
  let done = 0;
  for (const { run } of plans) {
    if (stopped) break;
    const init = { method: 'POST', contentType: 'application/json', body: JSON.stringify({ reason }) };
    try {
      await ask(to, decisionSchema, `/api/runs/${run.id}/undo`, init);
      done += 1;
    } catch (error) {
      failed.push(`  ${shortId(run.id)}  ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  process.removeListener('SIGINT', onSignal);
  const rest = stopped ? [`stopped; go on with: ${again}`] : [];
  const text = [`undoing ${done} of ${plans.length}; see: npx quell runs`, ...failed, ...rest].join('\n');
  return { text, exitCode: stopped ? 130 : failed.length > 0 ? 1 : 0 };
}
