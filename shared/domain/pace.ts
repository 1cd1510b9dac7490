import { z } from 'zod';
import { idOf } from './digest.ts';

/** Cards of their own that a channel gets in a minute; Teams takes 60 messages in 30 s for one thread, people far less. */
const perMinute = 6;

/** More than this in one digest and another begins. */
const mostInDigest = 100;

const minuteMs = 60_000;

/** How long a digest takes more after the last. */
const openMs = 10 * minuteMs;

/** What was posted in a channel lately. */
export const paceSchema = z.strictObject({
  /** When cards of their own were posted, in milliseconds since 1970; the last minute's. */
  posted: z.array(z.int()),
  digest: z.strictObject({ id: z.string(), count: z.int().positive(), lastAt: z.int() }).nullable(),
});
export type Pace = z.infer<typeof paceSchema>;

/** Before anything was posted. */
export const noPace: Pace = { posted: [], digest: null };

/** Where a new card goes: its own, or into the digest of that id. */
export interface Paced {
  readonly digest: string | null;
  readonly pace: Pace;
}

/**
 * A card of its own while there are few; from the seventh in a minute on a digest, which stays the one for all that
 * follow until a minute has passed without any. Pure.
 */
export function paced({ posted, digest }: Pace, channel: string, now: string): Paced {
  const time = Date.parse(now);
  const recent = posted.filter((at) => at > time - minuteMs);
  const storming = digest !== null && digest.lastAt > time - minuteMs;
  if (!storming && recent.length < perMinute) return { digest: null, pace: { posted: [...recent, time], digest } };
  const open = digest !== null && digest.lastAt > time - openMs && digest.count < mostInDigest;
  const id = open ? digest.id : idOf('digest', [channel, now]);
  return { digest: id, pace: { posted: recent, digest: { id, count: open ? digest.count + 1 : 1, lastAt: time } } };
}
