import { z } from 'zod';

const placeSchema = z.strictObject({ receivedAt: z.iso.datetime(), run: z.string().max(200) });

/** A place in the list of runs as one word, to go on from. */
export function cursorOf({ receivedAt, run }: { receivedAt: string; run: string }): string {
  return `${receivedAt}~${run}`;
}

/** The place that a cursor names; null where it names none. */
export function placeOf(cursor: string): { receivedAt: string; run: string } | null {
  const [receivedAt, run] = cursor.split('~');
  const parsed = placeSchema.safeParse({ receivedAt, run });
  return parsed.success ? parsed.data : null;
}
