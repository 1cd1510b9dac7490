import { z } from 'zod';
import { consistencyPath, inclusionPath, isConsistent, isIncluded, leafHash, leavesOf } from './merkle.ts';
import { isSigned, thumbprint } from './public-key.ts';
import { hexOf, type Leaf, leafText, type Seal, type Statement, statementSchema, statementText } from './seal.ts';

const path = z.array(z.string().regex(/^[0-9a-f]{64}$/));
const signedSchema = z.strictObject({ statement: statementSchema, signature: z.string() });

/** A proof that stands alone: it needs no ledger, only the thumbprint of the key. */
export const sealedProofSchema = z.discriminatedUnion('kind', [
  /** That an entry is the one at `index` of everything that was sealed. */
  z.strictObject({
    kind: z.literal('inclusion'),
    leaf: z.string(),
    index: z.int().nonnegative(),
    path,
    seal: signedSchema,
  }),
  /** That everything an earlier seal sealed is the beginning of what a later one sealed. */
  z.strictObject({ kind: z.literal('consistency'), earlier: signedSchema, later: signedSchema, path }),
]);
export type SealedProof = z.infer<typeof sealedProofSchema>;

type Signed = Pick<Seal, 'statement' | 'signature'>;

/** @param leaves of all seals up to `seal`, in order. @returns null where the entry is not among them */
export function inclusionProof(
  leaves: readonly Leaf[],
  entry: Pick<Leaf, 'journal' | 'sequence'>,
  seal: Signed,
): SealedProof | null {
  const index = leaves.findIndex(({ journal, sequence }) => journal === entry.journal && sequence === entry.sequence);
  const leaf = leaves[index];
  if (!leaf || index >= seal.statement.size) return null;
  const hashes = inclusionPath(provable(leaves), index, seal.statement.size).map(hexOf);
  return { kind: 'inclusion', leaf: leafText(leaf), index, path: hashes, seal: signed(seal) };
}

/** @param leaves of all seals up to `later`, in order */
export function consistencyProof(leaves: readonly Leaf[], earlier: Signed, later: Signed): SealedProof {
  const hashes = consistencyPath(provable(leaves), earlier.statement.size, later.statement.size).map(hexOf);
  return { kind: 'consistency', earlier: signed(earlier), later: signed(later), path: hashes };
}

function provable(leaves: readonly Leaf[]) {
  return leavesOf(leaves.map((leaf) => leafHash(leafText(leaf))));
}

function signed({ statement, signature }: Signed): Signed {
  return { statement, signature };
}

/** Why a proof does not hold; null where it does. @param keys thumbprints that are believed; null: any */
export function proofProblem(proof: SealedProof, keys: readonly string[] | null): string | null {
  const seals = proof.kind === 'inclusion' ? [proof.seal] : [proof.earlier, proof.later];
  for (const seal of seals) {
    if (keys !== null && !keys.includes(thumbprint(seal.statement.key)))
      return 'a seal is signed with a key that is not believed';
    if (!isSigned(seal.statement.key, statementText(seal.statement), seal.signature))
      return 'a seal is not what was signed';
  }
  const hashes = proof.path.map((hash) => Buffer.from(hash, 'hex'));
  const holds =
    proof.kind === 'inclusion'
      ? isIncluded(leafHash(proof.leaf), proof.index, headOf(proof.seal.statement), hashes)
      : isConsistent(headOf(proof.earlier.statement), headOf(proof.later.statement), hashes);
  return holds ? null : 'the hashes do not lead to the root';
}

function headOf({ size, root }: Statement) {
  return { size, root: Buffer.from(root, 'hex') };
}
