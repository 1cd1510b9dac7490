import type { OpenItem } from '../ports.ts';
import { instantOf } from './keys.ts';

/** With its times written in one way. */
export function whole({ firm, ...item }: OpenItem): OpenItem {
  const noted = { ...item, due: instantOf(item.due) };
  return firm === undefined ? noted : { ...noted, firm: instantOf(firm) };
}

/** May what is noted of a journal be put off, or forgotten, by somebody who knows of so many of its entries? */
export function yieldsTo(standing: OpenItem, { knows, firm }: Pick<OpenItem, 'knows' | 'firm'>): boolean {
  if (knows === undefined) return true;
  const known = standing.knows ?? 0;
  return known < knows || (known === knows && (standing.firm === undefined || firm !== undefined));
}

/** Was nothing else noted since that was found? */
export function sameItem(one: OpenItem, other: OpenItem): boolean {
  return instantOf(one.due) === instantOf(other.due) && one.knows === other.knows && one.firm === other.firm;
}

/** What was found due, looked at again at that time. */
export function dueAgain({ firm, ...found }: OpenItem, due: string): OpenItem {
  const next = { ...found, due: instantOf(due) };
  return firm !== undefined && firm >= next.due ? { ...next, firm } : next;
}
