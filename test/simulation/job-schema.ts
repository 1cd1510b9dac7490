import { z } from 'zod';

const part = { part: z.int().nonnegative(), parts: z.int().positive() };

/** Work for one process; figures come back in portions, to be added up. */
export const jobSchema = z.discriminatedUnion('job', [
  /** Seeds `from`, `from + step`, … below `to`; to the first that breaks an invariant, or all. */
  z.strictObject({
    job: z.literal('seeds'),
    from: z.int(),
    to: z.int(),
    step: z.int().positive(),
    untilFound: z.boolean(),
  }),
  /** Every fault point of the lives that are this part's. */
  z.strictObject({ job: z.literal('crashes'), ...part }),
  /** Pairs of fault points, at most so many of each life. */
  z.strictObject({ job: z.literal('pairs'), ...part, most: z.int().positive() }),
]);
export type Job = z.infer<typeof jobSchema>;

/** What came of a portion of a job. */
export const portionSchema = z.strictObject({
  seeds: z.number(),
  /** Lives cut off. */
  cuts: z.number(),
  crashes: z.number(),
  steps: z.number(),
  sends: z.number(),
  /** What did not hold, and where: the seed, or the life and where it was cut off. */
  found: z.array(z.strictObject({ invariant: z.string(), what: z.string(), where: z.string() })),
  /** Fault points passed, each with how often. */
  points: z.record(z.string(), z.number()),
  /** Seconds of processor time. */
  seconds: z.number(),
});
export type Portion = z.infer<typeof portionSchema>;
