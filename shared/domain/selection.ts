import { z } from 'zod';
import { later } from './duration.ts';
import type { Summary } from './summary.ts';

const text = z.string().trim().min(1).max(200);

/** Which runs are meant. Every member narrows; none at all is all of them. */
export const selectionSchema = z.strictObject({
  /** From this time of the alert on (ISO 8601). */
  since: z.iso.datetime().optional(),
  /** Up to this time, and with it. */
  until: z.iso.datetime().optional(),
  source: text.optional(),
  rule: text.optional(),
  /** Object id or user principal name. */
  identity: text.optional(),
  playbook: text.optional(),
  /** How the run stands or ended, as `quell runs` says it. */
  outcome: text.optional(),
});
export type Selection = z.infer<typeof selectionSchema>;

/** Names of the members of a selection. */
export const selectionNames = Object.keys(selectionSchema.shape) as readonly (keyof Selection)[];

/** Is the run one of those that are meant? Times are those of the list, and are not looked at here. */
export function selects(selection: Selection, run: Summary): boolean {
  const { source, rule, identity, playbook, outcome } = selection;
  const who = [run.identity.id, run.identity.userPrincipalName].map((name) => name.toLowerCase());
  return (
    (source ?? run.source) === run.source &&
    (rule ?? run.rule) === run.rule &&
    (playbook ?? run.playbook) === run.playbook &&
    (outcome ?? run.state) === run.state &&
    (identity === undefined || who.includes(identity.toLowerCase()))
  );
}

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

/** `90d`, `12h` (before `now`) or an ISO 8601 time or day, as an ISO 8601 time; null where it is none of them. */
export function timeOf(written: string, now: string): string | null {
  const [, count, unit] = /^(\d{1,5})([mhdw])$/.exec(written) ?? [];
  if (count !== undefined && unit !== undefined) return later(now, -Number(count) * (units[unit] ?? 0));
  const ms = /^\d{4}-\d{2}-\d{2}/.test(written) ? Date.parse(written) : Number.NaN;
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

/** A selection as one line, to be given to a command again. */
export function selectionInWords(selection: Selection): string {
  return selectionNames
    .flatMap((name) => (selection[name] === undefined ? [] : [`${name}=${selection[name]}`]))
    .join(' and ');
}

/**
 * `playbook=x and outcome=failed and since=7d` as a selection.
 * @returns the selection, or what is wrong with the text
 */
export function selectionOf(where: string, now: string): Selection | string {
  const chosen: Record<string, string> = {};
  for (const part of where.split(/\s+and\s+/i).filter((one) => one.trim() !== '')) {
    const [name = '', value = ''] = part.split(/=(.*)/s).map((one) => one.trim());
    if (!selectionNames.some((one) => one === name))
      return `${part}: write name=value, with ${selectionNames.join(', ')}`;
    const unquoted = value.replace(/^(["'])(.*)\1$/, '$2');
    const time = name === 'since' || name === 'until' ? timeOf(unquoted, now) : unquoted;
    if (time === null) return `${part}: write a time as 90d, 12h or 2026-03-01`;
    chosen[name] = time;
  }
  const parsed = selectionSchema.safeParse(chosen);
  return parsed.success ? parsed.data : `${where}: ${parsed.error.issues.map(({ message }) => message).join('; ')}`;
}
