/** One figure: ours, and beside it what it is compared to, both from this run. */
export interface Figure {
  readonly what: string;
  readonly unit: string;
  readonly ours: number;
  readonly baseline: { readonly what: string; readonly value: number } | null;
  /** What was asked for, in words, and whether it is reached; null where nothing was. */
  readonly wanted: { readonly text: string; readonly met: boolean } | null;
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

/** A figure beside nothing. */
export function alone(what: string, unit: string, ours: number): Figure {
  return { what, unit, ours, baseline: null, wanted: null };
}
