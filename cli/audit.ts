import { auditEntryInWords, auditEntryOf } from '../shared/domain/audit-entry.ts';
import type { Options } from './commands.ts';
import { ask, type Connection } from './http.ts';
import { dim } from './render.ts';
import { auditSchema } from './shapes.ts';

/** `quell security`: who was refused what today, or on another day, newest first. */
export async function security(to: Connection, { day, json = false }: Options): Promise<string> {
  const query = day === undefined ? '' : `?day=${encodeURIComponent(day)}`;
  const answer = await ask(to, auditSchema, `/api/audit${query}`);
  if (json) return JSON.stringify(answer, null, 2);
  const broken = answer.breaks.map(
    ({ journal, sequence, reason }) => `CHAIN BROKEN in ${journal} at ${sequence}: ${reason}`,
  );
  const lines = answer.entries
    .map((entry) => `  ${dim(entry.time.slice(11, 19))}  ${auditEntryInWords(auditEntryOf(entry))}`)
    .reverse();
  return [...broken, `${answer.day}: ${lines.length === 0 ? 'nothing was refused' : 'refused'}`, ...lines].join('\n');
}
