import { z } from 'zod';
import { later } from './duration.ts';
import { canonical, type Json, jsonSchema } from './json.ts';
import type { Entry } from './ledger.ts';

const failureSchema = z.strictObject({
  disposition: z.enum(['reject', 'refuse', 'conflict', 'retry', 'uncertain', 'halt']),
  code: z.string(),
  message: z.string(),
  retryAfterMs: z.number().optional(),
});

const about = {
  /** What was asked, such as `directory.presence`. */
  of: z.string(),
  with: z.array(jsonSchema),
};
const gaveSchema = z.strictObject({ ...about, gave: jsonSchema });
const failedSchema = z.strictObject({ ...about, failed: failureSchema });
/** The same as an earlier entry of the journal holds, by its number. */
const sameSchema = z.strictObject({ ...about, same: z.int().positive() });

/** What a decision was made from: kept beside what was decided, so that it can be decided again without asking anybody. */
export const inputsSchema = z.strictObject({
  /** Every time that was read from the clock, in milliseconds after (negative: before) the entry's own. */
  clock: z.array(z.int()),
  /** Every answer that was read, in order. */
  reads: z.array(z.union([gaveSchema, failedSchema, sameSchema])),
  /** Written by the same move as the entry before. */
  continues: z.literal(true).optional(),
});
export type Inputs = z.infer<typeof inputsSchema>;

/** One thing that was read, and what came of it. */
export type Reading = z.infer<typeof gaveSchema> | z.infer<typeof failedSchema>;

/** The name under which inputs stand in the data of an entry. They are no part of what the entry says. */
export const inputsField = 'inputs';

/** What an entry says, without what it was decided from. */
export function saidIn({ data }: Pick<Entry, 'data'>): Entry['data'] {
  const { [inputsField]: _inputs, ...said } = data;
  return said;
}

/** Entries never change, and those of a journal are learnt from again and again: each is checked once. */
const checked = new WeakMap<Pick<Entry, 'data'>, Inputs | null>();

/** The inputs of an entry; null where none were recorded: a person's entry, or one written before they were. */
export function inputsIn(entry: Pick<Entry, 'data'>): Inputs | null {
  const known = checked.get(entry);
  if (known !== undefined) return known;
  const parsed = inputsSchema.safeParse(entry.data[inputsField]);
  const inputs = parsed.success ? parsed.data : null;
  checked.set(entry, inputs);
  return inputs;
}

/** Times of the clock as they were read. */
export function timesIn({ clock }: Inputs, entry: Pick<Entry, 'time'>): readonly string[] {
  return clock.map((ms) => later(entry.time, ms));
}

/** What a question is recognised by. */
export function questionOf(of: string, asked: readonly Json[]): string {
  return `${of} ${canonical(asked)}`;
}

/** What the entries of one journal hold already, so that nothing is written into it twice. */
export interface Known {
  /** The readings as entry `sequence` keeps them: what an earlier one holds is only named. */
  spare(readings: readonly Reading[], sequence: number): Inputs['reads'];
}

/** @param entries of the journal, in order */
export function knownIn(entries: readonly Entry[]): Known {
  const held = new Map<string, { readonly sequence: number; readonly text: string }>();
  const learn = (reads: Inputs['reads'], sequence: number) => {
    for (const read of reads)
      if ('gave' in read) held.set(questionOf(read.of, read.with), { sequence, text: canonical(read.gave) });
  };
  let learnt = false;
  const spared = (reading: Reading, sequence: number) => {
    if (!('gave' in reading)) return reading;
    const key = questionOf(reading.of, reading.with);
    const text = canonical(reading.gave);
    const earlier = held.get(key);
    if (earlier?.text === text) return { of: reading.of, with: reading.with, same: earlier.sequence };
    held.set(key, { sequence, text });
    return reading;
  };
  return {
    spare: (readings, sequence) => {
      // Only now: most who open a journal write nothing into it.
      if (!learnt) for (const entry of entries) learn(inputsIn(entry)?.reads ?? [], entry.sequence);
      learnt = true;
      return readings.map((reading) => spared(reading, sequence));
    },
  };
}

/**
 * The readings of one entry, whole again.
 * @param entries the journal up to this entry and with it
 */
export function readingsIn(entries: readonly Entry[], sequence: number): readonly Reading[] {
  const inputs = (at: number) => entries.find((entry) => entry.sequence === at);
  const of = (at: number): Inputs['reads'] => {
    const entry = inputs(at);
    return (entry && inputsIn(entry)?.reads) ?? [];
  };
  return of(sequence).flatMap((read) => {
    if (!('same' in read)) return [read];
    const key = questionOf(read.of, read.with);
    const source = of(read.same).findLast((one) => 'gave' in one && questionOf(one.of, one.with) === key);
    return source && 'gave' in source ? [source] : [];
  });
}
