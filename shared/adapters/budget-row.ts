import { createHash } from 'node:crypto';
import { mostReservations, type Reservation } from '../domain/budget.ts';
import { Fault } from '../domain/fault.ts';

/*
 * All reservations of a class in a system are one string: 16 characters of key, 8 of time, again and again. A string
 * property holds 32 Ki characters (Understanding the Table service data model); 1,000 reservations are 24,000.
 */
const keyLength = 16;
const timeLength = 8;
const length = keyLength + timeLength;
const row = new RegExp(`^(?:[\\w-]{${keyLength}}[0-9a-z]{${timeLength}})*$`);

/** A key as a row holds it: 96 bits of its digest. */
export function shortKeyOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, keyLength);
}

/** Reservations as one string. @throws Fault `halt` where they would not fit or could not be read back */
export function reservationsText(reservations: readonly Reservation[]): string {
  const text = reservations.map(({ key, at }) => key + at.toString(36).padStart(timeLength, '0')).join('');
  if (reservations.length <= mostReservations && text.length === reservations.length * length && row.test(text))
    return text;
  throw new Fault('halt', 'budget-row', 'These reservations do not fit into a row.');
}

/** @throws Fault `halt` where this is not what `reservationsText` writes */
export function reservationsOf(text: string): readonly Reservation[] {
  if (!row.test(text)) throw new Fault('halt', 'budget-row', 'A row of table budget is not what we write there.');
  return Array.from({ length: text.length / length }, (_, index) => {
    const one = text.slice(index * length, (index + 1) * length);
    return { key: one.slice(0, keyLength), at: Number.parseInt(one.slice(keyLength), 36) };
  });
}
