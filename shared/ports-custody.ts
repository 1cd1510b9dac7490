import type { AuditRange } from './domain/audit-range.ts';
import type { AuditRecord } from './domain/audit-record.ts';
import type { Entry } from './domain/ledger.ts';
import type { PublicKey } from './domain/public-key.ts';
import type { Leaf, Seal } from './domain/seal.ts';
import type { Index } from './ports.ts';

/*
 * The seams of what keeps the ledger: searchable, sealed, proved. The flow itself knows none of them.
 */

/** Every journal, for whoever has to look at all of them. */
export interface Journals {
  /**
   * Whole journals in the order of their names, those after `journal` (null: from the first): about `limit` entries, and at
   * least one journal where there are more. Empty at the end.
   */
  after(journal: string | null, limit: number): Promise<readonly Entry[]>;
}

/** Who works through the backlog. */
export type BacklogReader = 'trail' | 'seals';

/** Entries of a journal that were written together, or were about to be. */
export interface BacklogItem {
  readonly journal: string;
  /** Of the first of them. */
  readonly sequence: number;
  /** When it was noted. */
  readonly at: string;
}

/** Entries that are not in the trail or under a seal yet, and how far each journal is. Derived from ledger and seals. */
export interface Backlog {
  /** Notes for every reader that entries are about to be written. Noting it again is quiet. */
  add(item: BacklogItem): Promise<void>;
  /** What one reader has not done, at most `limit`. */
  open(reader: BacklogReader, limit: number): Promise<readonly BacklogItem[]>;
  /** Takes them off one reader's list; quiet where they are gone. */
  done(reader: BacklogReader, items: readonly BacklogItem[]): Promise<void>;
  /** The last sealed entry of a journal; 0 where there is none. */
  sealedUpTo(journal: string): Promise<number>;
  /** Number of the newest seal that was noted; 0 where none was. */
  sealNoted(): Promise<number>;
  /** Notes what a seal sealed, and then that it was noted. Noting it again changes nothing. */
  noteSeal(number: number, leaves: readonly Leaf[]): Promise<void>;
  /** Where a walk along all journals stands; null where it has not begun. */
  walkedTo(walk: Walk): Promise<string | null>;
  setWalkedTo(walk: Walk, journal: string | null): Promise<void>;
}

export type Walk = 'patrol' | 'rebuild';

/** Audit records by day and by identity. Derived: all of it can be rebuilt from the ledger. */
export interface Trail {
  /** Enters records. Entering one again changes nothing. */
  put(records: readonly AuditRecord[]): Promise<void>;
  /** Records of a range from the oldest on, after the position `after` (null: from the first). Costs what it returns, whatever else there is. */
  page(range: AuditRange, after: string | null, limit: number): Promise<AuditPage>;
  /** Removes up to `limit` rows. @returns how many; 0 where nothing is left */
  clear(limit: number): Promise<number>;
}

export interface AuditPage {
  readonly records: readonly AuditRecord[];
  /** Where to go on; null at the end of the range. */
  readonly next: string | null;
}

/** Seals, one after the other. Insert-only; where the storage can do it, nobody can change or remove one. */
export interface Seals {
  /** The highest number there is, by name alone: of a seal that may be gone or changed. 0 where there is none. */
  count(): Promise<number>;
  /** The newest; null where there is none. @throws Fault `halt` (`seal-unreadable`) where it is not one we write */
  latest(): Promise<Seal | null>;
  /** Null where there is none of that number. @throws Fault `halt` (`seal-unreadable`) where it is not one we write */
  read(number: number): Promise<Seal | null>;
  /** Keeps a seal; quiet where the same is kept already. @throws Fault `conflict` where another of its number is */
  put(seal: Seal): Promise<void>;
}

/** A key that can be used and not taken away. */
export interface Signer {
  readonly key: () => Promise<PublicKey>;
  /** ES256 of the text: 64 bytes in base64url. */
  sign(text: string): Promise<string>;
}

/** An index that can be emptied, to be built again. */
export interface RebuildableIndex extends Index {
  /** Removes up to `limit` rows of the lists; what is open stays. @returns how many; 0 where nothing is left */
  clear(limit: number): Promise<number>;
}
