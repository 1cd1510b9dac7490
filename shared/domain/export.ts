import { z } from 'zod';
import { canonical, type Json, toJson } from './json.ts';
import type { Entry } from './ledger.ts';
import { type Seal, sealSchema } from './seal.ts';

/*
 * An export is text: one line, one canonical JSON object. First the head, then the seals of the first place and of
 * the second, then every journal with its entries in order, then the end. Canonical, so that a changed byte is a changed line.
 */

export const exportFormat = 'quell-export/1';

const headSchema = z.strictObject({
  kind: z.literal('export'),
  format: z.literal(exportFormat),
  origin: z.string(),
  /** When the export was begun: what was written later may be in it. */
  time: z.iso.datetime(),
});
const sealLineSchema = sealSchema.extend({ kind: z.literal('seal'), place: z.enum(['first', 'second']) });
const entrySchema = z.strictObject({
  kind: z.literal('entry'),
  journal: z.string(),
  sequence: z.int().positive(),
  time: z.string(),
  type: z.string(),
  actor: z.string(),
  data: z.custom<Entry['data']>((value) => typeof value === 'object' && value !== null && !Array.isArray(value)),
  previous: z.string(),
  hash: z.string(),
});
const endSchema = z.strictObject({ kind: z.literal('end') });
const lineSchema = z.discriminatedUnion('kind', [headSchema, sealLineSchema, entrySchema, endSchema]);

/** One line of an export, read. */
export type ExportLine = z.infer<typeof lineSchema>;
export type Place = 'first' | 'second';

export function headLine(about: { origin: string; time: string }): string {
  return canonical({ kind: 'export', format: exportFormat, ...about });
}

export function sealLine(seal: Seal, place: Place): string {
  return canonical(toJson({ kind: 'seal', place, ...seal }));
}

/** Stands for a seal that cannot be read where it is kept. */
export function unreadableSealLine(number: number, place: Place): string {
  return canonical({ kind: 'seal', place, statement: { number } });
}

export function entryLine({ journal, sequence, time, type, actor, data, previous, hash }: Entry): string {
  return canonical({ kind: 'entry', journal, sequence, time, type, actor, data, previous, hash });
}

export const endLine: string = canonical({ kind: 'end' });

/** What a line that cannot be read seems to be, as far as it says. */
export interface BadLine {
  readonly kind: 'bad';
  readonly seems: 'entry' | 'seal' | 'other';
  readonly journal: string | null;
  readonly sequence: number | null;
  readonly number: number | null;
  readonly hash: string | null;
  readonly place: Place;
}

/** Reads a line. One that is not exactly as an export writes it is bad, however slight the difference. */
export function readLine(text: string): ExportLine | BadLine {
  const value = parsed(text);
  const line = lineSchema.safeParse(value);
  // Not by schema alone: zod drops a member called `__proto__`, and two members of one name read as one.
  if (line.success && isCanonical(value, text))
    return line.data.kind === 'entry' ? { ...line.data, data: withData.parse(value).data } : line.data;
  return badLine(value);
}

/** The data exactly as parsed. */
const withData = z.object({ data: z.custom<Entry['data']>() });

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isCanonical(value: Json, text: string): boolean {
  try {
    return canonical(value) === text;
  } catch {
    return false;
  }
}

const looseSchema = z.object({
  kind: z.unknown().optional(),
  place: z.enum(['first', 'second']).catch('first'),
  journal: z.string().nullable().catch(null),
  sequence: z.int().positive().nullable().catch(null),
  hash: z.string().nullable().catch(null),
  leaves: z.unknown().optional(),
  statement: z.object({ number: z.int().positive().nullable().catch(null) }).catch({ number: null }),
});

function badLine(value: unknown): BadLine {
  const loose = looseSchema.safeParse(value);
  if (!loose.success)
    return { kind: 'bad', seems: 'other', journal: null, sequence: null, number: null, hash: null, place: 'first' };
  const { kind, place, journal, sequence, hash, statement, leaves } = loose.data;
  const entryLike = kind === 'entry' || journal !== null || hash !== null;
  const sealLike = kind === 'seal' || statement.number !== null || leaves !== undefined;
  const seems = sealLike ? 'seal' : entryLike ? 'entry' : 'other';
  return { kind: 'bad', seems, journal, sequence, hash, place, number: statement.number };
}
