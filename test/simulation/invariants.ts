import type { Run } from '../../shared/domain/run.ts';
import type { Weather } from './fates.ts';
import { actingInvariants } from './invariants-acting.ts';
import { effectInvariants } from './invariants-effects.ts';
import { ledgerInvariants } from './invariants-ledger.ts';
import { undoInvariants } from './invariants-undo.ts';
import type { Record } from './record.ts';
import type { Scene } from './scene.ts';
import type { Simulation } from './simulation.ts';

/** Everything there is to know about a seed once it is over. */
export interface Facts {
  readonly simulation: Simulation;
  readonly scene: Scene;
  readonly weather: Weather;
  readonly record: Record;
  readonly runs: readonly Run[];
  /** Did it all come to an end, and what came of waking everything once more? */
  readonly ended: {
    readonly quiet: boolean;
    /** When nothing went wrong any more (milliseconds since 1970). */
    readonly calmFrom: number;
    readonly again: { readonly entries: number; readonly sends: number };
  };
}

/** What did not hold, each in a sentence. */
export type Invariant = (facts: Facts) => Iterable<string> | Promise<Iterable<string>>;

export interface Violation {
  readonly invariant: string;
  readonly what: string;
}

/** What must hold of every seed, by name. */
export const invariants: Readonly<{ [name: string]: Invariant }> = {
  ...ledgerInvariants,
  ...effectInvariants,
  ...actingInvariants,
  ...undoInvariants,
};

export async function violationsOf(facts: Facts): Promise<Violation[]> {
  const found: Violation[] = [];
  for (const [invariant, check] of Object.entries(invariants))
    for (const what of await check(facts)) found.push({ invariant, what });
  return found;
}
