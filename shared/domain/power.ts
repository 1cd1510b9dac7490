import type { Risk } from './plan.ts';

/**
 * What an identity of ours may do: read, change what can be put back, or delete. Each is an identity of its own with the
 * permissions of its power alone, so that a call with the wrong one is refused by whoever it is sent to.
 */
export const powers = ['reader', 'changer', 'deleter'] as const;
export type Power = (typeof powers)[number];

/** The power that a change of this risk needs. Taking a change back needs the same as making it. */
export function powerOf(risk: Risk): Exclude<Power, 'reader'> {
  return risk === 'destructive' ? 'deleter' : 'changer';
}
