import { endLine, entryLine, headLine, type Place, sealLine, unreadableSealLine } from '../domain/export.ts';
import { Fault, toFault } from '../domain/fault.ts';
import type { Seals } from '../ports-custody.ts';
import type { Custody } from './custody.ts';

/** Some lines of an export, and where to go on; null at its end. */
export interface ExportPage {
  readonly lines: readonly string[];
  readonly next: string | null;
}

/** Seals and entries on a page. */
const sealsAtOnce = 100;
const entriesAtOnce = 500;

/**
 * One page of an export: the head, then the seals of both places, then every journal. Seals come first, so that
 * what is sealed meanwhile has its entries in it.
 * @param after where the page before said to go on; null for the first
 * @throws Fault `reject` for a place that no page has named
 */
export async function exportPage(custody: Custody, after: string | null): Promise<ExportPage> {
  const [, part = '', position = ''] = /^(head|first|second|entries):(.*)$/.exec(after ?? 'head:') ?? [];
  switch (part) {
    case 'head':
      return headPage(custody);
    case 'first':
      return sealsPage(custody.seals, 'first', position);
    case 'second':
      return custody.copies ? sealsPage(custody.copies, 'second', position) : { lines: [], next: 'entries:' };
    case 'entries':
      return entriesPage(custody, position);
    default:
      throw new Fault('reject', 'wrong-request', 'after: no page of an export has named this place.');
  }
}

/** So many seals may be on their way to the second place while somebody exports. */
const underWay = 2;

/**
 * Says how far the seals of both places go into this export: a seal that is made meanwhile, and is in one place only for a
 * moment, is no roll-back. Copies are counted first, so that there are never fewer originals unless some were taken away.
 */
async function headPage({ origin, clock, seals, copies }: Custody): Promise<ExportPage> {
  const second = (await copies?.count()) ?? 0;
  const first = await seals.count();
  const onTheirWay = copies !== null && first > second && first - second <= underWay;
  return { lines: [headLine({ origin, time: clock() })], next: `first:1:${onTheirWay ? second : first}:${second}` };
}

async function sealsPage(seals: Seals, place: Place, position: string): Promise<ExportPage> {
  const [from = 0, last = 0, lastCopy = 0] = position.split(':').map(Number);
  if (!Number.isSafeInteger(from) || from < 1 || from > last)
    return { lines: [], next: place === 'first' ? `second:1:${lastCopy}:0` : 'entries:' };
  const to = Math.min(last, from + sealsAtOnce - 1);
  const numbers = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const lines = await Promise.all(numbers.map((number) => lineOf(seals, place, number)));
  return { lines: lines.flatMap((line) => line ?? []), next: `${place}:${to + 1}:${last}:${lastCopy}` };
}

/** A seal that cannot be read is in the export as one that cannot be read: it is what somebody exports for. */
async function lineOf(seals: Seals, place: Place, number: number): Promise<string | null> {
  try {
    const seal = await seals.read(number);
    return seal && sealLine(seal, place);
  } catch (error) {
    if (toFault(error).code !== 'seal-unreadable') throw error;
    return unreadableSealLine(number, place);
  }
}

async function entriesPage({ journals }: Custody, position: string): Promise<ExportPage> {
  const entries = await journals.after(position === '' ? null : position, entriesAtOnce);
  const last = entries.at(-1);
  if (!last) return { lines: [endLine], next: null };
  return { lines: entries.map(entryLine), next: `entries:${last.journal}` };
}
