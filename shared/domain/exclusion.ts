import { z } from 'zod';

/** An identity deliberately left alone in one authorization system: what `ck_exclude_from_reports` used to say. */
export const exclusionSchema = z.strictObject({
  system: z.string().min(1),
  identity: z.string().min(1),
  reason: z.string().min(1).max(500),
  /** When it ends (ISO 8601): an exclusion without an end is forgotten, and that is how dormant accounts live on. */
  expiresAt: z.iso.datetime(),
  /** The run that made it. */
  run: z.string(),
});
export type Exclusion = z.infer<typeof exclusionSchema>;

/** Is the exclusion still in force? */
export function inForce(exclusion: Exclusion, now: string): boolean {
  return Date.parse(exclusion.expiresAt) > Date.parse(now);
}

const mark = /^until (\d{4}-\d{2}-\d{2})$/;

/** What is written beside the user in the directory, for people and other tools: `until 2027-02-25`. */
export function markOf(expiresAt: string): string {
  return `until ${expiresAt.slice(0, 10)}`;
}

/** Is the directory's mark in force? A mark that nobody can read counts: whoever wrote it wanted the user left alone. */
export function markInForce(value: string, now: string): boolean {
  const day = mark.exec(value)?.[1];
  return day === undefined || `${day}T23:59:59.999Z` >= now;
}
