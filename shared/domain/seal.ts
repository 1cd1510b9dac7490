import { z } from 'zod';
import { digestOf } from './digest.ts';
import { canonical } from './json.ts';
import { beginning } from './ledger.ts';
import { emptyTree, grown, leafHash, rootOf, type Tree } from './merkle.ts';
import { type PublicKey, publicKeySchema } from './public-key.ts';

/*
 * The seals of a ledger are one append-only list of its entries, in the order in which they were sealed. Every entry is a
 * leaf, not only the last of a journal: so a rewritten journal is found at the entry where the rewriting begins.
 */

/** One sealed entry. */
export interface Leaf {
  readonly journal: string;
  readonly sequence: number;
  readonly hash: string;
}

/** A leaf as the bytes that are hashed: names of journals have no space in them. */
export function leafText({ journal, sequence, hash }: Leaf): string {
  return `${journal} ${sequence} ${hash}`;
}

const leafPattern = /^([\w.:@|-]{1,200}) ([1-9]\d{0,9}) ([0-9a-f]{64})$/;

/** A leaf by its text; null where it is none. */
export function leafOf(text: string): Leaf | null {
  const [, journal, sequence, hash] = leafPattern.exec(text) ?? [];
  return journal && sequence && hash ? { journal, sequence: Number(sequence), hash } : null;
}

const hex = z.string().regex(/^[0-9a-f]{64}$/);

export const sealFormat = 'quell-seal/1';

/** What is signed. */
export const statementSchema = z.strictObject({
  format: z.literal(sealFormat),
  /** Whose ledger it is: the tenant. */
  origin: z.string().min(1),
  /** 1, 2, 3 … without a gap. */
  number: z.int().positive(),
  time: z.iso.datetime(),
  /** How many entries are sealed by this seal and all before it. */
  size: z.int().nonnegative(),
  /** Merkle root over all of them. */
  root: hex,
  /** Digest of the statement before; 64 zeros for the first. */
  previous: hex,
  /** What it is signed with. Whether that key is to be trusted is for the verifier to say, by its thumbprint. */
  key: publicKeySchema,
});
export type Statement = z.infer<typeof statementSchema>;

/** A seal as it is kept: the statement, its signature, and what it adds. */
export const sealSchema = z.strictObject({
  statement: statementSchema,
  /** ES256 over the canonical JSON of the statement, as 64 bytes in base64url (RFC 7518 §3.4). */
  signature: z.string().regex(/^[\w-]{86}$/),
  /** Entries that were not sealed before. */
  leaves: z.array(z.string().regex(leafPattern)),
  /** The tree after it, to go on from. */
  peaks: z.array(hex),
});
export type Seal = z.infer<typeof sealSchema>;

/** A seal that nobody has signed yet. */
export type Unsigned = Omit<Seal, 'signature'>;

/** What is signed of a statement, as text in ASCII. */
export function statementText(statement: Statement): string {
  return canonical(statement);
}

/** What the next seal's `previous` has to be. */
export function statementDigest(statement: Statement): string {
  return digestOf(statement);
}

/** The seal that follows `previous` (null for the first). Pure: the same leaves, time and key give the same statement. */
export function sealAfter(
  previous: Seal | null,
  leaves: readonly Leaf[],
  about: { readonly origin: string; readonly time: string; readonly key: PublicKey },
): Unsigned {
  const texts = leaves.map(leafText);
  const tree = grown(previous ? treeOf(previous) : emptyTree, texts.map(leafHash));
  const statement: Statement = {
    format: sealFormat,
    origin: about.origin,
    number: (previous?.statement.number ?? 0) + 1,
    time: about.time,
    size: tree.size,
    root: hexOf(rootOf(tree)),
    previous: previous ? statementDigest(previous.statement) : beginning,
    key: about.key,
  };
  return { statement, leaves: texts, peaks: tree.peaks.map(hexOf) };
}

/** The tree as it stands after a seal. */
export function treeOf({ statement, peaks }: Pick<Seal, 'statement' | 'peaks'>): Tree {
  return { size: statement.size, peaks: peaks.map((peak) => Buffer.from(peak, 'hex')) };
}

export function hexOf(hash: Uint8Array): string {
  return Buffer.from(hash).toString('hex');
}
