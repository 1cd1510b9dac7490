import type { Clock, Ledger, Log } from '../ports.ts';
import type { Backlog, Journals, RebuildableIndex, Seals, Signer, Trail } from '../ports-custody.ts';

/** What keeps the ledger searchable and provable, put together in `parts/custody.ts`. */
export interface Custody {
  readonly ledger: Ledger;
  readonly journals: Journals;
  readonly index: RebuildableIndex;
  readonly backlog: Backlog;
  readonly trail: Trail;
  readonly seals: Seals;
  /** The second place; null where there is none. */
  readonly copies: Seals | null;
  /** Null where no key is set: then nothing is sealed. */
  readonly signer: Signer | null;
  /** Whose ledger it is, as it stands in every seal. */
  readonly origin: string;
  readonly clock: Clock;
  readonly log: Log;
}
