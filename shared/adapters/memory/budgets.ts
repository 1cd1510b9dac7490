import { type Reservation, roomLeft, takePlace } from '../../domain/budget.ts';
import type { Budgets } from '../../ports.ts';
import { keyOf } from '../keys.ts';

/** Budgets that last as long as the process. */
export function memoryBudgets(): Budgets {
  const rows = new Map<string, readonly Reservation[]>();
  return {
    reserve: async (request) => {
      const row = `${keyOf(request.system)}/${request.class}`;
      const { reserved, kept } = takePlace(rows.get(row) ?? [], request);
      rows.set(row, kept);
      return reserved;
    },
    left: async (request) => roomLeft(rows.get(`${keyOf(request.system)}/${request.class}`) ?? [], request),
  };
}
