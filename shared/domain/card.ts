import { z } from 'zod';

const time = z.iso.datetime();

/**
 * What is shown of something in one channel, and where. Derived: losing it costs a card shown twice, never a decision.
 */
export const cardSchema = z.strictObject({
  /** The channel's name, such as `teams`. */
  channel: z.string().min(1),
  /** The run it is about, or the digest of several. */
  subject: z.string().min(1),
  /** The digest that shows the run; null where it has a card of its own. */
  within: z.string().nullable(),
  /** Where it is, in the channel's own words; null while it is nowhere, or nobody knows. */
  at: z.string().nullable(),
  /** Digest of what is shown; null while nothing is. */
  shown: z.string().nullable(),
  /** When it was shown last. */
  shownAt: time.nullable(),
  /** Until when somebody may be at it; the next one waits until then. */
  busyUntil: time.nullable(),
  /** When the timer looks again; null where there is nothing to wait for. */
  due: time.nullable(),
  /** How often in a row it did not work. */
  failures: z.int().nonnegative(),
});
export type Card = z.infer<typeof cardSchema>;

/** A card that is nowhere yet. */
export function newCard(channel: string, subject: string, within: string | null = null): Card {
  return { channel, subject, within, at: null, shown: null, shownAt: null, busyUntil: null, due: null, failures: 0 };
}

/** 15 s, 30 s, 1 min … at most an hour: how long after a failure it is tried again, in milliseconds. */
export function presentAgainMs(failures: number): number {
  return Math.min(15_000 * 2 ** Math.max(failures - 1, 0), 3_600_000);
}
