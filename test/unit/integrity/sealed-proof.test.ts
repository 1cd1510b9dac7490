import { describe, expect, test } from 'vitest';
import { leafOf, type Seal } from '../../../shared/domain/seal.ts';
import {
  consistencyProof,
  inclusionProof,
  proofProblem,
  sealedProofSchema,
} from '../../../shared/domain/sealed-proof.ts';
import { historyOf, newSealKey } from '../../support/sealed-ledger.ts';

const { seals, entries, key } = historyOf({ journals: 3, entries: 23, perSeal: 4 });
const leaves = seals.flatMap((seal) => seal.leaves.flatMap((text) => leafOf(text) ?? []));
const newest = seals.at(-1) as Seal;

describe('a proof that stands alone', () => {
  test('of every entry', () => {
    for (const entry of entries) {
      const proof = inclusionProof(leaves, entry, newest);
      if (proof?.kind !== 'inclusion') throw new Error('there is a proof');
      expect(proofProblem(sealedProofSchema.parse(JSON.parse(JSON.stringify(proof))), [key.id])).toBeNull();
      expect(proof.leaf).toBe(`${entry.journal} ${entry.sequence} ${entry.hash}`);
      const forged = { ...proof, leaf: proof.leaf.replace(/.$/, (last) => (last === '0' ? '1' : '0')) };
      expect(proofProblem(forged, [key.id])).toBe('the hashes do not lead to the root');
    }
  });

  test('of every earlier seal', () => {
    for (const earlier of seals) {
      const proof = consistencyProof(leaves, earlier, newest);
      expect(proofProblem(proof, [key.id])).toBeNull();
      if (proof.kind !== 'consistency' || earlier === newest) continue;
      expect(proofProblem({ ...proof, path: proof.path.slice(1) }, [key.id])).toBe(
        'the hashes do not lead to the root',
      );
    }
  });

  test('is worth what its key is worth', () => {
    const proof = inclusionProof(leaves, { journal: 'run-000000', sequence: 1 }, newest);
    if (proof?.kind !== 'inclusion') throw new Error('there is a proof');
    expect(proofProblem(proof, [newSealKey().id])).toBe('a seal is signed with a key that is not believed');
    expect(proofProblem(proof, null)).toBeNull();
    const statement = { ...proof.seal.statement, size: 22 };
    expect(proofProblem({ ...proof, seal: { ...proof.seal, statement } }, null)).toBe('a seal is not what was signed');
  });

  test('there is none of what is not sealed', () => {
    expect(inclusionProof(leaves, { journal: 'run-000000', sequence: 99 }, newest)).toBeNull();
  });
});
