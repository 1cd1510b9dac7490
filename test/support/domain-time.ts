import { later } from '../../shared/domain/duration.ts';

export const minute = 60_000;
export const day = 86_400_000;

/** The moment the tests of the domain stand at. */
export const t0 = '2026-03-01T08:00:00.000Z';

/** The moment `ms` later (or before, where negative). */
export const at = (ms: number): string => later(t0, ms);

/** The moment so many days before. */
export const daysAgo = (days: number): string => at(-days * day);
