import { later } from '../domain/duration.ts';
import type { Index, ListedRun, OpenItem } from '../ports.ts';
import type { Engine } from './engine.ts';
import type { Journal } from './journal.ts';

/** Where it stands that a run is open while somebody works on it, and what becomes of that. */
export interface Place {
  /** The run rests: it is looked at again then. */
  stay(item: OpenItem): Promise<void>;
  /** There is nothing to do any more, by so many of its entries. @returns what became of a row of the run that somebody may have noted just now */
  leave(knows: number): Promise<'kept' | 'gone'>;
  /** Somebody comes again; what is noted as open stays. */
  fail(): Promise<void>;
}

/**
 * A run has a row of its own; or, where `listed` is given, it has just been announced by its alert, whose row stands for it
 * until it rests or ends. Then one transaction enters the run in the lists and takes the alert's row away. A row of the run
 * that a decision or an undo notes meanwhile is not touched by its end, so that nobody has to look afterwards.
 */
export function placeOf({ index }: { readonly index: Index }, run: string, listed: ListedRun | null): Place {
  let alert = listed;
  return {
    stay: async (open) => {
      if (!alert) return index.open(open);
      await index.list(alert, { open, close: alert.alert });
      alert = null;
    },
    leave: async (knows) => {
      await (alert ? index.list(alert, { close: alert.alert }) : index.close(run, knows));
      return alert ? 'kept' : 'gone';
    },
    // People shall find it meanwhile; where even that fails, whoever comes next does it.
    fail: async () => {
      if (alert) await index.list(alert).catch(() => undefined);
    },
  };
}

/**
 * Notes that somebody is about to decide something about a run. It is firm: whoever puts the run to rest at that moment, or
 * forgets it, does not know of that yet, and whoever decides may die before they can note it once more.
 */
export function noteBefore(engine: Noting, journal: Journal): Promise<void> {
  return note(engine, journal, { firm: later(engine.clock(), firmMs) });
}

/** Longer than anybody sleeps between noting and writing, in milliseconds, and clocks are apart. */
const firmMs = 60 * 60_000;

/**
 * Notes that somebody has decided something about a run which is to be taken up soon: without it, a lost message would leave
 * that lying for as long as the run rests.
 */
export function noteAfter(engine: Noting, journal: Journal): Promise<void> {
  return note(engine, journal, {});
}

function note({ index, clock, limits }: Noting, journal: Journal, how: Pick<OpenItem, 'firm'>): Promise<void> {
  const { id, opened } = journal.run();
  const due = later(clock(), limits.hintGraceMs);
  return index.open({ journal: id, kind: 'run', session: opened.identity.id, due, knows: journal.sequence(), ...how });
}

type Noting = Pick<Engine, 'index' | 'clock' | 'limits'>;
