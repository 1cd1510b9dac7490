import { z } from 'zod';
import { jsonSchema } from '../shared/domain/json.ts';
import { timeOf } from '../shared/domain/selection.ts';
import type { Options } from './commands.ts';
import { ask, Complaint, type Connection } from './http.ts';
import { bold, dim } from './render.ts';
import type { Told } from './replay.ts';
import { wholeId } from './whole-id.ts';

const groundSchema = z.object({
  fact: z.string(),
  value: jsonSchema,
  source: z.string(),
  observedAt: z.string(),
  ageSeconds: z.number(),
});
const whySchema = z.object({
  alert: z.string(),
  asOf: z.string(),
  answered: z.string().nullable(),
  summary: z.string(),
  left: z.array(z.object({ who: z.string(), reason: z.string() })).optional(),
  why: z.array(
    z.object({
      playbook: z.string(),
      version: z.number(),
      answers: z.boolean(),
      clauses: z.array(z.string()),
      runs: z.array(
        z.object({
          run: z.string(),
          identity: z.string(),
          state: z.string(),
          grounds: z.array(groundSchema),
          refusals: z.array(z.string()),
        }),
      ),
    }),
  ),
});
type WhyView = z.infer<typeof whySchema>;

/** `quell why ALERT [--playbook NAME[@VERSION]] [--as-of TIME]` */
export async function why(to: Connection, [id]: readonly string[], options: Options): Promise<Told> {
  if (!id) throw new Complaint('quell why needs an alert; quell run shows which');
  const query = new URLSearchParams();
  if (options.playbook !== undefined) query.set('playbook', options.playbook);
  const asOf = options['as-of'];
  if (asOf !== undefined) query.set('asOf', instant(asOf));
  const answer = await ask(to, whySchema, `/api/alerts/${await wholeId(to, id)}/why?${query}`);
  return { text: options.json ? JSON.stringify(answer, null, 2) : lines(answer).join('\n'), exitCode: 0 };
}

function instant(written: string): string {
  const time = timeOf(written, new Date().toISOString());
  if (time === null) throw new Complaint(`--as-of ${written}: write a time as 2h, 7d or 2026-03-01T14:02:00Z`);
  return time;
}

function lines({ alert, asOf, summary, left = [], why: all }: WhyView): readonly string[] {
  return [
    `${bold(alert)}  as of ${asOf.slice(0, 16).replace('T', ' ')} UTC`,
    `  ${summary}`,
    ...left.map(({ who, reason }) => dim(`  left out ${who}: ${reason}`)),
    ...all.flatMap((one) => [
      `  ${one.answers ? 'answers' : 'does not'}  ${bold(`${one.playbook}@${one.version}`)}  ${one.clauses.join('; ')}`,
      ...one.runs.flatMap(runLines),
    ]),
  ];
}

function runLines({ run, identity, state, grounds, refusals }: WhyView['why'][number]['runs'][number]) {
  return [
    `    ${run.slice(0, 12)}  ${identity}: ${state}`,
    ...grounds.map(({ fact, value, source, ageSeconds }) =>
      dim(`      ${fact} ${JSON.stringify(value)} (${source}, ${age(ageSeconds)} old)`),
    ),
    ...refusals.map((refusal) => dim(`      ${refusal}`)),
  ];
}

function age(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 2 * 3600) return `${Math.round(seconds / 60)} min`;
  return seconds < 2 * 86_400 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}
