/** One figure: ours, and beside it what it is compared to, both from this run. There is none without. */
export interface Figure {
  readonly what: string;
  readonly unit: string;
  readonly ours: number;
  /** `value` is null where it could not be had in this run; `what` then says why. */
  readonly baseline: { readonly what: string; readonly value: number | null };
  /** What was asked for, in words, and whether it is reached: null where nobody can say without the other. */
  readonly wanted: { readonly text: string; readonly met: boolean | null } | null;
}

/** What a measurement gives: its figures, and everything they were made of. */
export interface Measured {
  readonly figures: readonly Figure[];
  readonly raw: object;
}

/** How much is measured: `small` shows that it works, `full` is what is published. */
export type Size = 'small' | 'full';

/** A measurement. */
export type Measure = (size: Size) => Promise<Measured>;

/** Wanted: so many times the other at most. */
export function atMost(times: number, ours: number, other: number | null): Figure['wanted'] {
  return { text: `≤ ${times}×`, met: other === null ? null : ours <= times * other };
}

/** Wanted: so many times the other at least. */
export function atLeast(times: number, ours: number, other: number | null): Figure['wanted'] {
  return { text: `≥ ${times}×`, met: other === null ? null : ours >= times * other };
}

/** Wanted: as much as with little, however much there is. */
export function flat(ours: number, before: number): Figure['wanted'] {
  return { text: 'flat: ≤ 1.5×', met: ours <= 1.5 * before };
}
