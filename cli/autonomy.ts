import { z } from 'zod';
import { autonomyEntryOf, autonomyInWords } from '../shared/domain/autonomy.ts';
import type { Options } from './commands.ts';
import { ask, Complaint, type Connection } from './http.ts';
import { bold, dim } from './render.ts';
import { breakSchema, entrySchema } from './shapes.ts';

const playbookSchema = z.object({
  playbook: z.string(),
  mode: z.string(),
  ceiling: z.string(),
  earned: z.string(),
  measured: z.object({
    observed: z.number(),
    approved: z.number(),
    vetoes: z.number(),
    lastVeto: z.object({ at: z.string(), reason: z.string() }).nullable(),
  }),
});
type Row = z.infer<typeof playbookSchema>;

const autonomySchema = z.object({
  given: z.boolean(),
  after: z.number(),
  playbooks: z.array(playbookSchema),
  entries: z.array(entrySchema),
  break: breakSchema,
});
const setSchema = z.object({ playbook: z.string(), from: z.string(), to: z.string() });

/** `quell playbooks`: how far each may go by itself, what was measured, and every change there was, newest first. */
export async function playbooks(to: Connection, { json = false }: Options): Promise<string> {
  const answer = await ask(to, autonomySchema, '/api/autonomy');
  if (json) return JSON.stringify(answer, null, 2);
  const changes = answer.entries.map(
    (entry) => `  ${dim(minute(entry.time))}  ${autonomyInWords(autonomyEntryOf(entry))}`,
  );
  const whole = answer.break === null ? [] : [`CHAIN BROKEN at ${answer.break.sequence}: ${answer.break.reason}`];
  const given = answer.given ? ['local trial: modes are given by the settings, and nothing has to be earned'] : [];
  return [
    ...whole,
    ...given,
    ...answer.playbooks.flatMap((row) => lines(row, answer.after)),
    ...(changes.length === 0 ? [] : ['changes:', ...changes.reverse()]),
  ].join('\n');
}

function lines({ playbook, mode, ceiling, earned, measured }: Row, after: number): readonly string[] {
  const { observed, approved, vetoes, lastVeto } = measured;
  const asked = approved + vetoes;
  const agreement = asked === 0 ? 'nobody has decided yet' : `${Math.round((100 * approved) / asked)} % agreement`;
  const veto = lastVeto ? [`    last veto ${minute(lastVeto.at)}: ${lastVeto.reason}`] : [];
  return [
    `${bold(playbook)}  ${mode}  ${dim(`(allowed ${ceiling}, earned ${earned})`)}`,
    `    since the last step and veto: ${observed} observed, ${approved} approved; ${vetoes} vetoes; ${agreement}; ${after} are asked for`,
    ...veto,
  ];
}

/** `quell playbooks promote NAME@V --to MODE --reason TEXT`; a lower mode needs no measuring. */
export async function setAutonomy(to: Connection, playbook: string | undefined, options: Options): Promise<string> {
  const { to: mode, reason } = options;
  if (playbook === undefined || mode === undefined || !reason)
    throw new Complaint('it goes: quell playbooks promote NAME@VERSION --to observe|approve|enforce --reason TEXT');
  const body = JSON.stringify({ playbook, to: mode, reason });
  const set = await ask(to, setSchema, '/api/autonomy', { method: 'PUT', contentType: 'application/json', body });
  return `${set.playbook}: ${set.from} → ${set.to}, for runs opened from now on`;
}

function minute(time: string): string {
  return time.slice(0, 16).replace('T', ' ');
}
