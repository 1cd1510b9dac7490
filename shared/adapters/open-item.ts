import type { OpenItem } from '../ports.ts';
import { instantOf } from './keys.ts';

/** May what is noted of a journal be put off, or forgotten, by somebody who knows of so many of its entries? */
export function yieldsTo(standing: OpenItem, { knows, firm }: Pick<OpenItem, 'knows' | 'firm'>): boolean {
  if (knows === undefined) return true;
  const known = standing.knows ?? 0;
  return known < knows || (known === knows && (!standing.firm || firm === true));
}

/** Was nothing else noted since that was found? */
export function sameItem(one: OpenItem, other: OpenItem): boolean {
  return instantOf(one.due) === instantOf(other.due) && one.knows === other.knows && one.firm === other.firm;
}
